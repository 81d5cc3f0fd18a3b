"""Carries out runs of the matching, and takes up what another worker let fall."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from models.vocabulary import RunKind, RunStatus
from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.surroundings import surroundings
from webapp.long_work import ring_for
from webapp.marking import N_
from workflows.errors import Refused, WorkflowError, saying
from workflows.matching import runs
from workflows.matching.fairness_report import result
from workflows.matching.propose import READ, Input, answer, read_input, write_proposals
from workflows.matching.what_if import difference
from workflows.matching.why_not import why_not

log = structlog.get_logger()
# A run says every few seconds that it is alive; one that is silent for so long lost its worker.
QUIET = timedelta(minutes=3)
_LONGEST = 1800
HALF, ALMOST = 50, 99
_FAULT = Refused(
    "fault",
    N_(
        "De berekening stopte door een fout in het programma. Er is niets voorgesteld. Meld het aan"
        " de beheerder."
    ),
)


class StoppedError(Exception):
    """Somebody stopped the run while it was reckoning."""


def ring(reference: str) -> None:
    """Ask a worker to carry on with a run."""
    ring_for("webapp.jobs.matching.run_matching", reference, _LONGEST)


def run_matching(reference: str) -> None:
    """Carry out a run; one that was stopped or is over already is left as it is.

    What it proposes and how it ended are written in one transaction: all of it or nothing. A fault
    ends it too, in words, except one of the database: that may be gone when it is swept up.
    """
    with surroundings():
        try:
            _carry_out(reference)
        except StoppedError:
            log.info("run stopped", run=reference)
        except WorkflowError as error:
            _fail(reference, error)
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 - whoever waits for the run must hear that it ended
            # The message of an error can quote values.
            log.error("run failed", run=reference, error=type(error).__name__)  # noqa: TRY400
            _fail(reference, _FAULT)


def _fail(reference: str, error: WorkflowError) -> None:
    with transaction() as connection:
        runs.end(connection, reference, RunStatus.FAILED, moment(), message=saying(error))


def _carry_out(reference: str) -> None:
    progress = _progress(reference)
    progress(0)
    # A what-if compares two readings household by household, so both are of one moment.
    with transaction(snapshot=True) as connection:
        run, actor = runs.run_and_actor(connection, reference, moment())
        given = read_input(connection, actor, run.request, moment())
        wanted, plain = run.request.get("wanted"), None
        if run.kind == RunKind.WHAT_IF and not wanted:
            plain = read_input(connection, actor, runs.unchanged(run.request), moment())
    progress(READ)
    if wanted:
        _find_change(reference, given, runs.Wanted(**wanted), progress)
        return
    if plain is not None:
        _compare(reference, plain, given, progress)
        return
    found = answer(given, progress)
    with transaction() as connection:
        if not runs.lock_open(connection, reference):
            raise StoppedError
        proposed = write_proposals(connection, run.id, found, moment())
        said = result(connection, found) | {"households_proposed": proposed}
        runs.end(connection, reference, RunStatus.DONE, moment(), result=said)


def _compare(reference: str, plain: Input, given: Input, progress: Callable[[int], None]) -> None:
    """Solve a what-if beside how things are, and note what it says of itself and what differs."""
    before = answer(plain, lambda percent: progress(percent // 2))
    after = answer(given, lambda percent: progress(HALF + percent // 2), before)
    with transaction() as connection:
        said = result(connection, after) | {"difference": difference(before, after)}
        runs.end(connection, reference, RunStatus.DONE, moment(), result=said)


def _find_change(
    reference: str, given: Input, wanted: runs.Wanted, progress: Callable[[int], None]
) -> None:
    """Look for what would make a municipality the choice; each solution is a step of progress."""
    found = answer(given, lambda percent: progress(percent // 2))
    solutions = iter(range(HALF, ALMOST))
    told = why_not(found, wanted, lambda: progress(next(solutions, ALMOST)))
    with transaction() as connection:
        said = result(connection, found) | {"why_not": told}
        runs.end(connection, reference, RunStatus.DONE, moment(), result=said)


def _progress(reference: str) -> Callable[[int], None]:
    def tell(percent: int) -> None:
        with transaction() as connection:
            if not runs.touch(connection, reference, percent, moment()):
                raise StoppedError

    return tell


def sweep_matching() -> None:
    """Carry out every run that nobody carries out, and forget the what-ifs that nobody kept."""
    with surroundings():
        with transaction() as connection:
            references = runs.standing_still(connection, moment(), QUIET)
            runs.forget(connection, moment())
        for reference in references:
            try:
                run_matching(reference)
            except Exception as error:  # noqa: BLE001 - one run must not hold up the others
                # The message of a database error can quote values.
                log.error("run failed", run=reference, error=type(error).__name__)  # noqa: TRY400
