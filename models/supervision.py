"""The ladder of interventions: criteria, proposals, decisions, and what is excusable."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, key, reference
from models.quota import HALF_YEAR
from models.rule import VALIDITY

STEP = "step BETWEEN 0 AND 6"


class LadderCriterion(Base):
    """When a province proposes a step: backlog in persons, half-years missed in a row.

    A half-year is tested `registration_lag_days` after its end, with what is known by then.
    """

    __tablename__ = "ladder_criterion"

    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), primary_key=True)
    step: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_until: Mapped[date | None]
    backlog_from: Mapped[int] = mapped_column(Integer)
    missed_in_a_row: Mapped[int] = mapped_column(Integer)
    registration_lag_days: Mapped[int] = mapped_column(Integer)
    source: Mapped[str]

    __table_args__ = (
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint("step BETWEEN 1 AND 6", name="step"),
        CheckConstraint(
            "backlog_from > 0 AND missed_in_a_row > 0 AND registration_lag_days >= 0",
            name="amounts",
        ),
    )


class LadderProposal(Base):
    """The step that the criteria propose for a municipality after a half-year, with its grounds."""

    __tablename__ = "ladder_proposal"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    half_year: Mapped[str] = mapped_column(Text, CheckConstraint(HALF_YEAR, name="half_year"))
    valid: Mapped[date]
    known: Mapped[datetime]
    step: Mapped[int] = mapped_column(Integer)
    grounds: Mapped[dict[str, object]] = mapped_column(JSONB)
    computed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    computed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(STEP, name="step"),
        Index("ix_ladder_proposal_municipality", "municipality_code", "half_year", "id"),
    )


class LadderDecision(Base):
    """The step that a supervisor recorded for a municipality, from a day on."""

    __tablename__ = "ladder_decision"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    step: Mapped[int] = mapped_column(Integer)
    decided_on: Mapped[date]
    reason: Mapped[str]
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("ladder_proposal.id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(STEP, name="step"),
        CheckConstraint("length(reason) BETWEEN 2 AND 2000", name="reason_length"),
        Index("ix_ladder_decision_municipality", "municipality_code", "id"),
    )


class Excusability(Base):
    """What cannot be held against a municipality on a test day, in persons, with its inputs."""

    __tablename__ = "excusability"

    id: Mapped[int] = key()
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    on_date: Mapped[date]
    known: Mapped[datetime]
    corrected_quota: Mapped[int] = mapped_column(Integer)
    realised: Mapped[int] = mapped_column(Integer)
    open_reservations: Mapped[int] = mapped_column(Integer)
    shortfall: Mapped[int] = mapped_column(Integer)
    computed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint(
            "extract(month FROM on_date) IN (4, 10) AND extract(day FROM on_date) = 1",
            name="test_day",
        ),
        CheckConstraint(
            "shortfall = greatest(0, corrected_quota - realised - open_reservations)",
            name="shortfall",
        ),
        Index("ix_excusability_municipality", "municipality_code", "on_date", "id"),
    )
