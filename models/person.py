"""Permit holders and the household each belongs to."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import (
    EducationLevel,
    LanguageLevel,
    MemberRole,
    MembershipEnd,
    MembershipStart,
    PreparationModule,
    PreparationResult,
    ScreeningAbsence,
    Sex,
)

# The 11-test: nine digits weighted 9, 8, ..., 2, -1 sum to a multiple of eleven.
ELEVEN_TEST = (
    "bsn ~ '^[0-9]{9}$' AND bsn <> '000000000' AND ("
    + " + ".join(f"{10 - n} * substr(bsn, {n}, 1)::int" for n in range(1, 9))
    + " - substr(bsn, 9, 1)::int) % 11 = 0"
)


class Person(Base):
    """A permit holder; `permit_on` is the person's own T0 (permit date)."""

    __tablename__ = "person"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    v_number: Mapped[str | None] = mapped_column(
        Text, CheckConstraint("v_number ~ '^[0-9]{10}$'", name="v_number"), unique=True
    )
    bsn: Mapped[str | None] = mapped_column(
        Text, CheckConstraint(ELEVEN_TEST, name="bsn"), unique=True
    )
    given_names: Mapped[str]
    family_name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(
        Text, Computed("lower(family_name || ' ' || given_names)", persisted=True)
    )
    birth_date: Mapped[date]
    sex: Mapped[str] = code("sex", Sex)
    nationality: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    permit_on: Mapped[date]

    __table_args__ = (
        CheckConstraint(
            "length(given_names) BETWEEN 1 AND 100 AND length(family_name) BETWEEN 1 AND 100",
            name="name_length",
        ),
        CheckConstraint("nationality ~ '^[A-Z]{2,3}$'", name="nationality"),
        Index("ix_person_birth_date", "birth_date"),
        Index(
            "ix_person_name_trigram",
            "sort_name",
            postgresql_using="gin",
            postgresql_ops={"sort_name": "gin_trgm_ops"},
        ),
    )


class Membership(Base):
    """A person's dated place in the household of a case; at most one is open per person."""

    __tablename__ = "household_membership"

    id: Mapped[int] = key()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = code("role", MemberRole)
    joined_on: Mapped[date]
    start_reason: Mapped[str] = code("start_reason", MembershipStart)
    left_on: Mapped[date | None]
    end_reason: Mapped[str | None] = code("end_reason", MembershipEnd, nullable=True)
    housed_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="left_after_joined"),
        CheckConstraint("(left_on IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
        Index(
            "uq_household_membership_live",
            "person_id",
            unique=True,
            postgresql_where="left_on IS NULL",
        ),
        Index(
            "uq_household_membership_head",
            "case_id",
            unique=True,
            postgresql_where="left_on IS NULL AND role = 'head'",
        ),
    )


class Screening(Base):
    """What the screening of an adult found, or why none took place; the newest row holds."""

    __tablename__ = "screening"

    id: Mapped[int] = key()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("case_event.id"))
    held_on: Mapped[date]
    absence: Mapped[str | None] = code("absence", ScreeningAbsence, nullable=True)
    education_level: Mapped[str | None] = code("education_level", EducationLevel, nullable=True)
    education_field: Mapped[str | None]
    work_experience: Mapped[list[dict[str, object]]] = mapped_column(JSONB, server_default="[]")
    ambitions: Mapped[str | None]
    dutch_level: Mapped[str | None] = code("dutch_level", LanguageLevel, nullable=True)
    network: Mapped[str | None]
    network_municipality: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    prior_region: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("(absence IS NULL) = (education_level IS NOT NULL)", name="held_or_why"),
    )


class Preparation(Base):
    """Hours and results of an adult in a module of preparation for integration."""

    __tablename__ = "preparation"

    id: Mapped[int] = key()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("case_event.id"))
    module: Mapped[str] = code("module", PreparationModule)
    on_date: Mapped[date]
    hours: Mapped[int] = mapped_column(Integer)
    result: Mapped[str] = code("result", PreparationResult)
    level: Mapped[str | None] = code("level", LanguageLevel, nullable=True)

    __table_args__ = (CheckConstraint("hours BETWEEN 0 AND 24", name="hours"),)


class Realisation(Base):
    """The one live realisation of a permit holder; its reversal deletes the row."""

    __tablename__ = "realisation"

    person_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("quota_entry.id"), unique=True)


class Outcome(Base):
    """What an adult does some months after housing, by the municipality; a correction holds."""

    __tablename__ = "outcome"

    id: Mapped[int] = key()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("case_event.id"))
    kind: Mapped[str] = mapped_column(
        Text,
        CheckConstraint("kind IN ('work', 'study', 'work_and_study', 'neither')", name="kind"),
    )
    measured_on: Mapped[date]
    months_after: Mapped[int] = mapped_column(Integer)
    corrects: Mapped[int | None] = mapped_column(ForeignKey("outcome.id"), unique=True)
    recorded_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("months_after IN (6, 12, 24)", name="months"),
        Index(
            "uq_outcome_first",
            "case_id",
            "person_id",
            "months_after",
            unique=True,
            postgresql_where="corrects IS NULL",
        ),
    )
