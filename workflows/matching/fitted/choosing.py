"""By which model the program scores: a person chooses, with a reason; the newest choice holds."""

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from models import ScoreModel, ScoreModelChoice, User
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound, Refused
from workflows.matching.fitted.keeping import MODEL_LOCK, fitted_of
from workflows.matching.fitted.model import Fitted
from workflows.moment import Moment
from workflows.one_row import one_row
from workflows.payload import Line, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.trail import now, record_audit


class ScoreModelReason(Payload):
    """Why another model scores from now on."""

    reason: Line = entry("Reden", Widget.TEXT, personal=True)


def in_force(connection: Connection) -> Fitted | None:
    """Return the fitted model that scores now; None for the points model.

    Raises `ChangedModelError` when somebody changed it outside the program.
    """
    version = version_in_force(connection)
    return None if version is None else fitted_of(_model(connection, version))


def version_in_force(connection: Connection) -> int | None:
    """Return the version of the fitted model that scores now; None for the points model."""
    return connection.scalar(
        select(ScoreModel.version)
        .select_from(ScoreModelChoice)
        .outerjoin(ScoreModel, ScoreModel.id == ScoreModelChoice.model_id)
        .order_by(ScoreModelChoice.id.desc())
        .limit(1)
    )


def switch_on(
    connection: Connection, actor: Actor, version: int, payload: ScoreModelReason, moment: Moment
) -> None:
    """Let a version of the fitted model score from now on; the caller commits.

    Raises `NotFound` without the right, for the program itself and for an unknown version;
    `Refused` when it scores already or was never tested.
    """
    _demand_person(connection, actor)
    model = _model(connection, version)
    if version_in_force(connection) == version:
        raise Refused("in_force", "Deze versie is al ingeschakeld.", "reason")
    if model.report is None:
        raise Refused(
            "not_tested",
            "Deze versie is niet getoetst, want er waren te weinig huishoudens. Wacht op een"
            " nieuwe versie.",
            "reason",
        )
    fitted_of(model)
    _choose(connection, actor, model, payload, moment)


def switch_off(
    connection: Connection, actor: Actor, payload: ScoreModelReason, moment: Moment
) -> None:
    """Let the points model score again; the caller commits.

    Raises `NotFound` without the right and for the program itself, `Refused` when it does already.
    """
    _demand_person(connection, actor)
    if version_in_force(connection) is None:
        raise Refused("not_in_force", "Het puntenmodel is al in gebruik.", "reason")
    _choose(connection, actor, None, payload, moment)


def _demand_person(connection: Connection, actor: Actor) -> None:
    """Lock the choice, and refuse whoever may not choose: the program's own account is closed."""
    policy.demand(actor, Permission.CHOOSE_SCORE_MODEL)
    connection.execute(select(func.pg_advisory_xact_lock(MODEL_LOCK)))
    if not connection.scalar(select(User.active).where(User.id == actor.user_id)):
        raise NotFound


def _model(connection: Connection, version: int) -> Row[Any]:
    return one_row(connection, select(ScoreModel.__table__).where(ScoreModel.version == version))


def _choose(
    connection: Connection,
    actor: Actor,
    model: Row[Any] | None,
    payload: ScoreModelReason,
    moment: Moment,
) -> None:
    connection.execute(
        insert(ScoreModelChoice).values(
            model_id=None if model is None else model.id,
            reason=payload.reason,
            chosen_at=now(connection, moment),
            chosen_by=actor.user_id,
        )
    )
    record_audit(
        connection,
        moment,
        actor.user_id,
        "score_model_chosen",
        subject="points" if model is None else str(model.version),
    )
