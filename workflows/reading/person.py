"""One permit holder by name, through a case that the actor may see."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from models import Case, Membership, Person
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.permissions import Permission
from workflows.reading.case import CaseView, MemberView, find_case, members_of


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as member of the newest case in the actor's sight."""

    person: MemberView
    case: CaseView
    members: list[MemberView]


def find_person(connection: Connection, actor: Actor, reference: str, today: date) -> PersonView:
    """Return a person; raises `NotFound` when no case of the person is in sight."""
    found = connection.scalar(
        select(Case.reference)
        .join(Membership, Membership.case_id == Case.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.reference == reference, policy.visible(actor, Permission.VIEW_CASE, today))
        .order_by(Membership.left_on.is_not(None), Membership.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound
    case = find_case(connection, actor, found, today)
    members = members_of(connection, case)
    person = next(member for member in members if member.reference == reference)
    return PersonView(person, case, members)
