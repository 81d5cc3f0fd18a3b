"""Who of the made-up people finds work or study: a law that a model should find again.

The more an occupation is asked for in the region, and where there is help in one's own language,
the more often somebody works or studies. Nothing else counts.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from math import exp
from random import Random

from config import reference
from models.vocabulary import EducationLevel, OutcomeKind, ScoreTerm
from webapp.demo.acts import Act
from webapp.demo.market import market
from webapp.demo.people import Row
from workflows.matching.data import DemandRow, LanguageRow
from workflows.matching.facts import Adult, Market, Place, Seeker, Weights
from workflows.matching.score import PointsModel

# In log-odds, for a whole step of each term.
START = -2.4
EFFECTS = {ScoreTerm.OCCUPATION: 6.0, ScoreTerm.LANGUAGE: 1.5}
KINDS = (OutcomeKind.WORK, OutcomeKind.STUDY, OutcomeKind.WORK_AND_STUDY)
SHARES = (0.4, 0.45, 0.15)


class Prospects:
    """The chance of work or study of an adult in a municipality, in the market of a seed."""

    def __init__(self, seed: int, on: date) -> None:
        rows = [row for table in market(seed, on) for row in table]
        helped: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if isinstance(row, LanguageRow):
                helped[row.municipality_code].add(row.language)
        places = [
            Place(
                code=each.code,
                region=each.labour_market_region,
                column=0,
                row=0,
                languages=frozenset(helped[each.code]),
            )
            for each in reference.in_force(reference.municipalities(), on)
        ]
        demand = {
            (row.region_number, row.occupation_group): (row.vacancies, row.seekers)
            for row in rows
            if isinstance(row, DemandRow)
        }
        weights = Weights(1, dict.fromkeys(ScoreTerm, 1))
        self._model = PointsModel(places, Market(demand), weights)
        self._position = {place.code: number for number, place in enumerate(places)}

    def chance(self, adult: Adult, home: str) -> float:
        """Return the chance that the law gives; KeyError for an unknown municipality."""
        alone = Seeker(reference="", persons=1, adults=(adult,))
        terms = self._model.measures(alone, adult)
        here = self._position[home]
        odds = START + sum(effect * terms[term][here] for term, effect in EFFECTS.items())
        return 1.0 / (1.0 + exp(-odds))


def follow_the_law(acts: list[Act], seed: int, on: date) -> None:
    """Let the outcomes of screened adults follow the law, and measure every adult of a household.

    What was drawn for adults without a screening stays. Acts stay in the order of their days.
    """
    prospects = Prospects(seed, on)
    random = Random(f"{seed} work")  # noqa: S311 - must be the same each time
    screened, homes = _known(acts)
    for number, act in reversed(list(enumerate(acts))):
        if act.step != "record_outcome":
            continue
        home = homes[act.household.number]
        together = [
            replace(act, member=member, payload=dict(act.payload))
            for member in act.household.adults()
        ]
        for each in together:
            adult = screened.get((act.household.number, each.member))
            if adult is not None:
                works = random.random() < prospects.chance(adult, home)
                kind = random.choices(KINDS, SHARES)[0] if works else OutcomeKind.NEITHER
                each.payload["kind"] = kind
        acts[number : number + 1] = together


def _known(acts: list[Act]) -> tuple[dict[tuple[int, int | None], Adult], dict[int, str]]:
    """Return the screened adults by household and place, and where each household was linked."""
    screened: dict[tuple[int, int | None], Adult] = {}
    homes: dict[int, str] = {}
    for act in acts:
        number = act.household.number
        if act.step == "link":
            homes[number] = str(act.payload["municipality"])
        elif act.step == "screen" and "education_level" in act.payload:
            languages = act.household.origin.languages
            screened[number, act.member] = _adult(act.payload, languages)
    return screened, homes


def _adult(payload: Row, languages: tuple[str, ...]) -> Adult:
    jobs = payload.get("work_experience", ())
    return Adult(
        person_id=0,
        education=EducationLevel(payload["education_level"]),
        jobs=tuple((str(job["occupation"]), int(job["years"])) for job in jobs),
        languages=frozenset(each.strip().casefold() for each in languages),
    )
