"""Close a case whose members all live in their home and are signed off.

The municipality reaches it for some months more, to record work and study (purpose limitation,
AVG art. 5), by the norm of the day.
"""

from models.vocabulary import (
    CaseState,
    HandoverEnd,
    HandoverOutcome,
    HandoverState,
    MembershipEnd,
)
from workflows.errors import Refused
from workflows.handover.record import leave_unheld, withdraw
from workflows.household import leave_all
from workflows.payload import OptionalProse, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.rules.agenda import PLACEMENTS
from workflows.rules.norms import NormCode, due_date
from workflows.situation import Situation
from workflows.step import Need, Step


class Close(Payload):
    """How the handover went and what is left open."""

    handover_outcome: HandoverOutcome = entry("Warme overdracht", Widget.CHOICE)
    reason: OptionalProse = entry(
        "Reden dat er geen overdracht was",
        Widget.PROSE,
        default=None,
        personal=True,
        help_text="Verplicht als er geen overdracht was.",
    )
    open_ends: OptionalProse = entry("Open punten", Widget.PROSE, default=None, personal=True)


def decide(situation: Situation, payload: Close) -> CaseState:
    """Close when nobody waits any more and the handover is accounted for."""
    case = situation.case
    if any(member.realised_entry is None for member in situation.members):
        raise Refused("not_signed_off", "Meld eerst alle leden van het huishouden af.")
    if case.housing_kind in PLACEMENTS:
        raise Refused(
            "placement",
            "Dit dossier blijft open tot de eigen woning is vastgelegd met Doorverhuizen.",
        )
    _account_for_handover(situation, payload)
    case.handover_outcome = payload.handover_outcome
    norms, today = situation.reference.norms, situation.today
    case.outcome_access_until = due_date(norms, NormCode.OUTCOME_ACCESS, today)
    leave_all(situation, MembershipEnd.CASE_CLOSED, today)
    return CaseState.CLOSED


def _account_for_handover(situation: Situation, payload: Close) -> None:
    """Demand that the handover was held, or that somebody says why not."""
    found = situation.handover
    held = found is not None and found.interview_held is True
    if payload.handover_outcome is HandoverOutcome.COMPLETED:
        if not held:
            raise Refused(
                "no_handover",
                "Er is geen afgeronde overdracht. Kies 'niet gehouden' met een reden.",
                "handover_outcome",
            )
        return
    if held:
        raise Refused(
            "handover_held",
            "Het overdrachtsgesprek is gehouden. Kies 'afgerond'.",
            "handover_outcome",
        )
    if payload.reason is None:
        raise Refused("reason", "Leg uit waarom er geen overdracht was.", "reason")
    if situation.case.handover_state == HandoverState.ACCEPTED:
        leave_unheld(situation, "close")
    else:
        withdraw(situation, "close", HandoverEnd.CASE_CLOSED)


STEP = Step(
    code="close",
    label="Dossier sluiten",
    payload=Close,
    permission=Permission.CLOSE,
    decide=decide,
    starts_from=frozenset({CaseState.HOUSED}),
    ends_in=frozenset({CaseState.CLOSED}),
    needs=frozenset({Need.MEMBERS, Need.HANDOVER}),
    lets_go=True,
    explanation="Sluit het dossier als iedereen is afgemeld.",
)
