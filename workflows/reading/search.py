"""Search by V-number, BSN or name, over the cases that the actor may see."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from models import Case, Membership, Municipality, Organisation, Person
from workflows import policy
from workflows.actor import Actor
from workflows.permissions import Permission
from workflows.rules.identifiers import IdentifierError, parse_bsn, parse_v_number

MOST = 25
LIKENESS = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A person with the newest case in the actor's sight."""

    case_id: int
    person: str
    name: str
    birth_date: date
    reference: str
    state: str
    household_type: str
    place: str | None


@dataclass(frozen=True, slots=True)
class CaseName:
    """A case by its key and reference."""

    id: int
    reference: str


def _matching(typed: str) -> ColumnElement[bool]:
    """Return what a search text asks: an identifier when it can be one, a name otherwise."""
    try:
        return Person.v_number == parse_v_number(typed)
    except IdentifierError:
        pass
    try:
        return Person.bsn == parse_bsn(typed)
    except IdentifierError:
        return Person.sort_name.op("%>")(typed.lower())


def _cases(actor: Actor, today: date) -> Select[int, int]:
    return (
        select(Person.id, Case.id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Case, Case.id == Membership.case_id)
        .where(policy.visible(actor, Permission.VIEW_CASE, today))
        .ext(distinct_on(Person.id))
        .order_by(Person.id, Membership.left_on.is_not(None), Case.id.desc())
    )


def search(connection: Connection, actor: Actor, typed: str, today: date) -> list[str]:
    """Return the references of at most 25 persons that match, the best first."""
    connection.execute(
        text("SELECT set_config('pg_trgm.word_similarity_threshold', :likeness, true)"),
        {"likeness": str(LIKENESS)},
    )
    within = _cases(actor, today).where(_matching(typed)).subquery()
    likeness = func.word_similarity(typed.lower(), Person.sort_name)
    found = connection.scalars(
        select(Person.reference)
        .join(within, within.c[0] == Person.id)
        .order_by(likeness.desc(), Person.sort_name, Person.id)
        .limit(MOST)
    )
    return list(found)


def results(connection: Connection, actor: Actor, persons: list[str], today: date) -> list[Found]:
    """Return the persons with these references whom the actor may still see, in that order."""
    within = _cases(actor, today).where(Person.reference.in_(persons)).subquery()
    rows = connection.execute(
        select(
            Case.id.label("case_id"),
            Person.reference.label("person"),
            (Person.given_names + " " + Person.family_name).label("name"),
            Person.birth_date,
            Case.reference,
            Case.state,
            Case.household_type,
            func.coalesce(Municipality.name, Organisation.name).label("place"),
        )
        .join(within, within.c[0] == Person.id)
        .join(Case, Case.id == within.c[1])
        .outerjoin(Municipality, Municipality.code == Case.municipality_code)
        .outerjoin(Organisation, Organisation.id == Case.centre_id)
    ).mappings()
    order = {reference: place for place, reference in enumerate(persons)}
    return sorted((Found(**row) for row in rows), key=lambda each: order[each.person])


def case_by_v_number(
    connection: Connection, actor: Actor, typed: str, permission: Permission, today: date
) -> CaseName | None:
    """Return the live or newest case of exactly this V-number within reach of a permission."""
    try:
        number = parse_v_number(typed)
    except IdentifierError:
        return None
    row = connection.execute(
        select(Case.id, Case.reference)
        .join(Membership, Membership.case_id == Case.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.v_number == number, policy.visible(actor, permission, today))
        .order_by(Membership.left_on.is_not(None), Case.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else CaseName(*row)


def case_named(connection: Connection, reference: str) -> CaseName | None:
    """Return the key of a case, whoever may see it."""
    row = connection.execute(
        select(Case.id, Case.reference).where(Case.reference == reference)
    ).one_or_none()
    return None if row is None else CaseName(*row)
