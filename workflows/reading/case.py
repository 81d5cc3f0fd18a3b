"""One case with its household, as an actor may see it."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.orm import aliased

from models import (
    Case,
    CaseEvent,
    Handover,
    HousingOffer,
    Membership,
    Municipality,
    Organisation,
    Person,
    Preparation,
    QuotaEntry,
    Realisation,
    Screening,
    User,
)
from models.vocabulary import PENDING_HANDOVER
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.household import NewMember
from workflows.payload import Audience, Payload
from workflows.permissions import Permission
from workflows.reading.sharing import audience_of, sees
from workflows.situation import CaseRecord
from workflows.steps.accept_offer import AcceptOffer
from workflows.steps.complete_screening import CompleteScreening
from workflows.steps.judge_refusal import JudgeRefusal
from workflows.steps.record_preparation import RecordPreparation
from workflows.steps.refuse_offer import RefuseOffer
from workflows.steps.screen import Screen


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
        return self.left_on is None or self.end_reason == "case_closed"


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
        .order_by(Membership.left_on.is_not(None), Membership.role != "head", Membership.id)
    ).mappings()
    return [_seen_by(case.audience, MemberView(**row)) for row in rows]


def _seen_by(audience: Audience, member: MemberView) -> MemberView:
    hidden: dict[str, Any] = {
        name: [] if name == "languages" else None
        for name in ("v_number", "bsn", "nationality", "languages")
        if not sees(audience, NewMember, name)
    }
    return replace(member, **hidden) if hidden else member


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningView:
    """The newest screening of a person; what the actor may not see is None."""

    person_id: int
    held_on: date
    absence: str | None
    education_level: str | None
    education_field: str | None
    work_experience: list[dict[str, Any]]
    ambitions: str | None
    dutch_level: str | None
    network: str | None
    prior_region: str | None


def screenings_of(
    connection: Connection, persons: list[int], audience: Audience
) -> dict[int, ScreeningView]:
    """Return the newest screening of each person."""
    names = [field.name for field in fields(ScreeningView)]
    rows = connection.execute(
        select(*[getattr(Screening, name) for name in names])
        .where(Screening.person_id.in_(persons))
        .ext(distinct_on(Screening.person_id))
        .order_by(Screening.person_id, Screening.id.desc())
    ).mappings()
    found = {}
    for row in rows:
        hidden: dict[str, Any] = {
            name: [] if name == "work_experience" else None
            for name in names
            if name in Screen.model_fields
            and name != "held_on"
            and not sees(audience, Screen, name)
        }
        found[row["person_id"]] = replace(ScreeningView(**row), **hidden)
    return found


@dataclass(frozen=True, slots=True)
class ModuleHours:
    """Hours that an adult followed of a module, how it goes and the level reached last."""

    person_id: int
    module: str
    hours: int
    result: str
    level: str | None
    last_on: date


def hides_preparation(audience: Audience) -> bool:
    """Tell whether the preparation is out of sight until the handover is accepted."""
    return not sees(audience, RecordPreparation, "hours")


def preparation_of(
    connection: Connection, persons: list[int], audience: Audience
) -> list[ModuleHours]:
    """Return the preparation of persons added up per module, if the audience may see it."""
    if hides_preparation(audience):
        return []
    rows = connection.execute(
        select(
            Preparation.person_id,
            Preparation.module,
            func.sum(Preparation.hours),
            func.array_agg(
                aggregate_order_by(
                    Preparation.result, Preparation.on_date.desc(), Preparation.id.desc()
                )
            )[1],
            func.max(Preparation.level),
            func.max(Preparation.on_date),
        )
        .where(Preparation.person_id.in_(persons))
        .group_by(Preparation.person_id, Preparation.module)
        .order_by(Preparation.person_id, Preparation.module)
    )
    return [ModuleHours(row[0], row[1], int(row[2]), *row[3:]) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """A dwelling that was offered."""

    id: int
    municipality_name: str
    offered_on: date
    available_from: date
    dwelling_type: str
    housing_kind: str
    rooms: int
    rent_cents: int
    ground_floor: bool
    wheelchair: bool
    landlord: str
    fits_expected: bool
    status: str
    viewing_on: date | None
    refusal_reason: str | None
    judgment: str | None


def offers_of(connection: Connection, case: CaseView) -> list[OfferView]:
    """Return the offers of a case, the newest first; a municipality sees its own only."""
    names = [field.name for field in fields(OfferView) if field.name != "municipality_name"]
    condition = HousingOffer.case_id == case.id
    if case.audience is not Audience.AGENCY:
        condition = and_(condition, HousingOffer.municipality_code == case.municipality_code)
    rows = connection.execute(
        select(
            *[getattr(HousingOffer, name) for name in names],
            Municipality.name.label("municipality_name"),
        )
        .join(Municipality, Municipality.code == HousingOffer.municipality_code)
        .where(condition)
        .order_by(HousingOffer.id.desc())
    ).mappings()
    return [_offer_seen_by(case.audience, OfferView(**row)) for row in rows]


def _offer_seen_by(audience: Audience, offer: OfferView) -> OfferView:
    declared: tuple[tuple[str, type[Payload], str], ...] = (
        ("viewing_on", AcceptOffer, "viewing_on"),
        ("refusal_reason", RefuseOffer, "reason"),
        ("judgment", JudgeRefusal, "judgment"),
    )
    hidden: dict[str, Any] = {
        name: None for name, payload, field in declared if not sees(audience, payload, field)
    }
    return replace(offer, **hidden) if hidden else offer


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
