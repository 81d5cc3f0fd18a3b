"""Suspend the clock of a waiting case."""

from datetime import date

from models.vocabulary import SuspensionReason
from workflows.errors import Refused
from workflows.guards import WAITING_STATES
from workflows.payload import OptionalProse, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.rules.norms import NormCode, norm_on
from workflows.situation import Situation
from workflows.step import Step


class Suspend(Payload):
    """Why and until when the clock stands still."""

    reason: SuspensionReason = entry("Reden", Widget.CHOICE)
    until: date = entry("Tot en met", Widget.DATE)
    explanation: OptionalProse = entry("Toelichting", Widget.PROSE, default=None, personal=True)


def decide(situation: Situation, payload: Suspend) -> None:
    """Stop the clock for no longer than the ceiling allows in all."""
    case = situation.case
    if case.suspended_on is not None:
        raise Refused("suspended", "De termijn van dit dossier is al opgeschort.")
    if payload.until <= situation.today:
        raise Refused("past", "Kies een datum na vandaag.", "until")
    ceiling = norm_on(
        situation.reference.norms, NormCode.SUSPENSION_CEILING, situation.today
    ).amount
    if case.suspended_days + (payload.until - situation.today).days > ceiling:
        raise Refused(
            "ceiling",
            "Opschorten kan in totaal {ceiling} dagen; er zijn al {used} dagen gebruikt.",
            "until",
            {"ceiling": ceiling, "used": case.suspended_days},
        )
    case.suspended_on = situation.today
    case.suspended_until = payload.until
    case.suspension_reason = payload.reason


STEP = Step(
    code="suspend",
    label="Termijn opschorten",
    payload=Suspend,
    permission=Permission.SUSPEND,
    decide=decide,
    starts_from=WAITING_STATES,
    needs=frozenset(),
    explanation="Zet de termijn stil; de dagen komen erbij.",
)
