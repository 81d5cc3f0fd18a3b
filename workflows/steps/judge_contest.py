"""Judge a contested link: uphold it, or return the household to be linked anew."""

from typing import Literal

from models.vocabulary import CaseState
from workflows.errors import Refused
from workflows.guards import not_the_linker
from workflows.linking import untie
from workflows.payload import Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step, linked_balance


class JudgeContest(Payload):
    """The judgment and why."""

    judgment: Literal["link_upheld", "contest_granted"] = entry("Oordeel", Widget.CHOICE)
    motivation: Prose = entry("Motivering", Widget.PROSE, personal=True)


def decide(situation: Situation, payload: JudgeContest) -> CaseState | None:
    """Judge as another officer than the one who linked."""
    case = situation.case
    if case.contested_on is None:
        raise Refused("not_contested", "Deze koppeling is niet betwist.")
    not_the_linker(situation)
    case.contested_on = None
    if payload.judgment == "link_upheld":
        situation.tell(situation.linked_organisation_id, "link_upheld")
        return None
    untie(situation, "judge_contest")
    return CaseState.SCREENED


STEP = Step(
    code="judge_contest",
    label="Betwisting beoordelen",
    payload=JudgeContest,
    permission=Permission.JUDGE_CONTEST,
    decide=decide,
    starts_from=frozenset({CaseState.LINKED, CaseState.PREPARING}),
    ends_in=frozenset({CaseState.SCREENED}),
    needs=frozenset({Need.OFFER, Need.HANDOVER}),
    balances=linked_balance,
    posts=True,
    explanation="Beoordeel de betwisting als een andere regievoerder dan die koppelde.",
)
