"""Cases, members, persons and municipalities as steps see them: rows that were read, no more."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from workflows.quota.period import HalfYear

Row = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class CaseRecord:
    """A case as the step sees it; the fields are the columns of `case_file`."""

    id: int
    reference: str
    kind: str
    state: str
    state_since: datetime
    version: int
    household_type: str
    persons: int
    permit_on: date
    registered_on: date
    region_id: int
    stay_place: str
    centre_id: int | None = None
    guardian_id: int | None = None
    sponsor_case_id: int | None = None
    origin_case_id: int | None = None
    expected_members: int = 0
    expected_month: date | None = None
    responsible_id: int | None = None
    waiting_party: str | None = None
    assignee_id: int | None = None
    municipal_contact_id: int | None = None
    due_on: date | None = None
    due_term: str | None = None
    act_term: str | None = None
    act_since: date | None = None
    act_stood: int = 0
    act_due_on: date | None = None
    municipal_term: str | None = None
    municipal_due_on: date | None = None
    unassigned_on: date | None = None
    assign_due_on: date | None = None
    advised_regions: list[int] = field(default_factory=list)
    hard_criteria: list[Row] = field(default_factory=list)
    functional_needs: list[str] = field(default_factory=list)
    screened_on: date | None = None
    municipality_code: str | None = None
    former_municipality_code: str | None = None
    merged_on: date | None = None
    linked_on: date | None = None
    linked_by: int | None = None
    suspended_before_link: int = 0
    reserved: int = 0
    reserved_half_year: str | None = None
    scenario: str | None = None
    contested_on: date | None = None
    offer_id: int | None = None
    title_kind: str | None = None
    title_on: date | None = None
    move_planned_on: date | None = None
    housed_on: date | None = None
    housing_kind: str | None = None
    counts_since: date | None = None
    suspended_on: date | None = None
    suspended_until: date | None = None
    suspension_reason: str | None = None
    suspended_days: int = 0
    reaction_due_on: date | None = None
    handover_id: int | None = None
    handover_state: str | None = None
    handover_outcome: str | None = None
    end_reason: str | None = None
    finished_on: date | None = None
    outcome_access_until: date | None = None

    @property
    def agency_id(self) -> int:
        """The organisation of COA that works on the case: the centre, or the region without one."""
        return self.region_id if self.centre_id is None else self.centre_id

    def copy(self) -> "CaseRecord":
        """Return a record with the same values, in a tenth of the time of `replace`."""
        return CaseRecord(**dict(zip(CASE_FIELDS, case_values(self), strict=True)))


CASE_FIELDS = tuple(each.name for each in fields(CaseRecord))
case_values = attrgetter(*CASE_FIELDS)


@dataclass(slots=True, kw_only=True)
class MemberRecord:
    """A live member of the household."""

    membership_id: int
    person_id: int
    reference: str
    role: str
    birth_date: date
    permit_on: date
    joined_on: date
    housed_on: date | None = None
    screened: bool = False
    realised_entry: int | None = None
    realised_municipality: str | None = None
    realised_on: date | None = None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person whom the program knows by V-number already."""

    person_id: int
    reference: str
    birth_date: date
    permit_on: date
    realised_entry: int | None
    realised_municipality: str | None
    realised_on: date | None
    live: bool


@dataclass(slots=True)
class MunicipalityRecord:
    """A municipality with its locked balance; room is shared by all steps of a batch.

    The balance of one that `took_over` others is that of all their ledgers.
    """

    code: str
    organisation_id: int
    region_number: int
    valid_from: date
    valid_until: date | None
    exempt: bool
    obliged: int
    realised: int
    reserved: int
    took_over: bool = False
    later_quota: dict[str, int] = field(default_factory=dict)

    def room(self, until: HalfYear) -> int:
        """Return the persons that can still be linked for moves up to the end of a half-year."""
        later = sum(
            persons for half, persons in self.later_quota.items() if HalfYear.parse(half) > until
        )
        return self.obliged - later - self.realised - self.reserved
