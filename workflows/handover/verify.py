"""Folds the events of each handover anew and names what stands otherwise."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select

from models import CaseEvent, Handover
from models.vocabulary import ACCEPTED_HANDOVER, OPEN_HANDOVER
from workflows.handover.contents import digest
from workflows.handover.moves import move
from workflows.quota.difference import Difference, differences

_AT_ONCE = 2_000
_MOVED = (
    select(
        CaseEvent.facts["handover"].astext.label("reference"),
        CaseEvent.step,
        CaseEvent.version,
        CaseEvent.facts["handover_state"].astext.label("state"),
    )
    .where(CaseEvent.facts.has_key("handover_state"))
    .order_by(CaseEvent.case_id, CaseEvent.version)
)
# A case knows its newest handover: the only one that may be open, or in force.
CASES = f"""
    SELECT f.reference,
           coalesce(concat_ws(' ', h.reference, h.state, 'of', h.case_id), 'no handover'),
           concat_ws(' ', f.handover_id, f.handover_state, 'of', f.id)
      FROM case_file f LEFT JOIN handover h ON h.id = f.handover_id
     WHERE f.handover_id IS NOT NULL
       AND (h.case_id, h.state) IS DISTINCT FROM (f.id, f.handover_state)
    UNION ALL
    SELECT f.reference, 'the newest handover of the case only',
           concat_ws(' ', h.reference, 'is', h.state)
      FROM handover h JOIN case_file f ON f.id = h.case_id
     WHERE h.state IN ({", ".join(f"'{state}'" for state in OPEN_HANDOVER)})
       AND f.handover_id IS DISTINCT FROM h.id
    UNION ALL
    SELECT f.reference, 'handed over to its municipality',
           concat_ws(' ', h.reference, 'to', h.target_id)
      FROM case_file f JOIN handover h ON h.id = f.handover_id
      LEFT JOIN municipality m ON m.code = f.municipality_code
     WHERE h.target_id IS DISTINCT FROM m.organisation_id
       AND h.state IN ({", ".join(f"'{state}'" for state in (*OPEN_HANDOVER, *ACCEPTED_HANDOVER))})
     ORDER BY 1, 2
"""  # noqa: S608 - own codes


def handovers(connection: Connection) -> Iterator[Difference]:
    """Yield each handover that is not the fold of its events, and each broken snapshot."""
    yield from differences(connection, "handover of case", CASES)
    folded, wrong = _fold(connection)
    yield from wrong
    stored: dict[str, str] = {
        row[0]: row[1] for row in connection.execute(select(Handover.reference, Handover.state))
    }
    for reference in sorted(folded.keys() | stored.keys()):
        expected, found = folded.get(reference, "no event"), stored.get(reference, "no row")
        if expected != found:
            yield Difference("handover", reference, expected, found)
    yield from _snapshots(connection)


def _fold(connection: Connection) -> tuple[dict[str, str], list[Difference]]:
    states: dict[str, str] = {}
    wrong: list[Difference] = []
    for event in connection.execute(_MOVED):
        before = states.get(event.reference)
        expected = move(event.step, before)
        if expected != event.state:
            came = f"{event.step} from {before or 'nothing'}"
            wrong.append(
                Difference("handover move", event.reference, f"{came} to {expected}", event.state)
            )
        states[event.reference] = event.state
    return states, wrong


def _snapshots(connection: Connection) -> Iterator[Difference]:
    """Hash again the snapshots that were not erased."""
    rows: Any = connection.execute(
        select(Handover.reference, Handover.snapshot, Handover.snapshot_hash).where(
            Handover.snapshot.is_not(None), func.jsonb_typeof(Handover.snapshot) == "object"
        ),
        execution_options={"yield_per": _AT_ONCE},
    )
    for reference, snapshot, stored in rows:
        found = digest(snapshot)
        if stored is None or bytes(stored) != found:
            expected = "no hash" if stored is None else bytes(stored).hex()[:16]
            yield Difference("snapshot", reference, expected, found.hex()[:16])
