"""Cases: one household each, waiting for a home."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, Date, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, quoted, reference
from models.vocabulary import (
    ACT_TERMS,
    CASE_TERMS,
    LIVE_STATES,
    MUNICIPAL_TERMS,
    OPEN_HANDOVER,
    CaseKind,
    CaseState,
    EndReason,
    HandoverOutcome,
    HandoverState,
    HouseholdType,
    HousingKind,
    Scenario,
    StayPlace,
    SuspensionReason,
    TitleKind,
    WaitingParty,
)

LIVE = f"state IN ({quoted(LIVE_STATES)})"


# Who has the case in hand at the organisation that is responsible for it.
HOLDER = (
    "CASE WHEN responsible_id = coalesce(centre_id, region_id)"
    " THEN assignee_id ELSE municipal_contact_id END"
)


def _only_in(*states: CaseState) -> str:
    return f"state IN ({quoted(states)})"


class Case(Base):
    """The dossier of one household; the CHECKs tie each state to the columns that it needs."""

    __tablename__ = "case_file"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    kind: Mapped[str] = code("kind", CaseKind)
    state: Mapped[str] = code("state", CaseState)
    state_since: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer)
    household_type: Mapped[str] = code("household_type", HouseholdType)
    persons: Mapped[int] = mapped_column(Integer)
    permit_on: Mapped[date]
    registered_on: Mapped[date]
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    sponsor_case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    origin_case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    expected_members: Mapped[int] = mapped_column(Integer, server_default="0")
    expected_month: Mapped[date | None]
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    waiting_party: Mapped[str | None] = code("waiting_party", WaitingParty, nullable=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    municipal_contact_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    due_on: Mapped[date | None]
    due_term: Mapped[str | None]
    act_term: Mapped[str | None]
    act_since: Mapped[date | None]
    act_stood: Mapped[int] = mapped_column(Integer, server_default="0")
    act_due_on: Mapped[date | None]
    next_due_on: Mapped[date | None] = mapped_column(
        Date, Computed("coalesce(act_due_on, due_on)", persisted=True)
    )
    municipal_term: Mapped[str | None]
    municipal_due_on: Mapped[date | None]
    unassigned_on: Mapped[date | None]
    assign_due_on: Mapped[date | None]
    advised_regions: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    hard_criteria: Mapped[list[dict[str, object]]] = mapped_column(JSONB, server_default="[]")
    functional_needs: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    screened_on: Mapped[date | None]
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    former_municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    merged_on: Mapped[date | None]
    linked_on: Mapped[date | None]
    linked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    suspended_before_link: Mapped[int] = mapped_column(Integer, server_default="0")
    reserved: Mapped[int] = mapped_column(Integer, server_default="0")
    reserved_half_year: Mapped[str | None]
    scenario: Mapped[str | None] = code("scenario", Scenario, nullable=True)
    contested_on: Mapped[date | None]
    offer_id: Mapped[int | None] = mapped_column(
        ForeignKey("housing_offer.id", use_alter=True, deferrable=True, initially="DEFERRED")
    )
    title_kind: Mapped[str | None] = code("title_kind", TitleKind, nullable=True)
    title_on: Mapped[date | None]
    move_planned_on: Mapped[date | None]
    housed_on: Mapped[date | None]
    housing_kind: Mapped[str | None] = code("housing_kind", HousingKind, nullable=True)
    counts_since: Mapped[date | None]
    suspended_on: Mapped[date | None]
    suspended_until: Mapped[date | None]
    suspension_reason: Mapped[str | None] = code(
        "suspension_reason", SuspensionReason, nullable=True
    )
    suspended_days: Mapped[int] = mapped_column(Integer, server_default="0")
    reaction_due_on: Mapped[date | None]
    stay_place: Mapped[str] = code("stay_place", StayPlace)
    handover_id: Mapped[int | None] = mapped_column(
        ForeignKey("handover.id", use_alter=True, deferrable=True, initially="DEFERRED")
    )
    handover_state: Mapped[str | None] = code("handover_state", HandoverState, nullable=True)
    handover_outcome: Mapped[str | None] = code("handover_outcome", HandoverOutcome, nullable=True)
    end_reason: Mapped[str | None] = code("end_reason", EndReason, nullable=True)
    finished_on: Mapped[date | None]
    outcome_access_until: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("persons >= 0 AND expected_members >= 0", name="persons"),
        CheckConstraint(f"NOT {LIVE} OR persons > 0", name="live_has_members"),
        CheckConstraint(f"{LIVE} = (responsible_id IS NOT NULL)", name="one_responsible"),
        CheckConstraint(
            f"(unassigned_on IS NOT NULL) = ({LIVE} AND ({HOLDER}) IS NULL)",
            name="in_hand_or_unassigned",
        ),
        CheckConstraint(
            "(unassigned_on IS NULL) = (assign_due_on IS NULL)", name="unassigned_has_term"
        ),
        CheckConstraint(
            f"due_term IN ({quoted(CASE_TERMS)}) AND due_on IS NOT NULL OR due_term IS NULL",
            name="due_term",
        ),
        CheckConstraint(
            f"(act_term IN ({quoted(ACT_TERMS)}) AND num_nulls(act_since, act_due_on) = 0)"
            " OR num_nonnulls(act_term, act_since, act_due_on) = 0",
            name="act_term",
        ),
        CheckConstraint(
            f"(municipal_term IN ({quoted(MUNICIPAL_TERMS)})"
            " AND num_nulls(municipal_due_on, linked_on) = 0)"
            " OR num_nonnulls(municipal_term, municipal_due_on) = 0",
            name="municipal_term",
        ),
        CheckConstraint(
            f"{LIVE} OR num_nonnulls(due_term, act_term, municipal_term) = 0",
            name="terms_run_on_live_cases",
        ),
        CheckConstraint(
            "act_stood >= 0 AND suspended_before_link >= 0", name="days_that_stood_still"
        ),
        CheckConstraint("counts_since IS NULL OR housed_on IS NOT NULL", name="counts_since"),
        CheckConstraint(f"{LIVE} = (waiting_party IS NOT NULL)", name="live_waits"),
        CheckConstraint(f"{LIVE} = (finished_on IS NULL)", name="finished"),
        CheckConstraint("(state = 'ended') = (end_reason IS NOT NULL)", name="end_reason"),
        CheckConstraint(
            "(state = 'closed') = (handover_outcome IS NOT NULL)", name="handover_outcome"
        ),
        CheckConstraint(
            "(state = 'closed') = (outcome_access_until IS NOT NULL)", name="outcome_access"
        ),
        CheckConstraint("(handover_id IS NULL) = (handover_state IS NULL)", name="handover"),
        CheckConstraint(
            f"handover_state IS NULL OR handover_state NOT IN ({quoted(OPEN_HANDOVER)})"
            " OR state IN ('preparing', 'offered', 'refused', 'moving', 'housed')",
            name="handover_time",
        ),
        CheckConstraint(
            "state IN ('registered', 'ended') OR screened_on IS NOT NULL", name="screened"
        ),
        CheckConstraint(
            "state IN ('registered', 'screened', 'ended') = (municipality_code IS NULL)",
            name="linked_municipality",
        ),
        CheckConstraint("(former_municipality_code IS NULL) = (merged_on IS NULL)", name="merged"),
        CheckConstraint(
            "(municipality_code IS NULL) = (linked_on IS NULL)"
            " AND (linked_on IS NULL) = (linked_by IS NULL)",
            name="linked_on",
        ),
        CheckConstraint(
            "reserved >= 0 AND (reserved = 0 OR municipality_code IS NOT NULL)"
            " AND (reserved > 0) = (reserved_half_year IS NOT NULL)",
            name="reserved",
        ),
        CheckConstraint(
            f"NOT {_only_in(CaseState.OFFERED, CaseState.REFUSED)} OR offer_id IS NOT NULL",
            name="offer",
        ),
        CheckConstraint(
            f"NOT {_only_in(CaseState.HOUSED, CaseState.CLOSED)}"
            " OR (housed_on IS NOT NULL AND housing_kind IS NOT NULL AND title_kind IS NOT NULL)",
            name="housed",
        ),
        CheckConstraint("housed_on IS NULL OR title_on <= housed_on", name="title_before_move"),
        CheckConstraint("kind = 'resettlement' OR centre_id IS NOT NULL", name="centre"),
        CheckConstraint(
            "kind <> 'family_follow_on' OR sponsor_case_id IS NOT NULL", name="sponsor"
        ),
        CheckConstraint(
            "(kind = 'unaccompanied_minor') = (guardian_id IS NOT NULL)", name="guardian"
        ),
        CheckConstraint(
            "(suspended_on IS NULL) = (suspended_until IS NULL)"
            " AND (suspended_on IS NULL) = (suspension_reason IS NULL)"
            " AND (suspended_on IS NULL OR suspended_until > suspended_on)",
            name="suspension",
        ),
        Index("ix_case_file_centre", "centre_id", "next_due_on", "id", postgresql_where=LIVE),
        Index("ix_case_file_region", "region_id", "next_due_on", "id", postgresql_where=LIVE),
        Index(
            "ix_case_file_municipality",
            "municipality_code",
            "next_due_on",
            "id",
            postgresql_where=LIVE,
        ),
        Index("ix_case_file_assignee", "assignee_id", "next_due_on", "id", postgresql_where=LIVE),
        Index("ix_case_file_contact", "municipal_contact_id", "next_due_on", postgresql_where=LIVE),
        # Counting what is due reads this index alone: it holds all that the policy asks of a case.
        Index(
            "ix_case_file_due",
            "due_on",
            "id",
            postgresql_include=[
                "due_term",
                "region_id",
                "centre_id",
                "municipality_code",
                "guardian_id",
            ],
            postgresql_where=LIVE,
        ),
        Index(
            "ix_case_file_act_due",
            "act_due_on",
            "id",
            postgresql_where="act_due_on IS NOT NULL",
        ),
        Index(
            "ix_case_file_municipal_due",
            "municipal_due_on",
            "id",
            postgresql_where="municipal_due_on IS NOT NULL",
        ),
        Index(
            "ix_case_file_assign_due",
            "assign_due_on",
            "id",
            postgresql_where="assign_due_on IS NOT NULL",
        ),
        Index(
            "ix_case_file_suspended_until",
            "suspended_until",
            "id",
            postgresql_where=f"suspended_until IS NOT NULL AND {LIVE}",
        ),
        Index("ix_case_file_registered", "registered_on"),
        Index("ix_case_file_housed", "housed_on", postgresql_where="housed_on IS NOT NULL"),
        # What is counted of the cases that finished lately stands here, so that those of years
        # ago cost nothing.
        Index(
            "ix_case_file_finished",
            "finished_on",
            postgresql_include=[
                "state",
                "persons",
                "region_id",
                "centre_id",
                "municipality_code",
                "handover_outcome",
                "handover_id",
            ],
            postgresql_where="finished_on IS NOT NULL",
        ),
        Index(
            "ix_case_file_outcome_access",
            "municipality_code",
            "outcome_access_until",
            postgresql_where="outcome_access_until IS NOT NULL",
        ),
        Index("ix_case_file_sponsor", "sponsor_case_id"),
        Index("ix_case_file_guardian", "guardian_id", "next_due_on", "id", postgresql_where=LIVE),
    )
