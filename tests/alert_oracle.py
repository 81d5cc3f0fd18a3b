"""Which alerts must have fired, said again day by day from the words of the process.

It knows nothing of the terms that the engine keeps: it looks at the bare columns of each case
after every act, remembers since when it stands so, and counts days one by one on its own calendar.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

DAY = timedelta(days=1)
# Public holidays on which offices close, from the government's own list.
CLOSED = {
    date.fromisoformat(each)
    for each in (
        "2017-04-14",
        "2017-04-16",
        "2017-04-17",
        "2017-04-27",
        "2017-05-25",
        "2017-06-04",
        "2017-06-05",
        "2017-12-25",
        "2017-12-26",
        "2018-01-01",
        "2018-03-30",
        "2018-04-01",
        "2018-04-02",
        "2018-04-27",
        "2018-05-10",
        "2018-05-20",
        "2018-05-21",
        "2018-12-25",
        "2018-12-26",
        "2019-01-01",
    )
}
ACTS = {"take_up": 5, "judge_contest": 5, "answer_offer": 5, "judge_refusal": 10, "close": 20}
FROM_PERMIT = {"screening": 0, "link": 14, "lease": 84, "move": 98}
FROM_LINK = {"lease": 70, "move": 84}
NEVER_COUNTS = {"hosting_scheme", "reception_hotel", "reception_unit", "transit_location"}
COUNTS_FROM_AGE = 15


class Told(NamedTuple):
    """A stage of a term that was told."""

    case: str
    term: str
    subject: str
    due_on: date
    stage: str


class Running(NamedTuple):
    """A term that runs on a case."""

    case: str
    term: str
    subject: str
    due_on: date


def open_day(day: date) -> bool:
    """Tell whether offices are open."""
    return day.isoweekday() <= 5 and day not in CLOSED


def after(day: date, working_days: int, stops: Sequence["Stop"] = ()) -> date:
    """Count forward, one day at a time; a day on which the clock stands still does not count."""
    counted = 0
    while counted < working_days:
        day += DAY
        stands = any(stop.start <= day < stop.until for stop in stops)
        counted += open_day(day) and not stands
    return day


@dataclass(slots=True)
class Stop:
    """A time in which the clock of a case stands still, from a day until before another."""

    start: date
    until: date
    over: bool = False


@dataclass(slots=True)
class Link:
    """Since when a case is linked, and for how long its clock had stood still by then."""

    since: date
    stood: int


def stage_days(running: Running) -> dict[str, date]:
    """Return on which day each stage of a term stands."""
    due = running.due_on
    stages = {"coordinator": after(due, 1), "region": after(due, 5)}
    if running.term in {"link", "lease", "move", "municipality_lease", "municipality_move"}:
        stages["reminder"] = due - timedelta(days=7)
    elif running.term not in {"screening", "assign"}:
        day = due
        while sum(open_day(day + DAY * n) for n in range(1, (due - day).days + 1)) < 2:
            day -= DAY
        stages["reminder"] = day
    return stages


@dataclass(slots=True)
class AlertOracle:
    """What runs on each case since when, and what was told of it."""

    acts: dict[str, tuple[str | None, int | None, date]] = field(default_factory=dict)
    idle: dict[str, tuple[int, date]] = field(default_factory=dict)
    stops: dict[str, list[Stop]] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    moves: dict[str, date | None] = field(default_factory=dict)
    told: set[Told] = field(default_factory=set)

    def look(self, connection: Connection, today: date) -> None:
        """Look at all cases after an act on a day."""
        cases = _cases(connection)
        names = {case.id: case.reference for case in cases}
        waiting = _waiting(connection)
        for case in cases:
            self._look_for_stop(case, today)
            self._look_for_link(case, names, today)
            self._look_for_move(connection, case, waiting.get(case.id, []))
            act = _act(case)
            seen = self.acts.get(case.reference)
            if seen is None or seen[:2] != (act, case.offer_id):
                self.acts[case.reference] = (act, case.offer_id, today)
            self._look_for_holder(case, today)

    def _look_for_holder(self, case: Any, today: date) -> None:
        agency = case.responsible_id in {case.centre_id, case.region_id}
        somebody = case.assignee_id if agency else case.municipal_contact_id
        if case.responsible_id is None or somebody is not None:
            self.idle.pop(case.reference, None)
        elif self.idle.get(case.reference, (None,))[0] != case.responsible_id:
            self.idle[case.reference] = (case.responsible_id, today)

    def _look_for_stop(self, case: Any, today: date) -> None:
        stops = self.stops.setdefault(case.reference, [])
        if case.suspended_on is None:
            if stops and not stops[-1].over:
                stops[-1].until, stops[-1].over = min(stops[-1].until, today), True
        elif not stops or stops[-1].over:
            stops.append(Stop(case.suspended_on, case.suspended_until))

    def _look_for_link(self, case: Any, names: dict[int, str], today: date) -> None:
        if case.linked_on is None:
            self.links.pop(case.reference, None)
            return
        seen = self.links.get(case.reference)
        if seen is None and case.origin_case_id is not None:
            seen = self.links.get(names[case.origin_case_id])
        if seen is None or seen.since != case.linked_on:
            running = (today - case.suspended_on).days if case.suspended_on else 0
            seen = Link(case.linked_on, case.suspended_days + running)
        self.links[case.reference] = seen

    def _look_for_move(self, connection: Connection, case: Any, waiting: list[Any]) -> None:
        """Remember since when somebody who waits to be signed off lives where it counts."""
        if case.housed_on is None:
            return
        if waiting and not any(_signable(case, each) for each in waiting):
            self.moves.pop(case.reference, None)
        elif case.reference not in self.moves:
            last = connection.execute(text(_LAST_MOVE), {"case": case.id}).scalar()
            self.moves[case.reference] = None if last == case.housed_on else last

    def running(self, connection: Connection) -> list[Running]:
        """Return every term that runs now."""
        found = []
        for case in _cases(connection):
            if case.state in {"closed", "ended"}:
                continue
            found += [Running(case.reference, term, "", due) for term, due in self._of(case)]
        for term, statement in (("handover", _HANDOVERS), ("task", _TASKS)):
            rows = connection.execute(text(statement))
            found += [Running(row[0], term, row[1], row[2]) for row in rows]
        return found

    def _of(self, case: Any) -> list[tuple[str, date]]:
        terms = []
        clock = self._clock(case)
        if clock is not None:
            terms.append(clock)
            own = self._municipal(case, clock)
            terms += [own] if own else []
        act, _, since = self.acts[case.reference]
        if act is not None:
            terms.append((act, after(since, ACTS[act], self.stops[case.reference])))
        if case.reference in self.idle:
            terms.append(("assign", after(self.idle[case.reference][1], 2)))
        if case.suspended_until is not None:
            terms.append(("resume", case.suspended_until))
        return terms

    def _clock(self, case: Any) -> tuple[str, date] | None:
        term = {"registered": "screening", "screened": "link"}.get(case.state, "lease")
        if case.state == "housed":
            if not case.reserved or case.reference not in self.moves:
                return None
            return "sign_off", after(self.moves[case.reference] or case.housed_on, 5)
        if case.state == "refused" and case.reaction_due_on is not None:
            return "reaction", case.reaction_due_on
        if case.state == "moving" and case.title_on is not None:
            term = "move"
        return term, case.permit_on + timedelta(days=FROM_PERMIT[term] + _suspended(case))

    def _municipal(self, case: Any, clock: tuple[str, date]) -> tuple[str, date] | None:
        """Return the municipality's own term where it ends on another day than the case's."""
        link = self.links.get(case.reference)
        if clock[0] not in FROM_LINK or link is None:
            return None
        days = FROM_LINK[clock[0]] + max(_suspended(case) - link.stood, 0)
        due = link.since + timedelta(days=days)
        return None if due == clock[1] else (f"municipality_{clock[0]}", due)

    def expected(self, connection: Connection, today: date) -> set[Told]:
        """Return what a run on a day must tell, and remember that it was told."""
        fresh = {
            Told(*running, stage)
            for running in self.running(connection)
            for stage, stands in stage_days(running).items()
            if stands <= today
        } - self.told
        self.told |= fresh
        return fresh


def _suspended(case: Any) -> int:
    running = (case.suspended_until - case.suspended_on).days if case.suspended_on else 0
    return int(case.suspended_days + running)


def _signable(case: Any, person: Any) -> bool:
    """Tell whether somebody has still to move, or lives where it counts."""
    if person.housed_on is None:
        return True
    if case.housing_kind in NEVER_COUNTS:
        return False
    if case.kind != "unaccompanied_minor" or case.housing_kind != "small_scale_reception":
        return True
    born, moved = person.birth_date, person.housed_on
    years = moved.year - born.year - ((moved.month, moved.day) < (born.month, born.day))
    return bool(years >= COUNTS_FROM_AGE)


def _waiting(connection: Connection) -> dict[int, list[Any]]:
    """Return by case who was not signed off yet."""
    found: dict[int, list[Any]] = {}
    for row in connection.execute(text(_UNREALISED)):
        found.setdefault(row.case_id, []).append(row)
    return found


def _act(case: Any) -> str | None:
    if case.contested_on is not None:
        return "judge_contest"
    placed = case.housing_kind in {"small_scale_reception", "reception_unit"}
    match case.state:
        case "linked":
            return "take_up"
        case "offered":
            return "answer_offer"
        case "refused" if case.reaction_due_on is None:
            return "judge_refusal"
        case "housed" if case.reserved == 0 and not placed:
            return "close"
    return None


def _cases(connection: Connection) -> list[Any]:
    return list(connection.execute(text("SELECT * FROM case_file ORDER BY id")))


_UNREALISED = """
    SELECT m.case_id, m.housed_on, p.birth_date
      FROM household_membership m
      JOIN person p ON p.id = m.person_id
      LEFT JOIN realisation r ON r.person_id = p.id
     WHERE m.left_on IS NULL AND r.person_id IS NULL"""
_LAST_MOVE = """
    SELECT (facts ->> 'moved_on')::date FROM case_event
     WHERE case_id = :case AND step = 'move_on' ORDER BY version DESC LIMIT 1"""
_HANDOVERS = """
    SELECT c.reference, h.reference, h.due_on FROM handover h JOIN case_file c ON c.id = h.case_id
     WHERE h.state IN ('offered', 'question', 'answered')"""
_TASKS = """
    SELECT c.reference, t.reference, t.due_on FROM task t JOIN case_file c ON c.id = t.case_id
     WHERE t.done_on IS NULL"""
