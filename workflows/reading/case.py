"""One case with its household, as an actor may see it."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, select
from sqlalchemy.orm import aliased

from models import (
    Case,
    CaseEvent,
    Handover,
    Membership,
    Municipality,
    Organisation,
    Person,
    QuotaEntry,
    Realisation,
    Screening,
    User,
)
from models.vocabulary import PENDING_HANDOVER, MemberRole, MembershipEnd
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.new_member import NewMember
from workflows.payload import Audience
from workflows.permissions import Permission
from workflows.reading.sharing import audience_of, sees
from workflows.records import CaseRecord
from workflows.steps.complete_screening import CompleteScreening


@dataclass(slots=True, kw_only=True)
class CaseView(CaseRecord):
    """A case with the names of those around it, and as whom the actor sees it."""

    audience: Audience = Audience.AGENCY
    centre_name: str | None = None
    region_name: str | None = None
    responsible_name: str | None = None
    municipality_name: str | None = None
    municipality_organisation_id: int | None = None
    assignee_name: str | None = None
    assignee_reference: str | None = None
    contact_name: str | None = None
    contact_reference: str | None = None
    sponsor_reference: str | None = None
    handover_due_on: date | None = None

    @property
    def place(self) -> str | None:
        """The municipality, or before the link the centre or region."""
        return self.municipality_name or self.centre_name or self.region_name


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A member of a household; what the actor may not see is None."""

    person_id: int
    reference: str
    given_names: str
    family_name: str
    v_number: str | None
    bsn: str | None
    birth_date: date
    sex: str
    nationality: str | None
    languages: list[str]
    permit_on: date
    role: str
    joined_on: date
    left_on: date | None
    end_reason: str | None
    housed_on: date | None
    screened: bool
    realised_on: date | None

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.given_names} {self.family_name}"

    @property
    def present(self) -> bool:
        """Whether the person belongs to the household now, or did when the case closed."""
        return self.left_on is None or self.end_reason == MembershipEnd.CASE_CLOSED


_COLUMNS = [field.name for field in fields(CaseRecord)]
_CENTRE, _REGION, _RESPONSIBLE = (aliased(Organisation) for _ in range(3))
_ASSIGNEE, _CONTACT = aliased(User), aliased(User)
_SPONSOR = aliased(Case)
_CASE = (
    select(
        *[getattr(Case, name) for name in _COLUMNS],
        _CENTRE.name.label("centre_name"),
        _REGION.name.label("region_name"),
        _RESPONSIBLE.name.label("responsible_name"),
        Municipality.name.label("municipality_name"),
        Municipality.organisation_id.label("municipality_organisation_id"),
        _ASSIGNEE.name.label("assignee_name"),
        _ASSIGNEE.reference.label("assignee_reference"),
        _CONTACT.name.label("contact_name"),
        _CONTACT.reference.label("contact_reference"),
        _SPONSOR.reference.label("sponsor_reference"),
        Handover.due_on.label("handover_due_on"),
    )
    .select_from(Case)
    .outerjoin(_CENTRE, _CENTRE.id == Case.centre_id)
    .outerjoin(_REGION, _REGION.id == Case.region_id)
    .outerjoin(_RESPONSIBLE, _RESPONSIBLE.id == Case.responsible_id)
    .outerjoin(Municipality, Municipality.code == Case.municipality_code)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.id == Case.assignee_id)
    .outerjoin(_CONTACT, _CONTACT.id == Case.municipal_contact_id)
    .outerjoin(_SPONSOR, _SPONSOR.id == Case.sponsor_case_id)
    .outerjoin(
        Handover,
        and_(Handover.id == Case.handover_id, Handover.state.in_(PENDING_HANDOVER)),
    )
)


def find_case(connection: Connection, actor: Actor, reference: str, today: date) -> CaseView:
    """Return a case that the actor may see; raises `NotFound` otherwise."""
    row = (
        connection.execute(
            _CASE.where(
                Case.reference == reference, policy.visible(actor, Permission.VIEW_CASE, today)
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    case = CaseView(**row)
    case.audience = audience_of(actor, case, today)
    if not sees(case.audience, CompleteScreening, "hard_criteria"):
        case.hard_criteria = []
    if not sees(case.audience, CompleteScreening, "advised_regions"):
        case.advised_regions = []
    return case


def members_of(connection: Connection, case: CaseView) -> list[MemberView]:
    """Return everybody who is or was a member, the head first."""
    screened = exists(select(Screening.id).where(Screening.person_id == Person.id))
    rows = connection.execute(
        select(
            Person.id.label("person_id"),
            Person.reference,
            Person.given_names,
            Person.family_name,
            Person.v_number,
            Person.bsn,
            Person.birth_date,
            Person.sex,
            Person.nationality,
            Person.languages,
            Person.permit_on,
            Membership.role,
            Membership.joined_on,
            Membership.left_on,
            Membership.end_reason,
            Membership.housed_on,
            screened.label("screened"),
            QuotaEntry.booked_on.label("realised_on"),
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Realisation, Realisation.person_id == Person.id)
        .outerjoin(QuotaEntry, QuotaEntry.id == Realisation.entry_id)
        .where(Membership.case_id == case.id)
        .order_by(
            Membership.left_on.is_not(None), Membership.role != MemberRole.HEAD, Membership.id
        )
    ).mappings()
    return [_seen_by(case.audience, MemberView(**row)) for row in rows]


def _seen_by(audience: Audience, member: MemberView) -> MemberView:
    hidden: dict[str, Any] = {
        name: [] if name == "languages" else None
        for name in ("v_number", "bsn", "nationality", "languages")
        if not sees(audience, NewMember, name)
    }
    return replace(member, **hidden) if hidden else member


def reached(connection: Connection, case: CaseView) -> dict[str, datetime]:
    """Return when a case last entered each state."""
    rows = connection.execute(
        select(CaseEvent.to_state, func.max(CaseEvent.recorded_at))
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.from_state.is_distinct_from(CaseEvent.to_state),
        )
        .group_by(CaseEvent.to_state)
    )
    return {row[0]: row[1] for row in rows}
