"""Why a plan links a household where it does: numbers only, from which pages make sentences.

Each number is one of the plan or of the scores, so that a sentence can be checked against it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from models.vocabulary import Exclusion, ScoreTerm
from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.assemble import EXCLUSIONS, FREE, Assembled
from workflows.matching.score import ScoreModel
from workflows.matching.solve import Plan

ALTERNATIVES = 3
METHOD = "prices and search, version 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A municipality for a household: net = score - levelling - scarcity, in points.

    `levelling` is what the balance between municipalities takes, `scarcity` what the room that
    the household takes could add for others at most: for who waits now, and, in a run that holds
    room back, for who is still to come. `rank` is its place by score alone among the
    municipalities that are possible. `terms` adds up the points of the adults per term, `base`
    what they start with anywhere; together they are the score. `room` is what the quota leaves
    for the household's move before this run, `left` after the whole plan; persons.
    """

    municipality: str
    score: float
    levelling: float
    scarcity: float
    net: float
    rank: int
    room: int
    left: int
    terms: Mapping[ScoreTerm, float]
    base: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a household is linked to the first of its choices, or to none.

    `regret` is what the household gives up, in points net, for the plan as a whole. `excluded`
    counts the municipalities that are not possible, by reason. `best_by_score` is the first by
    score alone. The score is that of the points model with the version of its weights, or of a
    `fitted` model with its version, hash and number of measurements. `priced_on` is the day of
    the price list by which room was held back for who is still to come.
    """

    persons: int
    placed: bool
    why_unplaced: str | None
    choices: tuple[Choice, ...]
    best_by_score: Choice | None
    regret: float
    possible: int
    excluded: Mapping[Exclusion, int]
    criteria: tuple[Mapping[str, Any], ...]
    adults: tuple[Mapping[str, Any], ...]
    weights_version: int | None
    fitted: Mapping[str, Any] | None = None
    priced_on: str | None = None
    method: str = METHOD

    def as_json(self) -> dict[str, Any]:
        """Return the explanation as it is kept with a proposal."""
        return asdict(self)


class Explainer:
    """Explains the households of one plan; `held` is the day of the prices that hold room back."""

    def __init__(
        self, assembled: Assembled, plan: Plan, model: ScoreModel, held: date | None = None
    ) -> None:
        self._held = held
        self._assembled = assembled
        self._plan = plan
        self._model = model
        problem = assembled.problem
        self._priced = problem.priced_use(plan.prices)
        self._held_back = _held_back(assembled)
        self._left = problem.left(plan.assignment)

    def explain(self, household: int) -> Explanation:
        """Return the explanation of a household by its place in the scene."""
        waiting = self._assembled.scene.households[household]
        codes = self._assembled.exclusions[household]
        possible = np.flatnonzero(codes == FREE).astype(np.int64)
        chosen = int(self._plan.assignment[household])
        ordered = self._ordered(household, possible, chosen)
        nets = self._net(household)[possible]
        best = int(possible[self._scores(household)[possible].argmax()]) if len(possible) else None
        placed = chosen != NOWHERE
        why = None if placed else self._plan.unplaced.get(household)
        return Explanation(
            persons=waiting.seeker.persons,
            placed=placed,
            why_unplaced=None if why is None else why.value,
            choices=tuple(self._choice(household, place, possible) for place in ordered),
            best_by_score=None if best is None else self._choice(household, best, possible),
            regret=float(nets.max() - self._net(household)[chosen]) if placed else 0.0,
            possible=len(possible),
            excluded=counted(codes),
            criteria=tuple(dict(each) for each in waiting.hard_criteria),
            adults=self._adults(household, ordered[0] if ordered else None),
            weights_version=self._model.weights_version,
            fitted=self._model.fitted,
            priced_on=None if self._held is None else self._held.isoformat(),
        )

    def _ordered(self, household: int, possible: Ints, chosen: int) -> list[int]:
        """Return the chosen place and the best others by net score."""
        nets = self._net(household)[possible]
        by_net = [int(place) for place in possible[np.lexsort((possible, -nets))]]
        others = [place for place in by_net if place != chosen]
        first = [] if chosen == NOWHERE else [chosen]
        return [*first, *others][: ALTERNATIVES + 1]

    def _choice(self, household: int, place: int, possible: Ints) -> Choice:
        waiting = self._assembled.scene.households[household]
        scores = self._scores(household)
        points = [self._model.points(waiting.seeker, each) for each in waiting.seeker.adults]
        row = self._assembled.rows.index(self._assembled.scene.moves[household])
        return Choice(
            municipality=self._assembled.scene.places[place].code,
            score=float(scores[place]),
            levelling=float(
                scores[place]
                - self._assembled.problem.score[household, place]
                - self._held_back[household, place]
            ),
            scarcity=float(self._priced[household, place] + self._held_back[household, place]),
            net=float(self._net(household)[place]),
            rank=1 + int((scores[possible] > scores[place]).sum()),
            room=int(self._assembled.problem.room[place, row]),
            left=int(self._left[place, row]),
            terms={
                term: float(sum(each.terms[term][place] for each in points)) for term in ScoreTerm
            },
            base=sum(each.base for each in points),
        )

    def _adults(self, household: int, place: int | None) -> tuple[Mapping[str, Any], ...]:
        """Return the points of each adult in a place, so that no adult hides behind another."""
        if place is None:
            return ()
        seeker = self._assembled.scene.households[household].seeker
        return tuple(
            {
                "person_id": adult.person_id,
                "score": float(self._model.points(seeker, adult).total[place]),
            }
            for adult in seeker.adults
        )

    def _scores(self, household: int) -> Floats:
        scores: Floats = self._assembled.scores[household]
        return scores

    def _net(self, household: int) -> Floats:
        net: Floats = self._assembled.problem.score[household] - self._priced[household]
        return net


def _held_back(assembled: Assembled) -> Floats:
    """Return what each household paid in each municipality for who is still to come, in points."""
    if assembled.held_back is None:
        return np.zeros(assembled.scores.shape)
    return assembled.problem.priced_use(assembled.held_back)


def counted(codes: npt.NDArray[np.int8]) -> dict[Exclusion, int]:
    """Count the municipalities that are not possible for a household, by reason."""
    counts = np.bincount(codes[codes != FREE], minlength=len(EXCLUSIONS))
    return {reason: int(count) for reason, count in zip(EXCLUSIONS, counts, strict=True) if count}
