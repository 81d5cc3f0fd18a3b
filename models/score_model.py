"""Models that were fitted on recorded outcomes, and who chose by which the program scores."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, key


class ScoreModel(Base):
    """A version of the fitted model; a new fit is a new version.

    `known_on` is the day on which its outcomes were read. `coefficients` holds a value and its
    standard error per feature, `report` the back-test; `hash` is over all but the report.
    """

    __tablename__ = "score_model"

    id: Mapped[int] = key()
    version: Mapped[int] = mapped_column(Integer, unique=True)
    hash: Mapped[str] = mapped_column(Text, CheckConstraint("hash ~ '^[0-9a-f]{64}$'", name="hash"))
    known_on: Mapped[date]
    measurements: Mapped[int] = mapped_column(Integer)
    adults: Mapped[int] = mapped_column(Integer)
    households: Mapped[int] = mapped_column(Integer)
    coefficients: Mapped[dict[str, list[float]]] = mapped_column(JSONB)
    report: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    fitted_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint(
            "households > 0 AND households <= adults AND adults <= measurements", name="counts"
        ),
    )


class ScoreModelChoice(Base):
    """A person's choice of the model that scores from then on; without a model: the points."""

    __tablename__ = "score_model_choice"

    id: Mapped[int] = key()
    model_id: Mapped[int | None] = mapped_column(ForeignKey("score_model.id"))
    reason: Mapped[str]
    chosen_at: Mapped[datetime]
    chosen_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (CheckConstraint("length(reason) BETWEEN 1 AND 200", name="reason_length"),)
