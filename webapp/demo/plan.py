"""The plan of the demo: every household with its acts, before anything is stored.

Pure: the same seed and scale give the same plan. Realised households are planned backwards from
the day on which they count, waiting ones forwards from their permit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from models.vocabulary import CaseKind
from webapp.demo import sides
from webapp.demo.acts import Act
from webapp.demo.calendar import (
    END,
    FIRST_DAY,
    LAST_DAY,
    at,
    keep_links_late,
    place,
    snapped,
    working_day,
    working_days,
)
from webapp.demo.chains import Chains, Leg, until
from webapp.demo.figures import (
    MUNICIPALITIES_OF,
    TODAY,
    MunicipalFigures,
    NationalFigures,
    divide,
)
from webapp.demo.handovers import closed_after_interview, handover_acts, is_held
from webapp.demo.payloads import Road, act
from webapp.demo.people import Household, Registry
from webapp.demo.rooms import Rooms, consent_where_full
from webapp.demo.waiting import Wait, waits
from webapp.demo.work import follow_the_law

SIZES = (1, 2, 3, 4, 5, 6, 7)
SHARES = (0.60, 0.12, 0.10, 0.09, 0.05, 0.03, 0.01)
LATE_SHARE = 0.08
FOLLOW_ON_SHARE = 0.16
MINOR_SHARE = 0.045
RESETTLED_SHARE = 0.05
RELOCATED_SHARE = 0.07
END_OF_DAY = 0.9
REACTION_DAYS = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """All acts in the order in which they are taken, and the ledger that they lead to.

    Acts are in two halves that never touch the same municipality, so that they can be taken at
    the same time.
    """

    nation: NationalFigures
    figures: list[MunicipalFigures]
    halves: tuple[list[Act], list[Act]]


def make_plan(seed: int, scale: float = 1.0) -> Plan:
    """Return the plan for a seed; `scale` below 1 makes a smaller demo for tests."""
    return _Planner(seed, scale).run()


class _Planner:
    def __init__(self, seed: int, scale: float) -> None:
        self._seed = seed
        self._random = Random(f"thuisroute {seed}")  # noqa: S311 - must be the same each time
        self._nation = NationalFigures().scaled(scale)
        self._figures = divide(self._nation, self._random)
        self._chains = Chains(self._random)
        self._registry = Registry(self._random)
        self._rooms = Rooms(self._figures, self._random)
        self._acts: list[Act] = []
        self._first_days = working_days(date(2016, 7, 1), date(2016, 12, 30))
        self._second_days = working_days(date(2017, 1, 2), LAST_DAY)
        self._sponsors: dict[str, list[tuple[int, Household]]] = {}
        self._all_sponsors: list[tuple[int, Household]] = []

    def run(self) -> Plan:
        for figures in self._figures:
            self._realised(figures)
        for wait in waits(self._nation, self._random):
            self._waiting(wait)
        self._ended()
        self._acts.sort(key=lambda each: (each.day, each.moment, each.household.number))
        consent_where_full(self._acts, self._figures)
        follow_the_law(self._acts, self._seed, MUNICIPALITIES_OF)
        halves: tuple[list[Act], list[Act]] = ([], [])
        for each in self._acts:
            halves[self._rooms.half_of(each.household)].append(each)
        return Plan(self._nation, self._figures, halves)

    def _realised(self, figures: MunicipalFigures) -> None:
        booked = [
            (size, self._random.choice(days))
            for persons, days in (
                (figures.realised_previous, self._first_days),
                (figures.realised, self._second_days),
            )
            for size in self._fill(persons)
        ]
        for size, day in sorted(booked):
            self._housed(figures.code, size, day)

    def _fill(self, persons: int) -> Iterator[int]:
        while persons > 0:
            size = min(persons, self._random.choices(SIZES, SHARES)[0])
            persons -= size
            yield size

    def _kind(self, size: int) -> CaseKind:
        draw = self._random.random()
        if size == 1:
            if draw < MINOR_SHARE:
                return CaseKind.UNACCOMPANIED_MINOR
        elif draw < FOLLOW_ON_SHARE:
            return CaseKind.FAMILY_FOLLOW_ON
        elif draw < FOLLOW_ON_SHARE + RESETTLED_SHARE:
            return CaseKind.RESETTLEMENT
        if draw > 1 - RELOCATED_SHARE:
            return CaseKind.RELOCATION
        return CaseKind.ASYLUM

    def _housed(self, code: str, size: int, booked_on: int) -> None:
        """Plan a household that counts for a municipality on a day."""
        kind = self._kind(size)
        legs = self._chains.draw(kind, size, min(size, 2))
        road_home = until(legs, "sign_off")
        end = at(booked_on, END_OF_DAY)
        start = end - sum(leg.gap for leg in road_home)
        moments = place(road_home, start, end)
        sponsor = None
        if kind is CaseKind.FAMILY_FOLLOW_ON:
            sponsor = self._sponsor(self._sponsors.get(code, []), snapped(start))
            kind = kind if sponsor else CaseKind.ASYLUM
        household = self._household(size, kind, snapped(start))
        household.municipality, household.sponsor = code, sponsor
        lag = 0
        if self._random.random() < LATE_SHARE:
            lag = self._random.randint(1, 6)
        recorded = working_day(min(booked_on + lag, LAST_DAY.toordinal()))
        moments[-1] = at(recorded, END_OF_DAY)
        road = self._road(household, road_home)
        road.booked_on = date.fromordinal(booked_on)
        # Pressing together what follows the link must leave the booked day alone.
        kept = keep_links_late(road_home[:-1], moments[:-1], self._random.uniform(0, 22))
        moments = [*kept, moments[-1]]
        if len(legs) > len(road_home):
            road_home = [*road_home, legs[-1]]
            moments.append(moments[-1] + legs[-1].gap)
        self._take(road, road_home, moments)
        if kind is CaseKind.ASYLUM and size == 1:
            entry = (snapped(moments[0]), household)
            self._sponsors.setdefault(code, []).append(entry)
            self._all_sponsors.append(entry)

    def _sponsor(self, known: list[tuple[int, Household]], day: int) -> Household | None:
        """Return somebody registered well before a day who has no follow-on family yet."""
        for n, (registered, household) in enumerate(known):
            if max(registered, FIRST_DAY.toordinal() + 14) < day - REACTION_DAYS:
                del known[n]
                return household
        return None

    def _waiting(self, wait: Wait) -> None:
        """Plan a household that still waits on the day of the demo."""
        legs = self._waiting_legs(wait)
        permit = working_day(TODAY.toordinal() - wait.age)
        elapsed = min(self._chains.days(wait.elapsed, 0.6), 0.7 * wait.age)
        end = min(TODAY.toordinal() - max(elapsed, 0.5), END)
        start = at(permit, self._random.uniform(0.1, 0.8))
        end = max(start, end)
        moments = keep_links_late(legs, place(legs, start, end), self._random.uniform(0, 22))
        kind, sponsor = wait.kind, None
        if kind is CaseKind.FAMILY_FOLLOW_ON:
            sponsor = self._sponsor(self._all_sponsors, permit)
            kind = kind if sponsor else CaseKind.ASYLUM
        household = self._registry.household(
            wait.size, date.fromordinal(permit), kind, young=wait.young
        )
        household.sponsor = sponsor
        if any(leg.step == "link" for leg in legs):
            wanted = None if sponsor is None else sponsor.municipality
            household.municipality = wanted or self._rooms.find(household.size)
            self._rooms.use(household.municipality, household.size)
        road = self._road(household, legs)
        road.small_scale = not wait.young
        self._take(road, legs, moments, wait)

    def _waiting_legs(self, wait: Wait) -> list[Leg]:
        adults = min(wait.size, 2)
        legs = self._chains.draw(wait.kind, wait.size, adults, wait.twist)
        legs = until(legs, wait.last_step)
        return [*legs, *(Leg(step, self._chains.days(4.0), answer) for step, answer in wait.more)]

    def _ended(self) -> None:
        days = working_days(date(2016, 5, 2), LAST_DAY)
        for size in self._fill(self._nation.ended):
            legs = self._chains.ended(CaseKind.ASYLUM, size, min(size, 2))
            end = at(self._random.choice(days), END_OF_DAY)
            moments = place(legs, end - sum(leg.gap for leg in legs), end)
            moments = keep_links_late(legs, moments, self._random.uniform(0, 10))
            household = self._household(size, CaseKind.ASYLUM, snapped(moments[0]))
            road = self._road(household, legs)
            self._take(road, legs, moments)

    def _household(self, size: int, kind: CaseKind, registered: int) -> Household:
        permit = registered - self._random.choice((0, 0, 0, 1, 2, 3))
        household = self._registry.household(size, date.fromordinal(permit), kind)
        if size == 1 and kind is CaseKind.ASYLUM and self._random.random() < 0.1:  # noqa: PLR2004 - a share
            household.expected_members = self._random.randint(1, 5)
        return household

    def _road(self, household: Household, legs: list[Leg]) -> Road:
        other = self._rooms.other(household, household.municipality)
        road = Road(household, self._random, other)
        road.links_left = sum(leg.step == "link" for leg in legs)
        return road

    def _take(
        self, road: Road, legs: list[Leg], moments: list[float], wait: Wait | None = None
    ) -> None:
        """Turn legs and what happens beside them into acts."""
        legs, moments = _one_screening_per_adult(road.household, legs, moments)
        moments = _not_before_the_start(moments, self._random.uniform(0, 14))
        sides.bear_child(road, legs, moments, self._registry)
        acts: list[Act] = []
        previous = 0
        for leg, planned in zip(legs, moments, strict=True):
            moment = planned
            if leg.answer == "ended":
                moment = max(planned, at(previous + 2 * REACTION_DAYS, END_OF_DAY))
            if moment > END:
                break
            day = snapped(moment)
            acts.append(act(road, leg, day, moment))
            previous = day
        acts += sides.beside(road, legs[: len(acts)], moments, wait)
        handing = handover_acts(road.household, legs, moments, acts)
        if is_held(handing):
            acts = [closed_after_interview(each) for each in acts]
        self._acts += acts + handing


def _one_screening_per_adult(
    household: Household, legs: list[Leg], moments: list[float]
) -> tuple[list[Leg], list[float]]:
    """Leave out screenings of adults whom the household does not have after all."""
    spare = sum(leg.step == "screen" for leg in legs) - len(household.adults())
    kept = []
    for leg, moment in zip(legs, moments, strict=True):
        if leg.step == "screen" and spare > 0:
            spare -= 1
            continue
        kept.append((leg, moment))
    return [leg for leg, _ in kept], [moment for _, moment in kept]


def _not_before_the_start(moments: list[float], jitter: float) -> list[float]:
    """Register in its first weeks who had a permit before the program began."""
    if moments[0] >= FIRST_DAY.toordinal():
        return moments
    first = FIRST_DAY.toordinal() + jitter
    return [max(moment, first + 0.01 * n) for n, moment in enumerate(moments)]
