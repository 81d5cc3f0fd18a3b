"""Carries out a run: reads, solves, explains, and writes proposals for what has not changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select, update

from models import Case, Proposal
from models.vocabulary import CaseState, ProposalStatus, ScoreTerm
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.matching.arrivals import with_more_families
from workflows.matching.assemble import Assembled, assemble
from workflows.matching.balance import fill
from workflows.matching.draw import by_size, lottery_of
from workflows.matching.explain import Explainer, Explanation
from workflows.matching.facts import Market, Weights
from workflows.matching.fitted.choosing import in_force
from workflows.matching.fitted.model import Fitted, FittedModel
from workflows.matching.floor import Floored, with_floor
from workflows.matching.held_back import RunningList, Versions, running_list, with_room_held_back
from workflows.matching.linear import SolverFailed
from workflows.matching.problem import UnusableProblem
from workflows.matching.reading import balance_on, floor_on, market_on, weights_on
from workflows.matching.scene import Scene, scene_on
from workflows.matching.score import PointsModel, ScoreModel
from workflows.matching.solve import Plan, solve
from workflows.matching.staying import stay_put
from workflows.moment import Moment
from workflows.trail import now
from workflows.writing import insert_rows

# The parts of a run as its progress bar shows them, in percent.
READ, SCORED, SOLVED, DONE = 10, 30, 90, 100
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Input:
    """All that a run reads before it reckons; `fitted` None scores by the points model.

    With `known_prices`, room costs its price on that list, for who is still to come.
    """

    scene: Scene
    market: Market
    weights: Weights
    balance: float
    fitted: Fitted | None = None
    floor: float = 0.0
    known_prices: RunningList | None = None

    def score_model(self) -> ScoreModel:
        """Return what scores the households of the scene."""
        points = PointsModel(self.scene.places, self.market, self.weights)
        return points if self.fitted is None else FittedModel(points, self.fitted)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A plan with what it rests on, and the explanation of each household.

    `floored` tells what a floor under groups did, where one holds.
    """

    model: ScoreModel
    assembled: Assembled
    plan: Plan
    explanations: tuple[Explanation, ...]
    floored: Floored | None = None


def read_input(
    connection: Connection, actor: Actor, wish: Mapping[str, Any], moment: Moment
) -> Input:
    """Read what a run reckons with, with the changes that it asks for.

    Raises `Refused` when no household in the actor's reach waits, or nobody chose weights yet.
    """
    scene = scene_on(
        connection,
        actor,
        moment.today,
        references=wish["references"],
        closed=frozenset(wish["closed"]),
    )
    if not scene.households:
        raise Refused("nobody_waits", "Er is geen huishouden dat op een koppeling wacht.")
    if wish.get("families"):
        scene = with_more_families(scene, int(wish["families"]))
    if wish["quotas"]:
        scene = replace(scene, rooms=_with_quotas(scene, wish["quotas"]))
    try:
        weights = weights_on(connection, moment.today)
        balance = balance_on(connection, moment.today)
        floor = floor_on(connection, moment.today)
    except LookupError as error:
        raise Refused(
            "no_weights",
            "Er zijn nog geen gewichten voor de score. De functioneel beheerder legt ze vast.",
        ) from error
    if wish["weights"] is not None:
        changed = {ScoreTerm(term): int(weight) for term, weight in wish["weights"].items()}
        weights = Weights(weights.version, changed)
    # Other weights are a question about the points model.
    fitted = in_force(connection) if wish["weights"] is None else None
    market = market_on(connection, moment.today)
    asked = wish.get("floor")
    least = (floor if asked is None else int(asked)) / HUNDRED
    known_prices = None
    if wish.get("hold_back"):
        by = Versions(weights.version, None if fitted is None else fitted.version)
        known_prices = running_list(connection, moment.today, by)
    return Input(scene, market, weights, balance, fitted, least, known_prices)


def answer(given: Input, progress: Callable[[int], None], before: Answer | None = None) -> Answer:
    """Score, solve and explain; `progress` is told how far it is, in percent.

    It may raise, to stop the run in the middle, also while it solves. Beside an answer `before`,
    on the same households first, nobody moves for nothing. Raises `Refused` when the scores are no
    numbers, or the solver ends without an answer.
    """
    model = given.score_model()
    try:
        assembled = assemble(given.scene, model.scores(_seekers(given.scene)), given.balance)
        if given.known_prices is not None:
            assembled = with_room_held_back(assembled, given.known_prices.prices)
        progress(SCORED)
        plan = solve(assembled.problem, lambda: progress(SCORED))
    except (UnusableProblem, SolverFailed) as error:
        raise _no_answer(error) from error
    if before is not None:
        plan = stay_put(assembled.problem, plan, before.plan.assignment)
    floored = None
    if given.floor:
        floored = with_floor(
            assembled.problem,
            plan,
            lottery_of(assembled),
            by_size(assembled),
            given.floor,
            told=lambda: progress(SCORED),
        )
        plan = floored.plan
    progress(SOLVED)
    held = None if given.known_prices is None else given.known_prices.made_on
    explainer = Explainer(assembled, plan, model, held)
    found = tuple(explainer.explain(number) for number in range(len(given.scene.households)))
    return Answer(model, assembled, plan, found, floored)


