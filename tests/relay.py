"""Delivers the messages of a world with the program's own job, at any moment one likes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from pydantic import SecretStr
from sqlalchemy import func, insert, select

from config.settings import Settings
from models import Delivery, NoticePreference, Webhook
from models.vocabulary import NoticeKind, NoticeTiming
from tests.world import World
from webapp.jobs.notices import relay_notices
from workflows.moment import Moment
from workflows.notices.topics import TOPICS

OIN = "00000001234567890000"
WEBHOOK_KEY = "the webhook key of the tests"


class Shifted:
    """A clock that a test moves."""

    def __init__(self, moment: Moment) -> None:
        self.now = moment

    def moment(self) -> Moment:
        """Return the moment that it is."""
        return self.now


@dataclass
class Relay:
    """The job that delivers, over a world."""

    world: World
    settings: Settings

    def __post_init__(self) -> None:
        """Stand at the world's moment."""
        self.clock = Shifted(self.world.moment)

    def configure(self, **changes: Any) -> None:
        """Change settings."""
        self.settings = self.settings.model_copy(update=changes)

    def later(self, **time: float) -> None:
        """Let time pass."""
        moment = self.clock.now
        self.clock.now = replace(moment, offset=moment.offset + timedelta(**time))

    def run(self) -> None:
        """Run the job once."""
        with self.surroundings():
            relay_notices()

    @contextmanager
    def surroundings(self) -> Iterator[Flask]:
        """Yield what a job stands in."""
        app = Flask("webapp.jobs")
        app.extensions.update(settings=self.settings, database=self.world.engine, clock=self.clock)
        with app.app_context():
            yield app

    def deliveries(self) -> list[tuple[str, str, int]]:
        """Return channel, status and attempts of each delivery in order."""
        with self.world.engine.connect() as connection:
            rows = connection.execute(
                select(Delivery.channel, Delivery.status, Delivery.attempts).order_by(Delivery.id)
            )
            return [(row[0], row[1], row[2]) for row in rows]


def relay_settings(folder: Path, **changes: Any) -> Settings:
    """Return settings in which webhooks may call this machine, and no mail leaves."""
    given: dict[str, Any] = {
        "data": folder,
        "redis_url": None,
        "database_url": SecretStr("postgresql://unused"),
        "public_url": "https://thuisroute.example",
        "oin": OIN,
        "webhook_key": SecretStr(WEBHOOK_KEY),
        "webhook_networks": "127.0.0.0/8,::1/128",
        "webhook_http": True,
    }
    return Settings(**(given | changes))


def wants_mail(
    world: World, user: str, timing: NoticeTiming = NoticeTiming.AT_ONCE, *kinds: NoticeKind
) -> None:
    """Let a user want mail, of all kinds when none is named."""
    with world.engine.begin() as connection:
        connection.execute(
            insert(NoticePreference),
            [
                {"user_id": world.actors[user].user_id, "kind": kind, "timing": timing}
                for kind in kinds or tuple(NoticeKind)
            ],
        )


def organisation(world: World, municipality: str) -> int:
    """Return the key of a municipality's organisation."""
    return world.municipalities[municipality]


def listens(world: World, organisation_id: int, url: str, topics: list[str] | None = None) -> str:
    """Let an organisation listen by webhook, and return the webhook's reference."""
    reference = world.moment.new_reference()
    with world.engine.begin() as connection:
        connection.execute(
            insert(Webhook).values(
                reference=reference,
                organisation_id=organisation_id,
                url=url,
                topics=list(TOPICS) if topics is None else topics,
                made_at=func.now(),
            )
        )
    return reference
