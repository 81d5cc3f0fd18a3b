"""The versions of the fitted model, their reports, and who chose what scores."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from models import ScoreModel, ScoreModelChoice, User
from workflows import policy
from workflows.actor import Actor
from workflows.one_row import one_row
from workflows.permissions import Permission

NEWEST = 50


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A version of the fitted model, with its report; None where it could not be tested."""

    version: int
    hash: str
    known_on: date
    measurements: int
    adults: int
    households: int
    coefficients: dict[str, list[float]]
    report: dict[str, Any] | None
    fitted_at: datetime


@dataclass(frozen=True, slots=True)
class KeptChoice:
    """Who let a version (None: the points model) score from when, and why."""

    version: int | None
    reason: str
    chosen_at: datetime
    chosen_by: str


_MODELS = select(
    ScoreModel.version,
    ScoreModel.hash,
    ScoreModel.known_on,
    ScoreModel.measurements,
    ScoreModel.adults,
    ScoreModel.households,
    ScoreModel.coefficients,
    ScoreModel.report,
    ScoreModel.fitted_at,
)


def score_models(connection: Connection, actor: Actor) -> list[KeptModel]:
    """Return the newest versions; raises `NotFound` without the right."""
    policy.demand(actor, Permission.VIEW_SCORE_MODEL)
    rows = connection.execute(_MODELS.order_by(ScoreModel.version.desc()).limit(NEWEST))
    return [KeptModel(*row) for row in rows]


def score_model(connection: Connection, actor: Actor, version: int) -> KeptModel:
    """Return a version; raises `NotFound` without the right or the version."""
    policy.demand(actor, Permission.VIEW_SCORE_MODEL)
    found = one_row(connection, _MODELS.where(ScoreModel.version == version))
    return KeptModel(*found)


def choices(connection: Connection, actor: Actor) -> list[KeptChoice]:
    """Return who chose what scores, the newest first; raises `NotFound` without the right."""
    policy.demand(actor, Permission.VIEW_SCORE_MODEL)
    rows = connection.execute(
        select(
            ScoreModel.version,
            ScoreModelChoice.reason,
            ScoreModelChoice.chosen_at,
            User.name,
        )
        .select_from(ScoreModelChoice)
        .join(User, User.id == ScoreModelChoice.chosen_by)
        .outerjoin(ScoreModel, ScoreModel.id == ScoreModelChoice.model_id)
        .order_by(ScoreModelChoice.id.desc())
        .limit(NEWEST)
    )
    return [KeptChoice(*row) for row in rows]
