"""Reckons the terms of all cases anew, after a change of norms or of the program."""

from sqlalchemy import Connection, select

from models import Case, Municipality
from models.vocabulary import LIVE_STATES
from workflows.deadlines.outcome_access import rebuild_outcome_access
from workflows.moment import Moment
from workflows.opening import read_rules
from workflows.rules.agenda import agenda
from workflows.rules.terms import TERM_COLUMNS, reckoned
from workflows.trail import record_audit
from workflows.writing import update_rows


def rebuild_terms(connection: Connection, moment: Moment) -> int:
    """Write the terms that differ from what the case gives; returns of how many cases.

    A closed case has one: until when the municipality reaches it. The caller commits. Live cases
    are locked by id, so that steps wait.
    """
    norms = read_rules(connection, moment).norms
    municipality = (
        select(Municipality.organisation_id)
        .where(Municipality.code == Case.municipality_code)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(Case.__table__, municipality.label("linked_id"))
        .where(Case.state.in_(LIVE_STATES))
        .order_by(Case.id)
        .with_for_update(key_share=True, of=Case)
    )
    changes = []
    for case in rows:
        terms = reckoned(case, agenda(case, norms, case.linked_id), norms)
        found = {name: getattr(terms, name) for name in TERM_COLUMNS}
        if any(getattr(case, name) != value for name, value in found.items()):
            changes.append((Case, case.id, found))
    update_rows(connection, changes)
    closed = rebuild_outcome_access(connection)
    record_audit(connection, moment, None, "rebuild", fields=("terms",))
    return len(changes) + closed
