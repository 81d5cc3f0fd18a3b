"""Ladder proposals: which step the criteria of a province propose after a half-year, and why.

The system proposes, a person decides. A proposal is kept with its grounds: the two dates, the
backlog of each half-year that was looked at, and the criteria that held.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select

from models import LadderDecision, LadderProposal, Municipality
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.payload import Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.quota.period import HalfYear
from workflows.quota.table import Level, standing
from workflows.supervision.criteria import LAST_STEP, Criterion, criteria, in_force
from workflows.territory import territory
from workflows.trail import now, record_audit
from workflows.validity import holds_on

ZONE = ZoneInfo("Europe/Amsterdam")
MOST_BACK = 8


class Decision(Payload):
    """The step that a supervisor takes, from which day, and why."""

    step: int = entry("Trede", Widget.NUMBER, help_text="0 tot en met 6.", ge=0, le=LAST_STEP)
    decided_on: date = entry("Datum", Widget.DATE)
    reason: Prose = entry("Reden", Widget.PROSE, personal=True)


@dataclass(frozen=True, slots=True)
class Tested:
    """A half-year as it was tested: its two dates and the backlog of each municipality."""

    half_year: HalfYear
    valid: date
    known: datetime
    backlogs: dict[str, int]


def propose(connection: Connection, actor: Actor, half_year: HalfYear, moment: Moment) -> int:
    """Store a proposal for every municipality of the actor's provinces, and return how many.

    Raises `NotFound` without the right and `Refused` before the test date, or without criteria.
    """
    provinces = territory(actor, Permission.SUPERVISE).provinces
    known_criteria = criteria(connection, actor)
    at = now(connection, moment)
    stored = 0
    for province in sorted(provinces):
        held = in_force(known_criteria, province, half_year.ends_on)
        if not held:
            raise Refused("no_criteria", "Voor dit halfjaar zijn er geen criteria.", "half_year")
        lag = timedelta(days=max(each.registration_lag_days for each in held))
        _check_due(half_year, lag, moment)
        tested = _tested(connection, half_year, lag)
        rows = [
            {
                "reference": moment.new_reference(),
                "municipality_code": code,
                "half_year": str(half_year),
                "valid": tested[0].valid,
                "known": tested[0].known,
                "computed_by": actor.user_id,
                "computed_at": at,
                **_proposed(code, tested, held),
            }
            for code in _codes(connection, province, half_year)
        ]
        connection.execute(insert(LadderProposal), rows)
        stored += len(rows)
    record_audit(connection, moment, actor.user_id, "propose_ladder", subject=str(half_year))
    return stored


def decide(
    connection: Connection, actor: Actor, municipality: str, payload: Decision, moment: Moment
) -> None:
    """Record the step of a municipality, with the newest proposal it was weighed against.

    Raises `NotFound` for a municipality of another province and `Refused` for a day to come.
    """
    territory(actor, Permission.SUPERVISE).demand(connection, municipality)
    if payload.decided_on > moment.today:
        raise Refused("future", "Deze datum ligt in de toekomst.", "decided_on")
    proposal = connection.scalar(
        select(LadderProposal.id)
        .where(LadderProposal.municipality_code == municipality)
        .order_by(LadderProposal.id.desc())
        .limit(1)
    )
    reference = moment.new_reference()
    connection.execute(
        insert(LadderDecision).values(
            reference=reference,
            municipality_code=municipality,
            step=payload.step,
            decided_on=payload.decided_on,
            reason=payload.reason,
            proposal_id=proposal,
            recorded_by=actor.user_id,
            recorded_at=now(connection, moment),
        )
    )
    record_audit(connection, moment, actor.user_id, "decide_ladder", subject=reference)


def _check_due(half_year: HalfYear, lag: timedelta, moment: Moment) -> None:
    due = half_year.ends_on + lag
    if moment.today <= due:
        raise Refused(
            "not_due",
            "De toetsdatum van {half_year} is {day}; daarna kunt u de voorstellen maken.",
            "half_year",
            {"half_year": str(half_year), "day": due.strftime("%d-%m-%Y")},
        )


def _tested(connection: Connection, half_year: HalfYear, lag: timedelta) -> list[Tested]:
    """Test a half-year and those before it, until none had a backlog."""
    found: list[Tested] = []
    for _ in range(MOST_BACK):
        valid = half_year.next.starts_on
        end = datetime.combine(half_year.ends_on + lag + timedelta(days=1), time(), ZONE)
        known = end - timedelta(microseconds=1)
        rows = standing(connection, valid, known, Level.MUNICIPALITY)
        backlogs = {row.code: row.backlog for row in rows if row.backlog > 0}
        found.append(Tested(half_year, valid, known, backlogs))
        if not backlogs:
            break
        half_year = half_year.previous
    return found


def _proposed(code: str, tested: list[Tested], held: list[Criterion]) -> dict[str, object]:
    backlogs = [each.backlogs.get(code, 0) for each in tested]
    missed = next((place for place, each in enumerate(backlogs) if each == 0), len(backlogs))
    met = [each for each in held if each.met_by(backlogs[0], missed)]
    return {
        "step": max((each.step for each in met), default=0),
        "grounds": {
            "backlog": backlogs[0],
            "missed_in_a_row": missed,
            "half_years": [
                {"half_year": str(each.half_year), "backlog": backlog, "known": str(each.known)}
                for each, backlog in zip(tested, backlogs, strict=True)
            ],
            "criteria": [{key: str(value) for key, value in asdict(each).items()} for each in held],
        },
    }


def _codes(connection: Connection, province: str, half_year: HalfYear) -> list[str]:
    """Return the municipalities of a province that existed on the last day of a half-year."""
    row, day = Municipality, half_year.ends_on
    return list(
        connection.scalars(
            select(row.code)
            .where(
                row.province_code == province,
                holds_on(row, day),
            )
            .order_by(row.code)
        )
    )
