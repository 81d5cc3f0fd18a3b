"""A small installed world: organisations, users of every role, and quota with room."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from models import Municipality, Organisation, User
from models.vocabulary import OrganisationKind, QuotaKind, Role
from tests.database import Database, Server
from webapp.installation import foundation
from workflows.actor import Actor
from workflows.engine import take
from workflows.installation import install
from workflows.moment import Moment
from workflows.quota.ledger import Line, post_lines
from workflows.quota.period import HalfYear
from workflows.request import Request, Result
from workflows.steps import BY_CODE
from workflows.users import NewUser, add_users, load_actors

TODAY = date(2017, 2, 1)
HALF_YEAR = HalfYear.of_date(TODAY)
SEAL = b"the seal of the tests, 32 bytes."

# Two centres of one COA region, and one of another.
CENTRE, SECOND_CENTRE, FAR_CENTRE = "azc Utrecht", "azc Amsterdam", "azc Assen"
REGION, FAR_REGION = "West", "Noord"
UTRECHT, BUNNIK, AMSTERDAM, GRONINGEN = "GM0344", "GM0312", "GM0363", "GM0014"
TINY = "GM0307"
EXEMPT = "GM0048"
ROOM = {UTRECHT: 10_000, BUNNIK: 40, AMSTERDAM: 10_000, GRONINGEN: 100, TINY: 3, EXEMPT: 0}

Place = tuple[OrganisationKind, str]
_AT_CENTRE: Place = (OrganisationKind.RECEPTION_CENTRE, CENTRE)
_AT_REGION: Place = (OrganisationKind.COA_REGION, REGION)
# Name of the user, role, and where: by kind and name, or a municipality's code.
PEOPLE: dict[str, tuple[Role, Place | str]] = {
    "case_manager": (Role.CASE_MANAGER, _AT_CENTRE),
    "colleague": (Role.CASE_MANAGER, _AT_CENTRE),
    "second_case_manager": (
        Role.CASE_MANAGER,
        (OrganisationKind.RECEPTION_CENTRE, SECOND_CENTRE),
    ),
    "far_case_manager": (Role.CASE_MANAGER, (OrganisationKind.RECEPTION_CENTRE, FAR_CENTRE)),
    "placement_officer": (Role.PLACEMENT_OFFICER, _AT_REGION),
    "second_placement_officer": (Role.PLACEMENT_OFFICER, _AT_REGION),
    "far_placement_officer": (Role.PLACEMENT_OFFICER, (OrganisationKind.COA_REGION, FAR_REGION)),
    "utrecht": (Role.MUNICIPAL_OFFICER, UTRECHT),
    "utrecht_colleague": (Role.MUNICIPAL_OFFICER, UTRECHT),
    "bunnik": (Role.MUNICIPAL_OFFICER, BUNNIK),
    "amsterdam": (Role.MUNICIPAL_OFFICER, AMSTERDAM),
    "groningen": (Role.MUNICIPAL_OFFICER, GRONINGEN),
    "tiny": (Role.MUNICIPAL_OFFICER, TINY),
    "exempt": (Role.MUNICIPAL_OFFICER, EXEMPT),
    "centre_coordinator": (Role.COORDINATOR, _AT_CENTRE),
    "region_coordinator": (Role.COORDINATOR, _AT_REGION),
    "utrecht_coordinator": (Role.COORDINATOR, UTRECHT),
    "manager": (Role.MANAGER, (OrganisationKind.COA, "COA")),
    "supervisor": (Role.SUPERVISOR, (OrganisationKind.PROVINCE, "Utrecht")),
    "quota_officer": (
        Role.QUOTA_OFFICER,
        (OrganisationKind.MINISTRY, "Ministerie van Justitie en Veiligheid"),
    ),
    "auditor": (Role.AUDITOR, (OrganisationKind.COA, "COA")),
    "administrator": (Role.ADMINISTRATOR, (OrganisationKind.COA, "COA")),
    "functional_manager": (Role.FUNCTIONAL_MANAGER, (OrganisationKind.COA, "COA")),
    "guardian": (Role.GUARDIAN, (OrganisationKind.GUARDIAN, "Nidos")),
}
OFFICER_OF = {
    UTRECHT: "utrecht",
    BUNNIK: "bunnik",
    AMSTERDAM: "amsterdam",
    GRONINGEN: "groningen",
    TINY: "tiny",
    EXEMPT: "exempt",
}


@dataclass(frozen=True, slots=True)
class Located:
    """An organisation: its key, which pages never show, and its reference."""

    id: int
    reference: str


@dataclass(frozen=True, slots=True)
class World:
    """An installed program in which steps can be taken; each `take` commits."""

    database: Database
    engine: Engine
    moment: Moment
    actors: Mapping[str, Actor]
    references: Mapping[str, str]
    places: Mapping[Place, Located]
    municipalities: Mapping[str, int]

    def on(self, day: date) -> "World":
        """Return the same world on another business day."""
        return replace(self, moment=replace(self.moment, today=day))

    def later(self, days: int) -> "World":
        """Return the same world some days later."""
        return self.on(self.moment.today + timedelta(days=days))

    @property
    def today(self) -> date:
        """The business day."""
        return self.moment.today

    def centre(self, name: str = CENTRE) -> str:
        """Return the reference of a reception centre."""
        return self.places[OrganisationKind.RECEPTION_CENTRE, name].reference

    def request(  # noqa: PLR0917 - a request has these parts
        self,
        step: str,
        actor: str | Actor,
        payload: Mapping[str, Any],
        case: str | None = None,
        version: int | None = None,
        key: str | None = None,
    ) -> Request:
        """Return a request for a step by a user of `PEOPLE` or any actor."""
        who = self.actors[actor] if isinstance(actor, str) else actor
        return Request(BY_CODE[step], who, payload, case, version, key)

    def take(  # noqa: PLR0917 - a request has these parts
        self,
        step: str,
        actor: str | Actor,
        payload: Mapping[str, Any],
        case: str | None = None,
        version: int | None = None,
        key: str | None = None,
    ) -> Result:
        """Take a step in a transaction of its own; raises what the engine raises."""
        with self.engine.begin() as connection:
            return take(
                connection, self.request(step, actor, payload, case, version, key), self.moment
            )


def fill(connection: Connection, moment: Moment) -> None:
    """Install the world in an empty database; the caller commits."""
    install(connection, foundation(date(2016, 12, 31)), moment)
    places, municipalities = _places(connection)
    users = [
        NewUser(
            email=f"{name}@example.org",
            name=name.replace("_", " ").title(),
            password_hash="none: tests of the workflows never sign in",
            grants=((role, municipalities[at] if isinstance(at, str) else places[at].id),),
        )
        for name, (role, at) in PEOPLE.items()
    ]
    keys = add_users(connection, users, moment, valid_from=date(2016, 1, 1))
    officer = keys["quota_officer@example.org"]
    actor = load_actors(connection, [officer], moment.today)[officer]
    lines = [
        Line(
            municipality_code=code,
            half_year=HALF_YEAR,
            kind=QuotaKind.OPENING,
            persons=persons,
            reason="room for tests",
        )
        for code, persons in ROOM.items()
    ]
    post_lines(connection, actor, lines, moment)


def _places(connection: Connection) -> tuple[dict[Place, Located], dict[str, int]]:
    rows = connection.execute(
        select(Organisation.kind, Organisation.name, Organisation.id, Organisation.reference)
    )
    places = {(OrganisationKind(row[0]), row[1]): Located(row[2], row[3]) for row in rows}
    found = connection.execute(select(Municipality.code, Municipality.organisation_id))
    return places, {row[0]: row[1] for row in found}


@contextmanager
def opened(database: Database, pool_size: int = 5) -> Iterator[World]:
    """Yield the world that a database holds."""
    moment = Moment(TODAY, seal=SEAL)
    with database.engine(pool_size=pool_size) as engine:
        with engine.begin() as connection:
            rows = list(connection.execute(select(User.email, User.id, User.reference)))
            keys = {row[0].partition("@")[0]: row[1] for row in rows}
            actors = load_actors(connection, list(keys.values()), TODAY)
            places, municipalities = _places(connection)
        yield World(
            database,
            engine,
            moment,
            {name: actors[key] for name, key in keys.items()},
            {row[0].partition("@")[0]: row[2] for row in rows},
            places,
            municipalities,
        )


@pytest.fixture(scope="session")
def installed(server: Server, migrated: Database) -> Database:
    """Return a database with the world installed: a template, so never connect to it."""
    made = server.make(migrated.name)
    with made.engine() as engine, engine.begin() as connection:
        fill(connection, Moment(TODAY, seal=SEAL))
    return made


@pytest.fixture
def world(server: Server, installed: Database) -> Iterator[World]:
    """Yield a world of this test alone."""
    with server.temporary(installed.name) as database, opened(database) as found:
        yield found


@pytest.fixture(scope="module")
def shared_world(server: Server, installed: Database) -> Iterator[World]:
    """Yield a world of this module: for tests that only mind the cases they make."""
    with server.temporary(installed.name) as database, opened(database) as found:
        yield found
