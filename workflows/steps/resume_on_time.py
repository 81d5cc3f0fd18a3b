"""Resume the clock of a case whose suspension is over; the program itself does so."""

from workflows.errors import Refused
from workflows.guards import LIVE
from workflows.payload import Payload
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Step
from workflows.steps.resume import run_on


class ResumeOnTime(Payload):
    """Nothing: the case says until when its clock stood still."""


def decide(situation: Situation, _payload: ResumeOnTime) -> None:
    """Add the days that the clock stood still, once the last of them has passed."""
    until = situation.case.suspended_until
    if until is not None and situation.today <= until:
        raise Refused("not_over", "De opschorting duurt nog.")
    run_on(situation)


STEP = Step(
    code="resume_on_time",
    label="Termijn loopt weer",
    payload=ResumeOnTime,
    permission=Permission.RESUME_ON_TIME,
    decide=decide,
    starts_from=LIVE,
    needs=frozenset(),
    explanation="Laat de termijn weer lopen nu de opschorting voorbij is.",
)
