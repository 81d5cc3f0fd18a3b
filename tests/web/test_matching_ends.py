"""A run that is stopped in the middle leaves all as it was; one that failed says why."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models import Case, MatchingRun, Proposal
from models.vocabulary import RunStatus
from tests.factories import household_in
from tests.web.conftest import Visitor
from tests.web.test_linking import OFFICER, proposed, started
from tests.world import World
from webapp.jobs import matching as matching_job
from webapp.jobs.matching import run_matching
from workflows.errors import Saying
from workflows.matching import runs
from workflows.matching.propose import DONE, READ, SCORED, SOLVED, Answer, Input, answer

AsUser = Callable[[str], Visitor]


@pytest.mark.parametrize("at", [READ, SCORED, SOLVED, DONE])
def test_a_run_that_is_stopped_midway_leaves_all_as_it_was(
    as_user: AsUser, world: World, application: Flask, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    for _ in range(2):
        household_in("screened", world)
    officer = as_user(OFFICER)
    proposed(application, officer)
    before = rows(world)
    assert len(before) == 8
    address = started(officer, all="1")

    def stopped_at(given: Input, progress: Callable[[int], None]) -> Answer:
        def tell(percent: int) -> None:
            if percent == at:
                officer.post(address + "/stoppen")
            progress(percent)

        tell(READ)
        found = answer(given, tell)
        if at == DONE:
            officer.post(address + "/stoppen")
        return found

    monkeypatch.setattr(matching_job, "answer", stopped_at)
    with application.app_context():
        run_matching(address.rpartition("/")[2])
    assert rows(world) == before
    with world.engine.connect() as connection:
        statuses = connection.execute(
            select(MatchingRun.status, MatchingRun.result.is_(None)).order_by(MatchingRun.id)
        ).all()
    assert [tuple(row) for row in statuses] == [("done", False), ("cancelled", True)]


def test_a_household_that_changed_meanwhile_is_told_of_and_has_no_proposal(
    as_user: AsUser, world: World, application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, other = (household_in("screened", world) for _ in range(2))
    officer = as_user(OFFICER)
    address = started(officer, all="1")

    def overtaken(given: Input, progress: Callable[[int], None]) -> Answer:
        found = answer(given, progress)
        gone.take("end", "case_manager", reason="withdrawn", ended_on=world.today)
        return found

    monkeypatch.setattr(matching_job, "answer", overtaken)
    with application.app_context():
        run_matching(address.rpartition("/")[2])
    officer.get(address)
    assert "Klaar: voor 1 huishouden ligt een voorstel." in officer.page
    assert "1 dossier veranderde tijdens de berekening" in officer.page
    with world.engine.connect() as connection:
        kept = select(Case.reference).join(Proposal, Proposal.case_id == Case.id).distinct()
        assert connection.scalars(kept).all() == [other.case]


def test_a_fault_ends_a_run_in_words(
    as_user: AsUser, world: World, application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    household_in("screened", world)
    officer = as_user(OFFICER)
    address = started(officer, all="1")

    def broken(_given: Input, _progress: Callable[[int], None]) -> Answer:
        raise KeyError("V-12345")

    monkeypatch.setattr(matching_job, "answer", broken)
    with application.app_context():
        run_matching(address.rpartition("/")[2])
    officer.get(address)
    assert "De berekening stopte door een fout in het programma." in officer.page
    assert "V-12345" not in officer.page
    assert rows(world) == []


def rows(world: World) -> list[tuple[Any, ...]]:
    with world.engine.connect() as connection:
        found = select(Proposal.__table__).order_by(Proposal.id)
        return [tuple(row) for row in connection.execute(found)]


def test_why_a_run_failed_is_told_in_the_language_of_the_visitor(
    as_user: AsUser, world: World
) -> None:
    with world.engine.begin() as connection:
        actor = world.actors[OFFICER]
        reference = runs.start(connection, actor, runs.Wish(), world.moment)
        why = Saying("Kies ten hoogste {most} dossiers tegelijk.", {"most": 7})
        runs.end(connection, reference, RunStatus.FAILED, world.moment, message=why)
    officer = as_user(OFFICER)
    officer.get(f"/koppelen/berekeningen/{reference}")
    assert "Kies ten hoogste 7 dossiers tegelijk." in officer.page
    officer.post("/taal", {"language": "en"})
    officer.get(f"/koppelen/berekeningen/{reference}")
    assert "Kies ten hoogste" not in officer.page
    assert " 7 " in officer.page
    assert "Nothing has changed." in officer.page
