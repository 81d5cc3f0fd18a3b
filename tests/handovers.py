"""Households whose handover stands somewhere, brought there by taking the steps."""

from typing import Any

from sqlalchemy import select

from models import Handover
from tests.factories import Household, Row, household_in
from tests.world import World
from workflows.permissions import Permission
from workflows.reading.handover import HandoverView, handovers_of

PREPARED: Row = {
    "open_actions": [{"action": "Huisarts zoeken", "before": "2017-03-01"}],
    "preparation_absence": "Er was nog geen plaats in de lessen.",
}
INTERVIEW: Row = {
    "held": True,
    "interview_on": "2017-02-01",
    "interview_form": "video",
    "language": "Arabisch",
    "interpreter": True,
    "participants": [
        {"party": "household", "name": "Noor Voorbeeld"},
        {"party": "agency", "name": "Kees Casemanager"},
        {"party": "municipality", "name": "Gea Gemeente"},
    ],
    "agreements": [
        {"what": "School zoeken", "party": "municipality", "due_on": "2017-03-01"},
        {"what": "Papieren meebrengen", "party": "household", "due_on": "2017-02-15"},
    ],
}
WITHDRAWAL: Row = {"reason": "too_early"}
REJECTION: Row = {"reason": "incomplete", "explanation": "Er ontbreekt een diploma."}
# By state: the steps that lead there, each with its side and payload.
_LADDER: dict[str, tuple[tuple[str, str, Row], ...]] = {
    "draft": (("prepare_handover", "sender", PREPARED),),
    "offered": (("offer_handover", "sender", {}),),
    "question": (("ask_about_handover", "receiver", {"question": "Is er een diploma?"}),),
    "answered": (("answer_about_handover", "sender", {"answer": "Ja, van een bachelor."}),),
    "accepted": (("accept_handover", "receiver", {}),),
    "completed": (("complete_handover", "receiver", INTERVIEW),),
}
_BEFORE = {
    "draft": (),
    "offered": ("draft",),
    "question": ("draft", "offered"),
    "answered": ("draft", "offered", "question"),
    "accepted": ("draft", "offered"),
    "completed": ("draft", "offered", "accepted"),
}


def hand_over(made: Household, state: str) -> Household:
    """Bring the handover of a household to a state by taking the steps."""
    if state in {"rejected", "withdrawn", "expired"}:
        hand_over(made, "offered")
        if state == "rejected":
            made.take("reject_handover", made.officer, **REJECTION)
        elif state == "withdrawn":
            made.take("withdraw_handover", "case_manager", **WITHDRAWAL)
        else:
            late = made.on(made.world.later(60).today)
            late.take("expire_handover", "functional_manager")
        return made
    for reached in (*_BEFORE[state], state):
        for step, side, payload in _LADDER[reached]:
            made.take(step, "case_manager" if side == "sender" else made.officer, **payload)
    return made


def handed_over(
    state: str,
    world: World,
    members: list[Row] | None = None,
    *,
    case: str = "preparing",
    **more: Any,
) -> Household:
    """Return a household whose handover stands in a state."""
    return hand_over(household_in(case, world, members, **more), state)


def row_of(made: Household) -> Any:
    """Return the newest handover of a household."""
    with made.world.engine.connect() as connection:
        found = select(Handover.__table__).where(Handover.case_id == made.row().id)
        return connection.execute(found.order_by(Handover.id.desc())).first()


def seen_by(made: Household, name: str) -> list[HandoverView]:
    """Return the handovers of a household that a user may see, the newest first."""
    with made.world.engine.connect() as connection:
        return handovers_of(connection, made.world.actors[name], made.row().id, made.world.today)


SIGHT = (Permission.VIEW_HANDOVER, Permission.VIEW_HANDOVER_THREAD, Permission.VIEW_SNAPSHOT)
