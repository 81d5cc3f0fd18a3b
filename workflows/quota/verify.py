"""Recomputes what is stored from what it follows from, and names each difference."""

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import Connection, select, text

from models import (
    Case,
    CaseEvent,
    EventDetail,
    Municipality,
)
from models.vocabulary import LIVE_STATES
from workflows.deadlines import outcome_access
from workflows.flow.dwelling import CAME, DWELT
from workflows.handover.verify import handovers
from workflows.moment import Moment
from workflows.opening import read_rules
from workflows.quota import case_checks, ledger_checks
from workflows.quota.difference import Difference, differences
from workflows.quota.division_checks import divisions
from workflows.quota.publication_checks import published_otherwise
from workflows.rules.agenda import agenda
from workflows.rules.terms import TERM_COLUMNS, reckoned
from workflows.sealing import seal

STATEMENTS = {
    "rollup": ledger_checks.ROLLUPS,
    "balance": ledger_checks.BALANCES,
    "line": ledger_checks.EVENTS,
    "source": ledger_checks.SOURCES,
    "transfer": ledger_checks.TRANSFERS,
    "realisation": ledger_checks.REALISATIONS,
    "reservation": ledger_checks.RESERVATIONS,
    "chain": case_checks.CHAIN,
    "state": case_checks.STATES,
    "stay": case_checks.STAYS,
    "dwelling": DWELT,
    "since": CAME,
    "household": case_checks.HOUSEHOLDS,
    "custody": case_checks.CUSTODY,
    "access": outcome_access.DIFFERENCES,
    "alert": case_checks.ALERTS,
}
_AT_ONCE = 5_000


Part = Callable[[Connection, bytes], Iterator[Difference]]


def verify(connection: Connection, seal_key: bytes) -> Iterator[Difference]:
    """Yield every difference in the ledger, its sums, the cases, the events and their details.

    `seal_key` is the secret under which the events' details were hashed.
    """
    for part in PARTS:
        yield from verify_part(connection, seal_key, part)


def verify_part(connection: Connection, seal_key: bytes, part: Part) -> Iterator[Difference]:
    """Yield what differs in one of the `PARTS`; they need no order and no common transaction."""
    # The planner reckons compiling worth while on these long statements; it never is.
    connection.execute(text("SET LOCAL jit = off"))
    connection.execute(text("SET LOCAL work_mem = '64MB'"))
    yield from part(connection, seal_key)


_LIVE = (
    select(Case.__table__, Municipality.organisation_id)
    .outerjoin(Municipality, Municipality.code == Case.municipality_code)
    .where(Case.state.in_(LIVE_STATES))
    .order_by(Case.reference)
)


def _queues(connection: Connection) -> Iterator[Difference]:
    """Ask again in whose queue each live case stands, who acts next and which terms run."""
    norms = read_rules(connection, Moment(date.min)).norms
    for case in connection.execute(_LIVE):
        due = agenda(case, norms, case.organisation_id)
        expected = f"organisation {due.responsible_id}, {due.waiting_party} acts"
        found = f"organisation {case.responsible_id}, {case.waiting_party} acts"
        if expected != found:
            yield Difference("queue", case.reference, expected, found)
        terms = reckoned(case, due, norms)
        wanted = {name: getattr(terms, name) for name in TERM_COLUMNS}
        stored = {name: getattr(case, name) for name in TERM_COLUMNS}
        if wanted != stored:
            yield Difference("term", case.reference, _said(wanted), _said(stored))


def _said(terms: dict[str, object]) -> str:
    return ", ".join(str(term) for term in terms.values())


def _details(connection: Connection, seal_key: bytes) -> Iterator[Difference]:
    """Hash again the personal values that were not erased."""
    rows = connection.execute(
        select(Case.reference, CaseEvent.version, CaseEvent.detail_hash, EventDetail.payload)
        .join(CaseEvent, CaseEvent.id == EventDetail.event_id)
        .join(Case, Case.id == CaseEvent.case_id),
        execution_options={"yield_per": _AT_ONCE},
    )
    for reference, version, digest, payload in rows:
        found = seal(payload, seal_key)
        if digest is None or bytes(digest) != found:
            expected = "no hash" if digest is None else bytes(digest).hex()[:16]
            yield Difference("detail", f"{reference} event {version}", expected, found.hex()[:16])


def _by_statement(kind: str, statement: str) -> Part:
    return lambda connection, _seal_key: differences(connection, kind, statement)


PARTS: tuple[Part, ...] = (
    *(_by_statement(kind, statement) for kind, statement in STATEMENTS.items()),
    lambda connection, _seal_key: divisions(connection),
    lambda connection, _seal_key: published_otherwise(connection),
    lambda connection, _seal_key: _queues(connection),
    lambda connection, _seal_key: handovers(connection),
    _details,
)
