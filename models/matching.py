"""What a promising link is reckoned from: work, dwellings, care and help, and the weights."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key
from models.rule import VALIDITY
from models.vocabulary import HospitalKind, SupplyKind


class LabourDemand(Base):
    """Vacancies and job seekers of an occupation group in a labour-market region from a day on.

    The group is a sub-major group of ISCO-08 (two digits); the newest row holds.
    """

    __tablename__ = "labour_demand"

    region_number: Mapped[int] = mapped_column(
        ForeignKey("labour_market_region.number"), primary_key=True
    )
    occupation_group: Mapped[str] = mapped_column(
        Text, CheckConstraint("occupation_group ~ '^[0-9]{2}$'", name="group"), primary_key=True
    )
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    vacancies: Mapped[int] = mapped_column(Integer)
    seekers: Mapped[int] = mapped_column(Integer)
    source: Mapped[str]

    __table_args__ = (CheckConstraint("vacancies >= 0 AND seekers >= 0", name="counts"),)


class HousingSupply(Base):
    """Dwellings of a kind that a municipality expects to have free in a month."""

    __tablename__ = "housing_supply"

    municipality_code: Mapped[str] = mapped_column(
        ForeignKey("municipality.code"), primary_key=True
    )
    month: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = code("kind", SupplyKind, primary_key=True)
    units: Mapped[int] = mapped_column(Integer)
    source: Mapped[str]

    __table_args__ = (
        CheckConstraint("extract(day FROM month) = 1", name="first_day"),
        CheckConstraint("units BETWEEN 0 AND 100000", name="units"),
    )


class SpecialistCare(Base):
    """A kind of hospital that stands in a municipality."""

    __tablename__ = "specialist_care"

    municipality_code: Mapped[str] = mapped_column(
        ForeignKey("municipality.code"), primary_key=True
    )
    kind: Mapped[str] = code("kind", HospitalKind, primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_until: Mapped[date | None]
    source: Mapped[str]

    __table_args__ = (CheckConstraint(VALIDITY, name="validity"),)


class LanguageSupport(Base):
    """A language in which a municipality has somebody to help newcomers."""

    __tablename__ = "language_support"

    municipality_code: Mapped[str] = mapped_column(
        ForeignKey("municipality.code"), primary_key=True
    )
    language: Mapped[str] = mapped_column(
        Text, CheckConstraint("length(language) BETWEEN 2 AND 60", name="length"), primary_key=True
    )
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_until: Mapped[date | None]
    source: Mapped[str]

    __table_args__ = (CheckConstraint(VALIDITY, name="validity"),)


class ScoreWeights(Base):
    """A version of the weights of the score; a change is a new version.

    `weights` holds a whole number for each term of the score; `balance` weighs, in thousandths of
    a score, how evenly municipalities are filled; `floor` is what each size of household captures
    of its own best at the least, in percent, 0 for no floor.
    """

    __tablename__ = "score_weights"

    id: Mapped[int] = key()
    version: Mapped[int] = mapped_column(Integer, unique=True)
    valid_from: Mapped[date]
    weights: Mapped[dict[str, int]] = mapped_column(JSONB)
    balance: Mapped[int] = mapped_column(Integer)
    floor: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("balance BETWEEN 0 AND 10000", name="balance"),
        CheckConstraint("floor BETWEEN 0 AND 100", name="floor"),
    )


class RoomPriceList(Base):
    """What room is worth to who is still to come, as reckoned on a day from what it says.

    `arrivals` is how many households came in the weeks since `since`, `expected` how many are
    expected to move in the half-year of who got a permit that day, `waiting` how many waited;
    `weights_version` was in force, and `fitted_version` scored where a fitted model did. By
    municipality, `room` holds the persons that it could take and `prices` the points per unit of a
    row of room, without zeros; a row is a half-year of the move (persons) or a kind of dwelling.
    """

    __tablename__ = "room_price_list"

    id: Mapped[int] = key()
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    since: Mapped[date]
    arrivals: Mapped[int] = mapped_column(Integer)
    expected: Mapped[int] = mapped_column(Integer)
    waiting: Mapped[int] = mapped_column(Integer)
    weights_version: Mapped[int | None] = mapped_column(Integer)
    fitted_version: Mapped[int | None] = mapped_column(Integer)
    room: Mapped[dict[str, int]] = mapped_column(JSONB)
    prices: Mapped[dict[str, dict[str, float]]] = mapped_column(JSONB)

    __table_args__ = (
        CheckConstraint("arrivals >= 0 AND expected >= 0 AND waiting >= 0", name="counts"),
    )
