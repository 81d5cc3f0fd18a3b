"""The rows of the work queue: a case with all that tells what it waits for, and of whom."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from models import Case, Membership, Municipality, Organisation, Person, Screening, User
from models.vocabulary import CaseState
from workflows import policy
from workflows.actor import Actor
from workflows.acts import next_on_road
from workflows.membership import leads
from workflows.rules.household import ADULT_AGE, born_by
from workflows.step import Step

TERMED = or_(Case.due_term.is_not(None), Case.act_term.is_not(None))


@dataclass(slots=True, kw_only=True)
class QueueRow:
    """A case in the queue.

    `due_on` is the day of the act it waits for, or else of its own term; without a term running
    (`termed`) it only gives the case its place.
    """

    id: int
    reference: str
    name: str | None
    household_type: str
    persons: int
    state: str
    version: int
    permit_on: date
    due_on: date
    termed: bool
    suspended: bool
    place: str | None
    centre_id: int | None
    region_id: int
    guardian_id: int | None
    municipality_code: str | None
    outcome_access_until: date | None
    assignee: str | None
    behalf: str | None
    contested: bool
    titled: bool
    reserved: int
    counting: bool
    unscreened: bool

    @property
    def next_act(self) -> Step | None:
        """The step that the case waits for."""
        return next_on_road(
            self.state,
            contested=self.contested,
            unscreened=self.unscreened,
            titled=self.titled,
            reserved=self.reserved,
            counting=self.counting,
        )


def may_take(actor: Actor, row: QueueRow, step: Step, today: date) -> bool:
    """Tell whether the actor may take the step that a row waits for."""
    return policy.allows(actor, step.permission, row, today)


def _absent_name(actor: Actor) -> Any:
    """Return whose work a case is when the actor stands in for that colleague."""
    absent = aliased(User)
    return (
        select(absent.name)
        .where(
            absent.id.in_(actor.stands_in_for[1:]),
            or_(absent.id == Case.assignee_id, absent.id == Case.municipal_contact_id),
        )
        .limit(1)
        .scalar_subquery()
    )


def queue_rows(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    """Return the statement that reads the columns of `QueueRow`; the caller says of which cases."""
    centre, head = aliased(Organisation), aliased(Membership)
    member, grown = aliased(Membership), aliased(Person)
    assignee = aliased(User)
    unscreened = exists(
        select(member.id)
        .join(grown, grown.id == member.person_id)
        .where(
            Case.state == CaseState.REGISTERED,
            member.case_id == Case.id,
            member.left_on.is_(None),
            grown.birth_date <= born_by(today, ADULT_AGE),
            ~exists(select(Screening.id).where(Screening.person_id == grown.id)),
        )
    )
    return (
        select(
            Case.id,
            Case.reference,
            (Person.given_names + " " + Person.family_name).label("name"),
            Case.household_type,
            Case.persons,
            Case.state,
            Case.version,
            Case.permit_on,
            Case.next_due_on.label("due_on"),
            TERMED.label("termed"),
            Case.suspended_on.is_not(None).label("suspended"),
            func.coalesce(Municipality.name, centre.name).label("place"),
            Case.centre_id,
            Case.region_id,
            Case.guardian_id,
            Case.municipality_code,
            Case.outcome_access_until,
            assignee.name.label("assignee"),
            _absent_name(actor).label("behalf"),
            Case.contested_on.is_not(None).label("contested"),
            Case.title_on.is_not(None).label("titled"),
            Case.reserved,
            Case.counts_since.is_not(None).label("counting"),
            unscreened.label("unscreened"),
        )
        .select_from(Case)
        .outerjoin(head, leads(head))
        .outerjoin(Person, Person.id == head.person_id)
        .outerjoin(Municipality, Municipality.code == Case.municipality_code)
        .outerjoin(centre, centre.id == func.coalesce(Case.centre_id, Case.region_id))
        .outerjoin(assignee, assignee.id == Case.assignee_id)
    )
