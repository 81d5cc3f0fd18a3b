"""Runs of the matching: what they propose, how that is explained, and what links make of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import MatchingRun, Proposal
from models.vocabulary import Exclusion, ProposalStatus, RunStatus
from tests.factories import Household, household, household_in, refusal
from tests.world import AMSTERDAM, BUNNIK, TINY, UTRECHT, World
from workflows.errors import NotFound, Refused
from workflows.matching import runs
from workflows.matching.propose import (
    Answer,
    answer,
    read_input,
    summary,
    write_proposals,
)
from workflows.matching.runs import Wish
from workflows.own_run import own_run

OFFICER = "placement_officer"
ALL = Wish()


def asked(world: World, wish: Wish = ALL, actor: str = OFFICER) -> Answer:
    """Return the answer to a wish, without writing anything."""
    with world.engine.connect() as connection:
        given = read_input(connection, world.actors[actor], wish.as_json(), world.moment)
    return answer(given, lambda _percent: None)


def started(world: World, wish: Wish = ALL, actor: str = OFFICER) -> str:
    with world.engine.begin() as connection:
        return runs.start(connection, world.actors[actor], wish, world.moment)


def written(world: World, found: Answer) -> int:
    """Write the proposals of an answer under a new run, and return how many households have one."""
    reference = started(world)
    with world.engine.begin() as connection:
        run = own_run(connection, MatchingRun, world.actors[OFFICER], reference)
        return write_proposals(connection, run.id, found, world.moment)


def proposals(made: Household) -> list[Any]:
    with made.world.engine.connect() as connection:
        return list(
            connection.execute(
                select(Proposal.municipality_code, Proposal.rank, Proposal.status, Proposal.score)
                .where(Proposal.case_id == made.row().id)
                .order_by(Proposal.id)
            )
        )


def first(made: Household) -> str:
    return next(str(row.municipality_code) for row in proposals(made) if row.rank == 1)


def test_every_household_gets_a_proposal_with_three_alternatives(world: World) -> None:
    made = [household_in("screened", world, household(2)) for _ in range(3)]
    assert written(world, asked(world)) == 3
    for each in made:
        found = proposals(each)
        assert [row.rank for row in found] == [1, 2, 3, 4]
        assert len({row.municipality_code for row in found}) == 4
        assert {row.status for row in found} == {"open"}


def test_a_plan_stays_within_the_room_that_the_step_finds(world: World) -> None:
    criteria = [{"criterion": "family_reunification", "municipality": TINY, "evidence": "brief"}]
    made = [household_in("screened", world, household(2), criteria=criteria) for _ in range(3)]
    found = asked(world)
    said = summary(found)
    assert (said["households_placed"], said["unplaced"]) == (1, {"room_used_by_others": 2})
    assert said["bound"] >= said["objective"] - 1e-6
    assert written(world, found) == 1
    [placed] = [each for each in made if proposals(each)]
    placed.take("link", OFFICER, municipality=TINY)


def test_the_numbers_of_an_explanation_agree_with_each_other(world: World) -> None:
    criteria = [{"criterion": "existing_work", "municipality": UTRECHT, "evidence": "brief"}]
    household_in("screened", world, household(2, 1), criteria=criteria)
    household_in("screened", world)
    found = asked(world)
    places = len(found.assembled.scene.places)
    for each in found.explanations:
        assert each.possible + sum(each.excluded.values()) == places
        assert each.regret >= -1e-9
        assert each.best_by_score is not None
        assert each.best_by_score.rank == 1
        for choice in each.choices:
            assert choice.net == pytest.approx(choice.score - choice.levelling - choice.scarcity)
            assert choice.score == pytest.approx(sum(choice.terms.values()))
            assert choice.room >= each.persons
        assert sum(adult["score"] for adult in each.adults) == pytest.approx(each.choices[0].score)
        nets = [choice.net for choice in each.choices[1:]]
        assert nets == sorted(nets, reverse=True)
        assert each.regret == pytest.approx(max(nets[0] - each.choices[0].net, 0))
    assert found.explanations[0].excluded[Exclusion.HARD_CRITERION] > 0


def test_a_household_that_changed_meanwhile_keeps_no_proposal(world: World) -> None:
    made, other = household_in("screened", world), household_in("screened", world)
    found = asked(world)
    made.take("suspend", "case_manager", reason="illness", until=world.later(20).today)
    assert written(world, found) == 1
    assert proposals(made) == []
    assert len(proposals(other)) == 4


def test_a_new_run_replaces_what_was_open(world: World) -> None:
    made = household_in("screened", world)
    written(world, asked(world))
    written(world, asked(world))
    assert [row.status for row in proposals(made)] == ["invalid"] * 4 + ["open"] * 4


def test_following_the_proposal_confirms_it(world: World) -> None:
    made = household_in("screened", world)
    written(world, asked(world))
    made.take("link", OFFICER, municipality=first(made))
    assert [row.status for row in proposals(made)] == ["confirmed", *["invalid"] * 3]


def test_departing_needs_a_reason_and_keeps_it(world: World) -> None:
    made = household_in("screened", world)
    written(world, asked(world))
    other = AMSTERDAM if first(made) != AMSTERDAM else BUNNIK
    said = refusal(made, "link", OFFICER, municipality=other)
    assert (said.code, said.field_name) == ("departure", "departure")
    made.take("link", OFFICER, municipality=other, departure="municipality_asked")
    assert [row.status for row in proposals(made)] == ["departed", *["invalid"] * 3]
    with world.engine.connect() as connection:
        kept = connection.scalar(
            select(Proposal.departure).where(Proposal.status == ProposalStatus.DEPARTED)
        )
    assert kept == "municipality_asked"


def test_a_proposal_that_no_longer_fits_binds_nobody(world: World) -> None:
    made = household_in("screened", world)
    written(world, asked(world))
    made.take(
        "screen",
        "case_manager",
        member=made.members[0],
        held_on=world.today,
        education_level="none",
    )
    other = AMSTERDAM if first(made) != AMSTERDAM else BUNNIK
    made.take("link", OFFICER, municipality=other)
    assert {row.status for row in proposals(made)} == {"invalid"}


def test_an_assignment_does_not_age_a_proposal(world: World) -> None:
    made = household_in("screened", world)
    written(world, asked(world))
    made.take("assign", "case_manager", colleague=world.references["case_manager"])
    made.take("link", OFFICER, municipality=first(made))
    assert proposals(made)[0].status == "confirmed"


def test_another_quota_or_a_closed_municipality_changes_the_answer_and_saves_nothing(
    world: World,
) -> None:
    criteria = [{"criterion": "family_reunification", "municipality": TINY, "evidence": "brief"}]
    made = [household_in("screened", world, household(2), criteria=criteria) for _ in range(3)]
    assert summary(asked(world, Wish(quotas={TINY: 10})))["households_placed"] == 3
    assert summary(asked(world, Wish(closed=(TINY,))))["unplaced"] == {"nowhere_eligible": 3}
    assert [proposals(each) for each in made] == [[], [], []]


def test_nobody_waits(world: World) -> None:
    with pytest.raises(Refused, match="geen huishouden"):
        asked(world)
    household_in("screened", world)
    with pytest.raises(Refused, match="geen huishouden"):
        asked(world, actor="far_placement_officer")


def test_a_run_is_ones_own_and_stops_when_it_is_told(world: World) -> None:
    reference = started(world)
    actors = world.actors
    with world.engine.begin() as connection:
        with pytest.raises(NotFound):
            own_run(connection, MatchingRun, actors["second_placement_officer"], reference)
        with pytest.raises(NotFound):
            runs.start(connection, actors["case_manager"], Wish(), world.moment)
        assert runs.touch(connection, reference, 30, world.moment)
        runs.cancel(connection, actors[OFFICER], reference, world.moment)
        assert not runs.touch(connection, reference, 90, world.moment)
        runs.end(connection, reference, RunStatus.DONE, world.moment, result={})
        assert connection.scalar(select(MatchingRun.status)) == "cancelled"


def test_the_same_form_starts_one_run(world: World) -> None:
    reference = world.moment.new_reference()
    with world.engine.begin() as connection:
        for _ in range(2):
            runs.start(connection, world.actors[OFFICER], Wish(), world.moment, reference=reference)
        assert len(connection.execute(select(MatchingRun.id)).all()) == 1


def test_a_scenario_is_kept_by_name_and_other_what_ifs_are_forgotten(world: World) -> None:
    kept, lost = (started(world, Wish(closed=(TINY,))) for _ in range(2))
    actor = world.actors[OFFICER]
    with world.engine.begin() as connection:
        with pytest.raises(Refused):
            runs.keep(connection, actor, kept, "Zonder Bunnik", world.moment)
        for each in (kept, lost):
            runs.end(connection, each, RunStatus.DONE, world.moment, result={})
        with pytest.raises(Refused):
            runs.keep(connection, actor, kept, " ", world.moment)
        runs.keep(connection, actor, kept, " Zonder Bunnik ", world.moment)
    moment = replace(world.moment, offset=timedelta(days=3))
    with world.engine.begin() as connection:
        assert runs.forget(connection, moment) == 1
        assert list(connection.scalars(select(MatchingRun.name))) == ["Zonder Bunnik"]
