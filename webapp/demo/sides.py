"""What happens beside the road home: lessons, transfers, suspensions, births and stays."""

from datetime import date, timedelta

from models.vocabulary import (
    CaseKind,
    MemberRole,
    OutcomeKind,
    PreparationModule,
    StayPlace,
    SuspensionReason,
)
from webapp.demo.acts import Act
from webapp.demo.calendar import END, at, snapped, working_day
from webapp.demo.chains import Leg
from webapp.demo.figures import TODAY
from webapp.demo.payloads import Road
from webapp.demo.people import Registry, Row
from webapp.demo.waiting import Wait

ASSIGNED, MOVED_CENTRE, HOSTED, SUSPENDED, BORN, MOVED_ON = 0.5, 0.08, 0.03, 0.025, 0.04, 0.2
LESSONS = 3
SHORTEST_MOVE = 10
HALF_A_YEAR = 183
MODULES = (
    PreparationModule.DUTCH_LESSONS,
    PreparationModule.DUTCH_LESSONS,
    PreparationModule.SOCIETY_KNOWLEDGE,
    PreparationModule.LABOUR_ORIENTATION,
    PreparationModule.VOLUNTARY_WORK,
)


def bear_child(road: Road, legs: list[Leg], moments: list[float], registry: Registry) -> None:
    """Let a child be born between registration and move in a few families."""
    household, random = road.household, road.random
    couple = len(household.members) > 2 and household.members[1].role is MemberRole.PARTNER  # noqa: PLR2004 - a couple with a child
    if not couple or random.random() > BORN:
        return
    first, last = moments[0], _moment(legs, moments, "house") or min(moments[-1], END)
    if last - first < 20:  # noqa: PLR2004 - days: too short a wait to plan for
        return
    born_on = snapped(random.uniform(first + 8, last - 10)) - random.randint(0, 5)
    registry.bear(household, max(date.fromordinal(born_on), household.permit_on))


def beside(road: Road, legs: list[Leg], moments: list[float], wait: Wait | None) -> list[Act]:
    """Return the acts beside those of the legs that are taken."""
    moments = moments[: len(legs)]
    steps = [leg.step for leg in legs]
    until = _moment(legs, moments, "house") or _moment(legs, moments, "place_minor")
    end = until or (END if wait is not None else moments[-1])
    beside = _Beside(road, moments[0], end)
    elsewhere = wait is not None and wait.elsewhere
    beside.reception(finished="end" in steps or "close" in steps, stays=elsewhere)
    beside.births()
    linked = _moment(legs, moments, "link")
    ended = "end" in steps or any(leg.answer == "ended" for leg in legs)
    if linked is not None and not ended:
        beside.lessons(linked)
        beside.suspension(linked, now=wait is not None and wait.suspended)
    if wait is not None and wait.elsewhere and road.household.kind is not CaseKind.RESETTLEMENT:
        beside.stay(StayPlace.ELSEWHERE if wait.young else StayPlace.HOSTING_SCHEME, moments[-1])
    if "close" in steps and until is not None:
        beside.afterwards(until, moments[-1])
    return beside.acts


def _moment(legs: list[Leg], moments: list[float], step: str) -> float | None:
    found = [moment for leg, moment in zip(legs, moments, strict=False) if leg.step == step]
    return found[-1] if found else None


class _Beside:
    def __init__(self, road: Road, first: float, last: float) -> None:
        self._road = road
        self._random = road.random
        self._first, self._last = first, last
        self.acts: list[Act] = []

    def _add(self, step: str, moment: float, payload: Row, member: int | None = None) -> None:
        day = snapped(moment)
        self.acts.append(Act(day, moment, self._road.household, step, payload, member))

    def _between(self, first: float, last: float) -> float:
        return self._random.uniform(first, last)

    def reception(self, *, finished: bool, stays: bool) -> None:
        """Assign the case, and move the household to another centre."""
        share = ASSIGNED / 2 if finished else ASSIGNED
        later = self._first + 0.02
        if self._random.random() < share:
            self._add("assign", later, {})
        resettled = self._road.household.kind is CaseKind.RESETTLEMENT
        if (
            not (resettled or stays)
            and self._last - self._first > SHORTEST_MOVE
            and self._random.random() < MOVED_CENTRE
        ):
            moment = self._between(self._first + 3, self._last)
            moved_on = date.fromordinal(snapped(moment))
            self._add("change_centre", moment, {"moved_on": moved_on})
        if finished and not resettled and self._random.random() < HOSTED:
            self.stay(StayPlace.HOSTING_SCHEME, self._between(self._first + 0.1, self._last))

    def stay(self, place: StayPlace, moment: float) -> None:
        """Record where the household stays."""
        moment += 0.01
        self._add(
            "record_stay", moment, {"place": place, "stays_from": date.fromordinal(snapped(moment))}
        )

    def births(self) -> None:
        """Add the child that was born."""
        rows = self._road.household.rows(born_on_the_way=True)
        if rows:
            born_on: date = rows[0]["birth_date"]
            moment = max(at(working_day(born_on.toordinal() + 5), 0.4), self._first + 0.03)
            joined = max(born_on, self._road.household.permit_on)
            self._add(
                "add_member",
                min(moment, self._last - 0.01),
                {"members_to_add": rows, "joined_on": joined, "reason": "born"},
            )

    def lessons(self, linked: float) -> None:
        """Record some days of preparation for each adult, at most one a day."""
        for member in self._road.household.adults():
            days: set[int] = set()
            for _ in range(self._random.randint(0, LESSONS)):
                moment = self._between(linked + 0.01, max(self._last, linked + 0.02))
                if snapped(moment) in days:
                    continue
                days.add(snapped(moment))
                payload: Row = {
                    "module": self._random.choice(MODULES),
                    "on_date": date.fromordinal(snapped(moment)),
                    "hours": self._random.randint(2, 6),
                }
                self._add("record_preparation", moment, payload, member)

    def suspension(self, linked: float, *, now: bool) -> None:
        """Suspend the term for a while; with `now` it still stands still on the demo's day."""
        reason = self._random.choice(tuple(SuspensionReason))
        if now:
            moment = max(linked + 0.01, self._between(END - 25, END))
            until = TODAY + timedelta(days=self._random.randint(5, 60))
            self._add("suspend", moment, {"reason": reason, "until": until})
        elif self._last - linked > 30 and self._random.random() < SUSPENDED:  # noqa: PLR2004 - a month
            moment = self._between(linked + 1, self._last - 26)
            length = self._random.randint(10, 24)
            until = date.fromordinal(snapped(moment) + length)
            self._add("suspend", moment, {"reason": reason, "until": until})
            self._add("resume", moment + length, {})

    def afterwards(self, housed: float, closed: float) -> None:
        """Record what became of those who were housed half a year ago."""
        adults = self._road.household.adults()
        moment = max(housed + HALF_A_YEAR, closed + 1)
        if adults and moment < END and self._random.random() < 0.5:  # noqa: PLR2004 - half
            payload = {
                "kind": self._random.choices(tuple(OutcomeKind), (0.15, 0.25, 0.05, 0.55))[0],
                "months_after": "6",
                "measured_on": date.fromordinal(snapped(moment)),
            }
            self._add("record_outcome", moment, payload, adults[0])
