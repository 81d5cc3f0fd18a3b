"""The quota ledger, its balances and its rollups."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import ApportionMethod, QuotaKind, RollupGrain

HALF_YEAR = "half_year ~ '^[0-9]{4}-I{1,2}$'"
BOOKED_HALF_YEAR = (
    "half_year = to_char(booked_on, 'YYYY')"
    " || CASE WHEN extract(month FROM booked_on) <= 6 THEN '-I' ELSE '-II' END"
)
RECORDED_DAY = "(recorded_at AT TIME ZONE 'Europe/Amsterdam')::date"


class NationalQuota(Base):
    """A national number for a half-year and how it was divided; a revision adds a row."""

    __tablename__ = "national_quota"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    half_year: Mapped[str] = mapped_column(Text, CheckConstraint(HALF_YEAR, name="half_year"))
    persons: Mapped[int] = mapped_column(Integer)
    method: Mapped[str] = code("method", ApportionMethod)
    source: Mapped[str]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("persons >= 0", name="persons"),
        UniqueConstraint("half_year", "recorded_at"),
    )


class StandingImport(Base):
    """History that was taken over from a file: how many lines it added, and of how many persons."""

    __tablename__ = "standing_import"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    sha256: Mapped[str] = mapped_column(
        Text, CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256")
    )
    lines: Mapped[int] = mapped_column(Integer)
    persons: Mapped[int] = mapped_column(Integer)
    recorded_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("lines > 0", name="lines"),)


class QuotaEntry(Base):
    """A line of the append-only ledger: signed persons for a municipality and half-year.

    History that was taken over has an import and nobody who recorded it.
    """

    __tablename__ = "quota_entry"

    id: Mapped[int] = key()
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    half_year: Mapped[str] = mapped_column(Text, CheckConstraint(HALF_YEAR, name="half_year"))
    kind: Mapped[str] = code("kind", QuotaKind)
    persons: Mapped[int] = mapped_column(Integer)
    booked_on: Mapped[date]
    recorded_at: Mapped[datetime]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("case_event.id"))
    national_quota_id: Mapped[int | None] = mapped_column(ForeignKey("national_quota.id"))
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("quota_transfer.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("standing_import.id"))
    reverses: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("quota_entry.id"), unique=True
    )
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(
            f"kind IN ('released', 'transfer_in', 'transfer_out') OR {BOOKED_HALF_YEAR}",
            name="booked_half_year",
        ),
        CheckConstraint("persons <> 0 OR kind IN ('quota', 'opening')", name="persons"),
        CheckConstraint(
            "kind <> 'realised' OR abs(persons) = 1 OR person_id IS NULL", name="one_person"
        ),
        CheckConstraint("person_id IS NULL OR event_id IS NOT NULL", name="person_has_event"),
        CheckConstraint(
            "kind NOT IN ('reserved', 'released') OR case_id IS NOT NULL", name="reserved_has_case"
        ),
        CheckConstraint(
            "recorded_by IS NOT NULL OR import_id IS NOT NULL", name="recorded_by_somebody"
        ),
        Index("ix_quota_entry_municipality", "municipality_code", "half_year", "kind", "booked_on"),
        Index("ix_quota_entry_booked", "booked_on", "id"),
        Index("ix_quota_entry_case", "case_id"),
        Index("ix_quota_entry_event", "event_id"),
        Index("ix_quota_entry_person", "person_id", postgresql_where="person_id IS NOT NULL"),
        Index("ix_quota_entry_import", "import_id", postgresql_where="import_id IS NOT NULL"),
        Index("ix_quota_entry_recorded", "recorded_at"),
        Index("ix_quota_entry_transfer", "transfer_id", postgresql_where="transfer_id IS NOT NULL"),
        CheckConstraint(
            "transfer_id IS NULL OR kind IN ('transfer_in', 'transfer_out')", name="transfer_kind"
        ),
        Index(
            "ix_quota_entry_late",
            text(f"daterange(least(booked_on, {RECORDED_DAY}), {RECORDED_DAY}, '[]')"),
            postgresql_using="gist",
            postgresql_where=text(f"{RECORDED_DAY} > booked_on"),
        ),
        Index(
            "ix_quota_entry_early",
            "booked_on",
            postgresql_where=text(f"{RECORDED_DAY} < booked_on"),
        ),
    )


class QuotaBalance(Base):
    """Running totals of a municipality; the row to lock before any line is posted for it.

    Room up to a half-year = `obliged` (openings, quotas and transfers of all half-years) less
    those of later half-years, less `realised`, less `reserved`.
    """

    __tablename__ = "quota_balance"

    municipality_code: Mapped[str] = mapped_column(
        ForeignKey("municipality.code"), primary_key=True
    )
    obliged: Mapped[int] = mapped_column(Integer)
    realised: Mapped[int] = mapped_column(Integer)
    reserved: Mapped[int] = mapped_column(Integer)

    __table_args__ = (CheckConstraint("reserved >= 0", name="reserved"),)


class QuotaRollup(Base):
    """Ledger lines added up per municipality, kind and booked half-year, month or day.

    Reservations, which are in no standing, are not.
    """

    __tablename__ = "quota_rollup"

    municipality_code: Mapped[str] = mapped_column(
        ForeignKey("municipality.code"), primary_key=True
    )
    half_year: Mapped[str] = mapped_column(
        Text, CheckConstraint(HALF_YEAR, name="half_year"), primary_key=True
    )
    kind: Mapped[str] = code("kind", QuotaKind, primary_key=True)
    grain: Mapped[str] = code("grain", RollupGrain, primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    persons: Mapped[int] = mapped_column(Integer)
    lines: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        CheckConstraint("lines > 0", name="lines"),
        # Only the sums of half-years carry their persons in an index: the others change with
        # each line, and a change of what no index holds costs little.
        Index(
            "ix_quota_rollup_half_year",
            "half_year",
            postgresql_include=["municipality_code", "kind", "persons"],
            postgresql_where=text("grain = 'half_year'"),
        ),
        Index(
            "ix_quota_rollup_starts",
            "grain",
            "half_year",
            "starts_on",
            postgresql_where=text("grain <> 'half_year'"),
        ),
        Index(
            "ix_quota_rollup_transfer",
            "grain",
            "starts_on",
            postgresql_where=text("kind IN ('transfer_in', 'transfer_out')"),
        ),
    )
