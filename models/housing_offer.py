"""Dwellings that municipalities offer to households."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key
from models.vocabulary import DwellingType, HousingKind, OfferStatus, RefusalJudgment, RefusalReason


class HousingOffer(Base):
    """A dwelling offered to a household and what became of it."""

    __tablename__ = "housing_offer"

    id: Mapped[int] = key()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    offered_on: Mapped[date]
    available_from: Mapped[date]
    dwelling_type: Mapped[str] = code("dwelling_type", DwellingType)
    housing_kind: Mapped[str] = code("housing_kind", HousingKind)
    rooms: Mapped[int] = mapped_column(Integer)
    rent_cents: Mapped[int] = mapped_column(Integer)
    ground_floor: Mapped[bool]
    wheelchair: Mapped[bool]
    landlord: Mapped[str]
    fits_expected: Mapped[bool]
    status: Mapped[str] = code("status", OfferStatus)
    viewing_on: Mapped[date | None]
    refusal_reason: Mapped[str | None] = code("refusal_reason", RefusalReason, nullable=True)
    warned: Mapped[bool | None]
    children_weighed: Mapped[bool | None]
    judgment: Mapped[str | None] = code("judgment", RefusalJudgment, nullable=True)

    __table_args__ = (
        CheckConstraint("rooms BETWEEN 1 AND 20", name="rooms"),
        CheckConstraint("rent_cents BETWEEN 0 AND 500000", name="rent"),
        CheckConstraint(
            "(status = 'refused') = (refusal_reason IS NOT NULL)", name="refusal_has_reason"
        ),
        CheckConstraint("judgment IS NULL OR status IN ('refused', 'accepted')", name="judgment"),
        Index("uq_housing_offer_open", "case_id", unique=True, postgresql_where="status = 'open'"),
    )
