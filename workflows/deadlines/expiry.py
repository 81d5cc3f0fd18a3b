"""Lets handovers expire some working days after their term passed without an answer."""

from sqlalchemy import Connection, select

from models import Case, Handover
from models.vocabulary import PENDING_HANDOVER
from workflows.engine import take_many
from workflows.moment import Moment
from workflows.opening import read_rules
from workflows.program_actor import program_actor
from workflows.request import Request, Result
from workflows.rules.norms import NormCode, norm_on
from workflows.rules.stages import Lead, latest_due_date
from workflows.steps import BY_CODE

MOST = 200


def expire_handovers(connection: Connection, moment: Moment, most: int = MOST) -> int:
    """Close at most so many handovers whose time to be answered late is over; returns how many.

    One that is answered at the same moment is left as it is answered. The caller commits.
    """
    norms = read_rules(connection, moment).norms
    days = norm_on(norms, NormCode.HANDOVER_EXPIRY, moment.today).amount
    latest = latest_due_date(moment.today, Lead(days, working=True))
    rows = connection.execute(
        select(Case.reference, Handover.reference)
        .join(Case, Case.id == Handover.case_id)
        .where(Handover.state.in_(PENDING_HANDOVER), Handover.due_on <= latest)
        .order_by(Handover.due_on, Handover.id)
        .limit(most)
    ).all()
    if not rows:
        return 0
    step, program = BY_CODE["expire_handover"], program_actor(connection, moment)
    asked = [
        Request(step, program, {"handover": handover}, case, key=f"expire-{handover}")
        for case, handover in rows
    ]
    outcomes = take_many(connection, asked, moment)
    return sum(isinstance(each, Result) and not each.replayed for each in outcomes)
