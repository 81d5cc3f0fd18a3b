"""Rules that administrators keep: each holds from a date until before another."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code
from models.vocabulary import HousingKind

VALIDITY = "valid_until IS NULL OR valid_until > valid_from"


class Norm(Base):
    """A term or ceiling by its code, in the unit that the code's name ends with.

    Who made it, and when, is empty for what came with the installation.
    """

    __tablename__ = "norm"

    code: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_until: Mapped[date | None]
    amount: Mapped[int] = mapped_column(Integer)
    source: Mapped[str]
    made_at: Mapped[datetime | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint("amount >= 0", name="amount"),
    )


class CountRule(Base):
    """Whether moving into a kind of housing counts as realised; made as a norm is."""

    __tablename__ = "count_rule"

    housing_kind: Mapped[str] = code("housing_kind", HousingKind, primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_until: Mapped[date | None]
    counts: Mapped[bool]
    source: Mapped[str]
    made_at: Mapped[datetime | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (CheckConstraint(VALIDITY, name="validity"),)


class ProgramFact(Base):
    """A fact about this installation, such as the frozen date of a demo."""

    __tablename__ = "program_fact"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    recorded_at: Mapped[datetime]
