"""A program of its own for a benchmark: servers, tables, organisations and users, made anew."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from sqlalchemy import Connection, Engine, select, update

from config.settings import Settings, project_root
from models import LabourMarketRegion, Municipality, Organisation, QuotaBalance, make_engine
from models.vocabulary import OrganisationKind, Role
from webapp.commands.migrate import migrate
from webapp.embedded import EngineUrls, engines
from webapp.installation import foundation
from workflows.actor import Actor
from workflows.installation import install
from workflows.moment import Moment
from workflows.users import NewUser, add_users, load_actors

TODAY = date(2017, 1, 10)
MUNICIPALITIES = 20
CENTRES = 4
ROOM = 1_000_000
# No password has this hash: nobody signs in here.
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Centre:
    """A reception centre with its case manager and the placement officer of its region."""

    reference: str
    case_manager: Actor
    placement_officer: Actor


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality with room for anybody, and its officer."""

    code: str
    region: int
    officer: Actor


@dataclass(frozen=True, slots=True)
class World:
    """An installed program in which steps can be taken."""

    settings: Settings
    urls: EngineUrls
    engine: Engine
    moment: Moment
    centres: list[Centre]
    towns: list[Town]

    def superuser_url(self) -> str:
        """Return where the superuser of the embedded server connects, to copy the database."""
        word = (self.settings.data / "secrets" / "postgres-superuser").read_text().strip()
        _, _, sockets = self.urls.database_url.partition("?host=")
        return f"postgresql://postgres:{quote(word, safe='')}@/postgres?host={sockets}"


@contextmanager
def servers(name: str) -> Iterator[tuple[Settings, EngineUrls]]:
    """Yield servers with empty tables in the data folder `data/bench/<name>`, made anew."""
    data = project_root() / "data" / "bench" / name
    shutil.rmtree(data, ignore_errors=True)
    settings = Settings(data=data, database_url=None, database_owner_url=None, redis_url=None)
    with engines(settings) as urls:
        migrate(urls, settings)
        yield settings, urls


@contextmanager
def installed(name: str) -> Iterator[World]:
    """Yield a world on servers of its own."""
    with servers(name) as (settings, urls):
        engine = make_engine(urls.database_url)
        try:
            yield _fill(settings, urls, engine)
        finally:
            engine.dispose()


def _fill(settings: Settings, urls: EngineUrls, engine: Engine) -> World:
    moment = Moment(TODAY, seal=settings.sealing_key())
    with engine.begin() as connection:
        # An exempt municipality would refuse what the journeys ask of it.
        install(connection, replace(foundation(TODAY), exemptions=[]), moment)
        connection.execute(update(QuotaBalance).values(obliged=ROOM))
        centres, towns = _people(connection, moment)
    return World(settings, urls, engine, moment, centres, towns)


def _people(connection: Connection, moment: Moment) -> tuple[list[Centre], list[Town]]:
    centres = connection.execute(
        select(Organisation.id, Organisation.reference, Organisation.parent_id)
        .where(Organisation.kind == OrganisationKind.RECEPTION_CENTRE)
        .order_by(Organisation.id)
        .limit(CENTRES)
    ).all()
    towns = connection.execute(
        select(Municipality.code, Municipality.organisation_id, LabourMarketRegion.number)
        .join(LabourMarketRegion, LabourMarketRegion.number == Municipality.region_number)
        .order_by(Municipality.code)
        .limit(MUNICIPALITIES)
    ).all()
    places: list[tuple[Role, int]] = []
    for centre in centres:
        places += [(Role.CASE_MANAGER, centre[0]), (Role.PLACEMENT_OFFICER, centre[2] or 0)]
    places += [(Role.MUNICIPAL_OFFICER, town[1]) for town in towns]
    emails = {place: f"{place[0]}-{place[1]}@bench.example" for place in places}
    keys = add_users(
        connection,
        [
            NewUser(email=email, name=email, password_hash=NOBODY, grants=(place,))
            for place, email in emails.items()
        ],
        moment,
        valid_from=date(2016, 1, 1),
    )
    found = load_actors(connection, list(keys.values()), moment.today)
    actors = {place: found[keys[email]] for place, email in emails.items()}
    return [
        Centre(
            row[1], actors[Role.CASE_MANAGER, row[0]], actors[Role.PLACEMENT_OFFICER, row[2] or 0]
        )
        for row in centres
    ], [Town(row[0], row[2], actors[Role.MUNICIPAL_OFFICER, row[1]]) for row in towns]
