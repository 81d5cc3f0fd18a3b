"""The staff of the demo: users of every role, a few of whom can sign in."""

import secrets
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from config import reference
from models.vocabulary import OrganisationKind, Role
from webapp.demo.figures import POPULATION_OF
from webapp.demo.names import STAFF, pool
from webapp.passwords import generate_password, hash_password
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.reading.installed import Installed, user_references
from workflows.users import NewUser, add_users, load_actors

CASE_MANAGERS, PLACEMENT_OFFICERS = 4, 3
LARGE = 50_000
DOMAIN = "thuisroute.example"
# Who can sign in: a role, the organisation, and how many of them.
SIGN_INS: tuple[tuple[Role, str, int], ...] = (
    (Role.CASE_MANAGER, "azc Utrecht", 1),
    (Role.CASE_MANAGER, "azc Ter Apel", 1),
    (Role.PLACEMENT_OFFICER, "West", 2),
    (Role.PLACEMENT_OFFICER, "Noord", 1),
    (Role.MUNICIPAL_OFFICER, "Utrecht", 1),
    (Role.MUNICIPAL_OFFICER, "Amsterdam", 1),
    (Role.MUNICIPAL_OFFICER, "Bunnik", 1),
    (Role.COORDINATOR, "azc Utrecht", 1),
    (Role.COORDINATOR, "West", 1),
    (Role.MANAGER, "COA", 1),
    (Role.SUPERVISOR, "Utrecht", 1),
    (Role.QUOTA_OFFICER, "Ministerie van Justitie en Veiligheid", 1),
    (Role.AUDITOR, "COA", 1),
    (Role.ADMINISTRATOR, "COA", 1),
    (Role.FUNCTIONAL_MANAGER, "COA", 1),
    (Role.GUARDIAN, "Nidos", 1),
)
WORDS = {
    Role.CASE_MANAGER: "casemanager",
    Role.PLACEMENT_OFFICER: "regievoerder",
    Role.MUNICIPAL_OFFICER: "gemeente",
    Role.COORDINATOR: "coordinator",
    Role.MANAGER: "manager",
    Role.SUPERVISOR: "toezichthouder",
    Role.QUOTA_OFFICER: "taakstelling",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "beheerder",
    Role.FUNCTIONAL_MANAGER: "functioneelbeheer",
    Role.GUARDIAN: "voogd",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """With what somebody signs in to the demo."""

    role: Role
    organisation: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Staff:
    """The users by role and organisation, and those who can sign in."""

    actors: dict[tuple[Role, int], list[Actor]]
    sign_ins: list[SignIn]
    references: dict[int, str]

    def of(self, role: Role, organisation: int, number: int) -> Actor:
        """Return one of the users of a role in an organisation, spread by a number."""
        those = self.actors[role, organisation]
        return those[number % len(those)]


def hire(
    connection: Connection,
    organisations: list[Installed],
    moment: Moment,
    *,
    valid_from: date,
    today: date,
) -> Staff:
    """Make the users; the caller commits."""
    nobody = hash_password(secrets.token_urlsafe())
    posts = _posts(organisations)
    users: list[NewUser] = []
    sign_ins: list[SignIn] = []
    emails: list[str] = []
    wanted = {(role, name): count for role, name, count in SIGN_INS}
    for number, (role, organisation) in enumerate(posts):
        email = _email(role, organisation.name, emails)
        emails.append(email)
        hashed = nobody
        if wanted.get((role, organisation.name), 0) > 0:
            wanted[role, organisation.name] -= 1
            sign_ins.append(SignIn(role, organisation.name, email, generate_password()))
            hashed = hash_password(sign_ins[-1].password)
        users.append(
            NewUser(
                email=email,
                name=_name(number),
                password_hash=hashed,
                grants=((role, organisation.id),),
            )
        )
    keys = add_users(connection, users, moment, valid_from=valid_from)
    actors = load_actors(connection, list(keys.values()), today)
    by_post: dict[tuple[Role, int], list[Actor]] = defaultdict(list)
    for email, (role, organisation) in zip(emails, posts, strict=True):
        by_post[role, organisation.id].append(actors[keys[email]])
    sign_ins.sort(key=lambda each: tuple(WORDS).index(each.role))
    return Staff(dict(by_post), sign_ins, user_references(connection, keys.values()))


def _posts(organisations: list[Installed]) -> list[tuple[Role, Installed]]:
    populations = {
        place.code: place.population_on(POPULATION_OF) or 0 for place in reference.municipalities()
    }
    posts = []
    for each in organisations:
        posts += [(role, each) for role in ROLES[OrganisationKind(each.kind)]]
        if populations.get(each.code or "", 0) >= LARGE:
            posts += [(role, each) for role in IN_LARGE_MUNICIPALITIES]
    return posts


ROLES: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.RECEPTION_CENTRE: (*[Role.CASE_MANAGER] * CASE_MANAGERS, Role.COORDINATOR),
    OrganisationKind.COA_REGION: (*[Role.PLACEMENT_OFFICER] * PLACEMENT_OFFICERS, Role.COORDINATOR),
    OrganisationKind.MUNICIPALITY: (Role.MUNICIPAL_OFFICER,),
    OrganisationKind.PROVINCE: (Role.SUPERVISOR,),
    OrganisationKind.MINISTRY: (Role.QUOTA_OFFICER, Role.MANAGER),
    OrganisationKind.GUARDIAN: (Role.GUARDIAN,),
    OrganisationKind.COA: (
        Role.MANAGER,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
        Role.FUNCTIONAL_MANAGER,
    ),
}
IN_LARGE_MUNICIPALITIES = (Role.MUNICIPAL_OFFICER, Role.COORDINATOR)


def _email(role: Role, organisation: str, taken: list[str]) -> str:
    ascii_name = unicodedata.normalize("NFKD", organisation).encode("ascii", "ignore").decode()
    place = "".join(letter for letter in ascii_name.lower() if letter.isalnum())
    if role is Role.QUOTA_OFFICER:
        place = "ministerie"
    for number in range(1, 10):
        email = f"{WORDS[role]}{number if number > 1 else ''}.{place}@{DOMAIN}"
        if email not in taken:
            return email
    raise ValueError(f"too many users of one role in {organisation}")


def _name(number: int) -> str:
    names = pool(STAFF)
    given = names.female if number % 2 else names.male
    return f"{given[number % len(given)]} {names.family[(number * 7) % len(names.family)]}"
