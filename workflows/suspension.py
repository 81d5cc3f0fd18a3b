"""Suspensions that are over: the clock runs again without anybody asking for it."""

from sqlalchemy import Connection, select

from models import Case
from models.vocabulary import LIVE_STATES
from workflows.engine import take_many
from workflows.moment import Moment
from workflows.program_actor import program_actor
from workflows.request import Request, Result
from workflows.steps import BY_CODE

AT_ONCE = 5_000


def resume_those_over(connection: Connection, moment: Moment) -> int:
    """Resume the cases whose suspension ended before today, and return how many; at most 5,000.

    A case that somebody resumed meanwhile is left alone.
    """
    over = list(
        connection.scalars(
            select(Case.reference)
            .where(Case.suspended_until < moment.today, Case.state.in_(sorted(LIVE_STATES)))
            .order_by(Case.id)
            .limit(AT_ONCE)
        )
    )
    if not over:
        return 0
    step, program = BY_CODE["resume_on_time"], program_actor(connection, moment)
    outcomes = take_many(connection, [Request(step, program, {}, case) for case in over], moment)
    return sum(isinstance(outcome, Result) for outcome in outcomes)