def _no_answer(error: UnusableProblem | SolverFailed) -> Refused:
    if isinstance(error, UnusableProblem):
        return Refused(
            "unusable_scores",
            "Uit de gewichten en de koppelgegevens is geen score te berekenen. Er is niets"
            " voorgesteld. Vraag de functioneel beheerder om ze na te kijken.",
        )
    return Refused(
        "no_answer",
        "De berekening eindigde zonder antwoord. Er is niets voorgesteld. Start haar opnieuw;"
        " meld het aan de beheerder als het weer gebeurt.",
    )


def write_proposals(connection: Connection, run_id: int, found: Answer, moment: Moment) -> int:
    """Replace the open proposals of the households by those of a plan; the caller commits.

    A household that changed since it was read keeps none: what it was proposed rests on what is
    no longer so. Returns how many households have a proposal now.
    """
    scene = found.assembled.scene
    waiting = {each.case_id: each for each in scene.households}
    locked = connection.execute(
        select(Case.id, Case.version)
        .where(Case.id.in_(waiting), Case.state == CaseState.SCREENED)
        .order_by(Case.id)
        .with_for_update(key_share=True)
    )
    same = {case_id for case_id, version in locked if waiting[case_id].version == version}
    connection.execute(
        update(Proposal)
        .where(Proposal.case_id.in_(waiting), Proposal.status == ProposalStatus.OPEN)
        .values(status=ProposalStatus.INVALID)
    )
    at = now(connection, moment)
    rows = [
        (Proposal, row)
        for household, explanation in zip(scene.households, found.explanations, strict=True)
        if household.case_id in same and explanation.placed
        for row in _rows(
            explanation,
            {
                "run_id": run_id,
                "case_id": household.case_id,
                "case_version": household.version,
                "made_at": at,
            },
            moment,
        )
    ]
    if rows:
        insert_rows(connection, rows)
    return len({row["case_id"] for _, row in rows})


def _rows(explanation: Explanation, base: dict[str, Any], moment: Moment) -> list[dict[str, Any]]:
    """Return a row per choice; the explanation stands with the first."""
    return [
        base
        | {
            "reference": moment.new_reference(),
            "municipality_code": choice.municipality,
            "rank": rank,
            "score": round(choice.score, 6),
            "explanation": explanation.as_json() if rank == 1 else {},
            "status": ProposalStatus.OPEN,
        }
        for rank, choice in enumerate(explanation.choices, start=1)
    ]


def _seekers(scene: Scene) -> list[Any]:
    return [each.seeker for each in scene.households]


def _with_quotas(scene: Scene, quotas: Mapping[str, int]) -> dict[str, Any]:
    """Return the rooms with persons added to, or taken from, the quotas of municipalities."""
    return {
        code: replace(room, obliged=room.obliged + int(quotas.get(code, 0)))
        for code, room in scene.rooms.items()
    }


def summary(found: Answer) -> dict[str, Any]:
    """Return what a run says of itself: who is placed, how good the plan is, and why not all."""
    plan, problem = found.plan, found.assembled.problem
    placed = [each for each in found.explanations if each.placed]
    unplaced: dict[str, int] = {}
    for each in found.explanations:
        if each.why_unplaced is not None:
            unplaced[each.why_unplaced] = unplaced.get(each.why_unplaced, 0) + 1
    persons = sum(each.persons for each in placed)
    return {
        "households": problem.households,
        "persons": int(problem.size.sum()),
        "households_placed": len(placed),
        "persons_placed": persons,
        "unplaced": unplaced,
        "left": {
            household.reference: each.why_unplaced
            for household, each in zip(
                found.assembled.scene.households, found.explanations, strict=True
            )
            if each.why_unplaced is not None
        },
        "score": sum(each.choices[0].score for each in placed),
        "objective": plan.certificate.objective,
        "bound": plan.certificate.bound,
        "gap": plan.certificate.gap,
        "optimal": plan.certificate.optimal,
        "balance": fill(found.assembled, plan),
        "floor": None if found.floored is None else found.floored.as_json(),
        "weights_version": found.explanations[0].weights_version,
        "fitted": found.explanations[0].fitted,
        "priced_on": found.explanations[0].priced_on,
        "method": found.explanations[0].method,
    }
