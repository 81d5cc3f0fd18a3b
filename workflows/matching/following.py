"""Following very many proposals: work on many cases, with progress, that can be stopped."""

from collections.abc import Sequence

from sqlalchemy import Connection

from workflows import policy
from workflows.actor import Actor
from workflows.bulk.preview import demand_number
from workflows.bulk.run import fill_run, open_run
from workflows.errors import Refused
from workflows.matching.confirming import Seen, known_proposals
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.steps.link import STEP


def start(
    connection: Connection, actor: Actor, seen: Sequence[Seen], moment: Moment, *, reference: str
) -> None:
    """Store a run that links each household to the municipality of the proposal that was seen.

    `reference` (from the preview) makes the start idempotent. Raises `Refused` for too many, none,
    or one that went out of sight, and `NotFound` without the right to link.
    """
    policy.demand(actor, Permission.LINK)
    wanted = {each.case: each for each in seen}
    demand_number(list(wanted))
    run_id = open_run(connection, actor, reference, moment, step=STEP, payload={})
    if run_id is None:
        return
    known = known_proposals(connection, actor, list(wanted.values()), moment)
    if len(known) < len(wanted):
        raise Refused(
            "out_of_sight",
            "Een van deze dossiers is intussen niet meer van u. Bekijk het voorbeeld opnieuw.",
        )
    found = [(each, known[each.proposal]) for each in wanted.values()]
    fill_run(
        connection,
        run_id,
        [
            {"case_id": kept.case_id, "version": each.version, "proposal_id": kept.id}
            for each, kept in found
        ],
    )
