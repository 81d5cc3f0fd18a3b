"""Resume the clock of a suspended case."""

from workflows.errors import Refused
from workflows.guards import LIVE
from workflows.payload import OptionalProse, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Step


class Resume(Payload):
    """What changed."""

    explanation: OptionalProse = entry("Toelichting", Widget.PROSE, default=None, personal=True)


def decide(situation: Situation, _payload: Resume) -> None:
    """Let the clock run again from today."""
    run_on(situation)


def run_on(situation: Situation) -> None:
    """Add the days that the clock stood still, at most to the day it was planned to run again.

    Raises `Refused` when it runs.
    """
    case = situation.case
    if case.suspended_on is None or case.suspended_until is None:
        raise Refused("not_suspended", "De termijn van dit dossier is niet opgeschort.")
    stood = (min(situation.today, case.suspended_until) - case.suspended_on).days
    case.suspended_days += stood
    case.suspended_on = case.suspended_until = None
    case.suspension_reason = None
    situation.facts["days"] = stood


STEP = Step(
    code="resume",
    label="Termijn hervatten",
    payload=Resume,
    permission=Permission.RESUME,
    decide=decide,
    starts_from=LIVE,
    needs=frozenset(),
    explanation="Laat de termijn weer lopen.",
)
