"""The situation that a step decides on, and the effects that it records.

Nothing here touches the database: the engine loads a situation and writes its effects, so that
one decision serves a single step and a batch of thousands alike.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from models import Base
from models.vocabulary import CaseKind, CaseState, QuotaKind, StayPlace
from workflows.actor import Actor
from workflows.documents.sent_file import SentFile
from workflows.errors import Refused
from workflows.handover.record import HandoverRecord
from workflows.matching.proposed import Proposed
from workflows.moment import Moment
from workflows.outcomes import RecordedOutcome
from workflows.records import CaseRecord, KnownPerson, MemberRecord, MunicipalityRecord, Row
from workflows.rules.hard_criteria import Surroundings
from workflows.rules.norms import Norm

_UNKNOWN = date(1900, 1, 1)
_NEVER = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Places:
    """Organisations and colleagues that payloads name by reference."""

    centres: dict[str, tuple[int, int]] = field(default_factory=dict)
    regions: dict[str, int] = field(default_factory=dict)
    guardian_id: int | None = None
    colleagues: dict[str, tuple[int, frozenset[int]]] = field(default_factory=dict)

    def centre(self, reference: str) -> tuple[int, int]:
        """Return the keys of a reception centre and of its region; raises `Refused`."""
        if reference not in self.centres:
            raise Refused("unknown_centre", "Deze opvanglocatie bestaat niet.", "centre")
        return self.centres[reference]


NO_PLACES = Places()
NOWHERE = Surroundings()


@dataclass(slots=True)
class Posting:
    """A ledger line to be written."""

    municipality_code: str
    half_year: str
    kind: QuotaKind
    persons: int
    booked_on: date
    person_id: int | None = None
    reverses: int | None = None
    entry_id: int | None = None
    reason: str | None = None


@dataclass(slots=True, kw_only=True)
class Reference:
    """Rules and numbers that hold at the moment of the step."""

    norms: tuple[Norm, ...]
    counting: tuple[tuple[str, date, date | None, bool], ...]
    recorded_at: datetime

    def counts(self, housing_kind: str, on_date: date) -> bool:
        """Tell whether moving into a kind of housing on a day counts as realised."""
        return any(
            kind == housing_kind and start <= on_date and (end is None or on_date < end) and counts
            for kind, start, end, counts in self.counting
        )


@dataclass(slots=True)
class Situation:
    """One case with what the step asked for, and what the step decided to do."""

    case: CaseRecord
    actor: Actor
    moment: Moment
    reference: Reference
    new_id: Any
    linked_organisation_id: int | None = None
    linked_before: int | None = None
    members: list[MemberRecord] = field(default_factory=list)
    offer: Row | None = None
    handovers: dict[int, HandoverRecord] = field(default_factory=dict)
    contents: Row = field(default_factory=dict)
    preparation_today: dict[tuple[int, str, date], int] = field(default_factory=dict)
    municipalities: dict[str, MunicipalityRecord] = field(default_factory=dict)
    places: Places = field(default_factory=lambda: NO_PLACES)
    others: dict[str, "Situation"] = field(default_factory=dict)
    before: CaseRecord | None = None
    next_state: CaseState | None = None
    known_persons: dict[str, KnownPerson] = field(default_factory=dict)
    surroundings: Surroundings = field(default_factory=lambda: NOWHERE)
    sponsors: dict[str, int] = field(default_factory=dict)
    sent_files: dict[str, SentFile] = field(default_factory=dict)
    documents: dict[str, Row] = field(default_factory=dict)
    proposals: list[Proposed] = field(default_factory=list)
    outcomes: list[RecordedOutcome] = field(default_factory=list)
    companions: list["Situation"] = field(default_factory=list)
    facts: Row = field(default_factory=dict)
    person_id: int | None = None
    inserts: list[tuple[type[Base], Row]] = field(default_factory=list)
    updates: list[tuple[type[Base], int, Row]] = field(default_factory=list)
    deletes: list[tuple[type[Base], int]] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    messages: list[tuple[int, str]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The business day."""
        return self.moment.today

    @property
    def handover(self) -> HandoverRecord | None:
        """The newest handover under the present link; KeyError when the step did not need it."""
        key = self.case.handover_id
        return None if key is None else self.handovers[key]

    @property
    def municipality(self) -> MunicipalityRecord:
        """The linked municipality with its locked balance; raises `Refused` before the link."""
        if self.case.municipality_code is None:
            raise Refused("not_linked", "Dit dossier is nog niet aan een gemeente gekoppeld.")
        return self.municipalities[self.case.municipality_code]

    def municipality_on(self, day: date) -> MunicipalityRecord:
        """Return the municipality linked to on a day: before a merger the former one."""
        case = self.case
        former = case.former_municipality_code
        if former is not None and case.merged_on is not None and day < case.merged_on:
            return self.municipalities[former]
        return self.municipality

    def member(self, reference: str, field_name: str = "member") -> MemberRecord:
        """Return a live member by reference; raises `Refused` beside the field otherwise."""
        for found in self.members:
            if found.reference == reference:
                return found
        raise Refused("not_a_member", "Deze persoon hoort nu niet bij dit huishouden.", field_name)

    def changed(self) -> list["Situation"]:
        """Return this situation and those of the cases that the step changes along with it."""
        return [self, *self.companions]

    def take_back(self) -> None:
        """Undo what the postings did to the balances that other steps of the batch see."""
        for each in self.changed():
            for posting in each.postings:
                each._move_balance(posting, -1)  # noqa: SLF001 - the same class

    def insert(self, table: type[Base], **values: Any) -> None:
        """Write a new row together with the event; one that outsiders name gets a reference."""
        if "reference" in table.__table__.c and "reference" not in values:
            values["reference"] = self.moment.new_reference()
        self.inserts.append((table, values))

    def update(self, table: type[Base], row_id: int, **values: Any) -> None:
        """Change columns of a row together with the event."""
        self.updates.append((table, row_id, values))

    def delete(self, table: type[Base], row_id: int) -> None:
        """Delete a row of a table that keeps no history together with the event."""
        self.deletes.append((table, row_id))

    def post(self, posting: Posting) -> None:
        """Write a ledger line and move the balance that later steps of the batch see."""
        self.postings.append(posting)
        self._move_balance(posting, 1)

    def _move_balance(self, posting: Posting, sign: int) -> None:
        balance = self.municipalities[posting.municipality_code]
        match posting.kind:
            case QuotaKind.REALISED:
                balance.realised += sign * posting.persons
            case QuotaKind.RESERVED | QuotaKind.RELEASED:
                balance.reserved += sign * posting.persons
            case _:
                balance.obliged += sign * posting.persons

    def tell(self, organisation_id: int | None, topic: str) -> None:
        """Leave a message for an organisation in the outbox."""
        if organisation_id is not None:
            self.messages.append((organisation_id, topic))


def blank_case(moment: Moment) -> CaseRecord:
    """Return a case that a step is about to fill."""
    return CaseRecord(
        id=0,
        reference=moment.new_reference(),
        kind=CaseKind.ASYLUM,
        state=CaseState.REGISTERED,
        state_since=_NEVER,
        version=0,
        household_type="",
        persons=0,
        permit_on=_UNKNOWN,
        registered_on=moment.today,
        region_id=0,
        stay_place=StayPlace.CENTRE,
    )


def new_case(source: Situation) -> Situation:
    """Return a situation for a case that a step splits off from another."""
    fresh = Situation(
        blank_case(source.moment),
        source.actor,
        source.moment,
        source.reference,
        source.new_id,
        linked_organisation_id=source.linked_organisation_id,
    )
    fresh.municipalities = source.municipalities
    fresh.places = source.places
    return fresh
