"""The outcomes that were recorded already, as the step that records another one finds them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from models import Outcome
from workflows.statement import Statement


@dataclass(frozen=True, slots=True)
class RecordedOutcome:
    """The outcome that holds for a person and a number of months: the newest one."""

    id: int
    person_id: int
    months_after: int


_RECORDED = Statement(
    select(Outcome.case_id, Outcome.id, Outcome.person_id, Outcome.months_after)
    .ext(distinct_on(Outcome.case_id, Outcome.person_id, Outcome.months_after))
    .where(Outcome.case_id == func.any(bindparam("cases")))
    .order_by(Outcome.case_id, Outcome.person_id, Outcome.months_after, Outcome.id.desc())
)


def load_outcomes(
    connection: Connection, cases: Collection[int]
) -> dict[int, list[RecordedOutcome]]:
    """Return the outcomes that hold, by case; every case asked for has a list."""
    found: dict[int, list[RecordedOutcome]] = {case: [] for case in cases}
    for case_id, *values in _RECORDED.run(connection, {"cases": sorted(cases)}):
        found[case_id].append(RecordedOutcome(*values))
    return found
