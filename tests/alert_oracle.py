"""Which alerts must have fired, said again day by day from the words of the process.

It knows nothing of the terms that the engine keeps: it looks at the bare columns of each case
after every act, remembers since when it stands so, and counts days one by one on its own calendar.
"""

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


def after(day: date, working_days: int) -> date:
    """Count forward, one day at a time."""
    counted = 0
    while counted < working_days:
        day += DAY
        counted += open_day(day)
    return day


def stage_days(running: Running) -> dict[str, date]:
    """Return on which day each stage of a term stands."""
    due = running.due_on
    stages = {"coordinator": after(due, 1), "region": after(due, 5)}
    if running.term in {"link", "lease", "move"}:
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
    told: set[Told] = field(default_factory=set)

    def look(self, connection: Connection, today: date) -> None:
        """Look at all cases after an act on a day."""
        for case in _cases(connection):
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
        clock = _clock(case)
        if clock is not None:
            terms.append(clock)
        act, _, since = self.acts[case.reference]
        if act is not None:
            terms.append((act, after(since, ACTS[act])))
        if case.reference in self.idle:
            terms.append(("assign", after(self.idle[case.reference][1], 2)))
        if case.suspended_until is not None:
            terms.append(("resume", case.suspended_until))
        return terms

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


def _clock(case: Any) -> tuple[str, date] | None:
    term = {"registered": "screening", "screened": "link"}.get(case.state, "lease")
    if case.state == "housed":
        if not case.reserved or case.housing_kind == "reception_unit":
            return None
        return "sign_off", after(case.housed_on, 5)
    if case.state == "refused" and case.reaction_due_on is not None:
        return "reaction", case.reaction_due_on
    if case.state == "moving" and case.title_on is not None:
        term = "move"
    days = FROM_PERMIT[term] + case.suspended_days
    if case.suspended_on is not None:
        days += (case.suspended_until - case.suspended_on).days
    return term, case.permit_on + timedelta(days=days)


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


_HANDOVERS = """
    SELECT c.reference, h.reference, h.due_on FROM handover h JOIN case_file c ON c.id = h.case_id
     WHERE h.state IN ('offered', 'question', 'answered')"""
_TASKS = """
    SELECT c.reference, t.reference, t.due_on FROM task t JOIN case_file c ON c.id = t.case_id
     WHERE t.done_on IS NULL"""
