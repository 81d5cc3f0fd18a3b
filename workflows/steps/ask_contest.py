"""Contest a link: the municipality asks the placement officer to judge it."""

from models.vocabulary import CaseState, ContestGround
from workflows.errors import Refused
from workflows.payload import Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Step


class AskContest(Payload):
    """On what ground the municipality contests."""

    ground: ContestGround = entry("Grond", Widget.CHOICE)
    explanation: Prose = entry("Toelichting", Widget.PROSE, personal=True)


def decide(situation: Situation, payload: AskContest) -> None:
    """Put the contest before the COA region."""
    case = situation.case
    if case.contested_on is not None:
        raise Refused("already_contested", "Deze koppeling is al betwist en wacht op een oordeel.")
    case.contested_on = situation.today
    situation.facts["ground"] = payload.ground
    situation.tell(case.region_id, "contested")


STEP = Step(
    code="ask_contest",
    label="Koppeling betwisten",
    payload=AskContest,
    permission=Permission.ASK_CONTEST,
    decide=decide,
    starts_from=frozenset({CaseState.LINKED, CaseState.PREPARING}),
    needs=frozenset(),
    explanation="Vraag de regievoerder om de koppeling opnieuw te bekijken.",
)
