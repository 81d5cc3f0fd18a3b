"""Who works with the program: reception agency, municipalities, provinces and the ministry."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import OrganisationKind


class Organisation(Base):
    """An organisation that holds grants and queues."""

    __tablename__ = "organisation"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    kind: Mapped[str] = code("kind", OrganisationKind)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))

    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name_length"),
        CheckConstraint(
            "kind <> 'reception_centre' OR parent_id IS NOT NULL", name="centre_has_region"
        ),
        Index("ix_organisation_kind_name", "kind", "name", unique=True),
    )


class Province(Base):
    """A province by its CBS code."""

    __tablename__ = "province"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)


class LabourMarketRegion(Base):
    """A labour-market region by its UWV number (Besluit werkgebieden UWV 2015, annex 3)."""

    __tablename__ = "labour_market_region"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(unique=True)


class Municipality(Base):
    """A municipality by its CBS code; it exists from `valid_from` until before `valid_until`."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(
        Text, CheckConstraint("code ~ '^GM[0-9]{4}$'", name="code"), primary_key=True
    )
    name: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    region_number: Mapped[int] = mapped_column(
        ForeignKey("labour_market_region.number"), index=True
    )
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    tile_column: Mapped[int] = mapped_column(Integer)
    tile_row: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="validity"),
    )


class MunicipalityPopulation(Base):
    """Inhabitants of a municipality on 1 January of a year (CBS)."""

    __tablename__ = "municipality_population"

    municipality_code: Mapped[str] = mapped_column(
        ForeignKey("municipality.code"), primary_key=True
    )
    on_date: Mapped[date] = mapped_column(primary_key=True)
    persons: Mapped[int] = mapped_column(Integer)

    __table_args__ = (CheckConstraint("persons > 0", name="persons"),)


class MunicipalityExemption(Base):
    """A municipality without quota because of a central reception task."""

    __tablename__ = "municipality_exemption"

    municipality_code: Mapped[str] = mapped_column(
        ForeignKey("municipality.code"), primary_key=True
    )
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_until: Mapped[date | None]
    reason: Mapped[str]

    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="validity"),
    )


class MunicipalityPredecessor(Base):
    """A municipal merger or split: which part of a predecessor a successor took over, and when.

    `recorded_at` None: known from the installation on, so in every standing.
    """

    __tablename__ = "municipality_predecessor"

    successor_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"), primary_key=True)
    predecessor_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"), primary_key=True)
    on_date: Mapped[date]
    share_permille: Mapped[int] = mapped_column(Integer)
    recorded_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "extract(month FROM on_date) = 1 AND extract(day FROM on_date) = 1", name="new_year"
        ),
        CheckConstraint("share_permille BETWEEN 1 AND 1000", name="share"),
        CheckConstraint("successor_code <> predecessor_code", name="not_itself"),
    )


class ReceptionCentre(Base):
    """Facts of a reception centre; its region is the parent of its organisation."""

    __tablename__ = "reception_centre"

    organisation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organisation.id"), primary_key=True, autoincrement=False
    )
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    capacity: Mapped[int] = mapped_column(Integer)

    __table_args__ = (CheckConstraint("capacity > 0", name="capacity"),)
