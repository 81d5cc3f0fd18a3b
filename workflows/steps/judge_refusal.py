"""Judge a refused dwelling."""

from models import HousingOffer
from models.vocabulary import CaseState, EndReason, MembershipEnd, OfferStatus, RefusalJudgment
from workflows.errors import Refused
from workflows.guards import not_the_linker
from workflows.household import leave_all
from workflows.linking import untie
from workflows.payload import Audience, Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.rules.norms import NormCode, due_date
from workflows.situation import Situation
from workflows.step import Need, Step, linked_balance


class JudgeRefusal(Payload):
    """The judgment and why."""

    judgment: RefusalJudgment = entry(
        "Oordeel",
        Widget.CHOICE,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig om te weten of de woning nog nodig is.",
    )
    motivation: Prose = entry("Motivering", Widget.PROSE, personal=True)


def decide(situation: Situation, payload: JudgeRefusal) -> CaseState | None:
    """Judge as another officer than the one who linked; an unjustified refusal gets a term."""
    not_the_linker(situation)
    case = situation.case
    if situation.offer is not None:
        accepted = payload.judgment is RefusalJudgment.ACCEPTED_AFTER_ALL
        status = OfferStatus.ACCEPTED if accepted else OfferStatus.REFUSED
        reason = None if accepted else situation.offer["refusal_reason"]
        situation.update(
            HousingOffer,
            situation.offer["id"],
            judgment=payload.judgment,
            status=status,
            refusal_reason=reason,
        )
    situation.tell(situation.linked_organisation_id, f"refusal_{payload.judgment}")
    match payload.judgment:
        case RefusalJudgment.JUSTIFIED:
            case.offer_id = None
            case.reaction_due_on = None
            return CaseState.PREPARING
        case RefusalJudgment.ACCEPTED_AFTER_ALL:
            case.reaction_due_on = None
            return CaseState.MOVING
        case RefusalJudgment.UNJUSTIFIED:
            if case.reaction_due_on is not None:
                raise Refused("judged", "Deze weigering is al onterecht verklaard.", "judgment")
            norms = situation.reference.norms
            case.reaction_due_on = due_date(norms, NormCode.REFUSAL_REACTION, situation.today)
            return None
        case RefusalJudgment.ENDED:
            return _end(situation)


def _end(situation: Situation) -> CaseState:
    case = situation.case
    if case.reaction_due_on is None or situation.today <= case.reaction_due_on:
        raise Refused(
            "reaction_term",
            "Beëindigen kan pas nadat de reactietermijn van een onterechte weigering voorbij is.",
            "judgment",
        )
    untie(situation, "judge_refusal")
    case.end_reason = EndReason.REFUSAL_UNJUSTIFIED
    leave_all(situation, MembershipEnd.CASE_ENDED, situation.today)
    return CaseState.ENDED


STEP = Step(
    code="judge_refusal",
    label="Weigering beoordelen",
    payload=JudgeRefusal,
    permission=Permission.JUDGE_REFUSAL,
    decide=decide,
    starts_from=frozenset({CaseState.REFUSED}),
    ends_in=frozenset({CaseState.PREPARING, CaseState.MOVING, CaseState.ENDED}),
    needs=frozenset({Need.MEMBERS, Need.OFFER, Need.HANDOVER}),
    balances=linked_balance,
    posts=True,
    lets_go=True,
    explanation="Beoordeel de weigering als een andere regievoerder dan die koppelde.",
)
