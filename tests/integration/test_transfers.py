"""Transfers of quota: both municipalities confirm, the sum stays, and nobody gets around it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models import QuotaEntry
from models.vocabulary import QuotaKind, TransferAnswer, TransferParty, TransferStage
from tests.database import Database, Server
from tests.world import AMSTERDAM, BUNNIK, EXEMPT, HALF_YEAR, TODAY, UTRECHT, World, opened
from workflows.errors import NotFound, Refused, WorkflowError
from workflows.moment import random_reference
from workflows.quota.announcing import Division, announce
from workflows.quota.exemptions import Exemption, exempt
from workflows.quota.ledger import reverse_line
from workflows.quota.preview import PUBLISHED
from workflows.quota.table import Level, StandingRow, standing
from workflows.quota.transfer import answer, propose, withdraw
from workflows.quota.transfer_rules import Answered, ProposedTransfer, Withdrawn, quota_of
from workflows.quota.verify import verify
from workflows.reading.transfers import transfer, transfers

HALF = str(HALF_YEAR)
TOMORROW = date(2017, 2, 2)
YES = Answered(answer=TransferAnswer.CONFIRMED)
NO = Answered(answer=TransferAnswer.DECLINED, reason="Geen woningen")
GIVER, TAKER = TransferParty.GIVER, TransferParty.TAKER


def assign(world: World, persons: int = 13_000) -> None:
    payload = Division(half_year=HALF, persons=persons, method=PUBLISHED, source="Staatscourant")
    with world.engine.begin() as connection:
        announce(connection, world.actors["quota_officer"], payload, world.moment)


@pytest.fixture
def assigned(world: World) -> World:
    """Return a world with a quota of 13,000 in the half-year."""
    assign(world)
    return world


def proposed(world: World, name: str = "quota_officer", **changes: Any) -> str:
    given: dict[str, Any] = {
        "giver": UTRECHT,
        "taker": BUNNIK,
        "half_year": HALF,
        "persons": 10,
        "effective_on": TODAY,
        "reason": "Afspraak in de regio",
    }
    reference = random_reference()
    payload = ProposedTransfer(**(given | changes))
    with world.engine.begin() as connection:
        propose(connection, world.actors[name], payload, reference, world.moment)
    return reference


def says(
    world: World, name: str, reference: str, party: TransferParty, given: Answered = YES
) -> bool:
    with world.engine.begin() as connection:
        actor = world.actors[name]
        return answer(connection, actor, reference, party, payload=given, moment=world.moment)


def takes_back(world: World, name: str, reference: str) -> None:
    with world.engine.begin() as connection:
        payload = Withdrawn(reason="Bij nader inzien")
        withdraw(connection, world.actors[name], reference, payload, world.moment)


def table(world: World) -> dict[str, StandingRow]:
    with world.engine.connect() as connection:
        rows = standing(connection, TOMORROW, None, Level.MUNICIPALITY)
        nation = standing(connection, TOMORROW, None, Level.NATION)
    return {row.code: row for row in (*rows, *nation)}


def transfer_lines(world: World) -> int:
    with world.engine.connect() as connection:
        kinds = [QuotaKind.TRANSFER_IN, QuotaKind.TRANSFER_OUT]
        found = connection.execute(select(QuotaEntry.id).where(QuotaEntry.kind.in_(kinds)))
        return len(found.all())


def check_verified(world: World) -> None:
    with world.engine.begin() as connection:
        assert list(verify(connection, world.moment.seal)) == []


def stage(world: World, reference: str) -> TransferStage:
    with world.engine.connect() as connection:
        return transfer(connection, world.actors["quota_officer"], reference).stage


def test_two_confirmations_post_both_lines_and_the_sum_stays(assigned: World) -> None:
    before = table(assigned)
    reference = proposed(assigned)
    assert not says(assigned, "utrecht_coordinator", reference, GIVER)
    assert transfer_lines(assigned) == 0
    assert says(assigned, "bunnik", reference, TAKER)
    after = table(assigned)
    assert after[UTRECHT].quota == before[UTRECHT].quota - 10
    assert after[BUNNIK].quota == before[BUNNIK].quota + 10
    assert after["NL"].quota == before["NL"].quota
    assert after["NL"].remaining == before["NL"].remaining
    assert stage(assigned, reference) is TransferStage.AGREED
    check_verified(assigned)


def test_a_municipality_that_proposes_has_confirmed(assigned: World) -> None:
    reference = proposed(assigned, "bunnik")
    assert says(assigned, "utrecht", reference, GIVER)
    check_verified(assigned)


def test_declining_asks_a_reason_and_ends_it(assigned: World) -> None:
    reference = proposed(assigned)
    with pytest.raises(Refused) as refusal:
        says(assigned, "bunnik", reference, TAKER, Answered(answer=TransferAnswer.DECLINED))
    assert refusal.value.field_name == "reason"
    says(assigned, "bunnik", reference, TAKER, NO)
    with pytest.raises(Refused, match="afgewezen"):
        says(assigned, "utrecht", reference, GIVER)
    assert (stage(assigned, reference), transfer_lines(assigned)) == (TransferStage.DECLINED, 0)


def test_a_proposal_is_withdrawn_by_who_made_it_until_it_is_posted(assigned: World) -> None:
    reference = proposed(assigned, "utrecht")
    with pytest.raises(NotFound):
        takes_back(assigned, "bunnik", reference)
    takes_back(assigned, "utrecht", reference)
    with pytest.raises(Refused, match="ingetrokken"):
        says(assigned, "bunnik", reference, TAKER)
    posted = proposed(assigned, "utrecht")
    says(assigned, "bunnik", posted, TAKER)
    with pytest.raises(Refused, match="al door beide"):
        takes_back(assigned, "quota_officer", posted)


def test_nobody_answers_for_another_municipality(assigned: World) -> None:
    reference = proposed(assigned)
    for name, party in (
        ("utrecht", TAKER),
        ("amsterdam", GIVER),
        ("quota_officer", GIVER),
        ("supervisor", TAKER),
    ):
        with pytest.raises(NotFound):
            says(assigned, name, reference, party)
    with pytest.raises(NotFound):
        proposed(assigned, "supervisor")
    with pytest.raises(Refused) as refusal:
        proposed(assigned, "amsterdam")
    assert refusal.value.field_name == "giver"
    with assigned.engine.connect() as connection:
        assert transfers(connection, assigned.actors["amsterdam"]) == []
        assert len(transfers(connection, assigned.actors["bunnik"])) == 1
        with pytest.raises(NotFound):
            transfer(connection, assigned.actors["amsterdam"], reference)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"taker": EXEMPT}, "taker", "exempt"),
        ({"giver": EXEMPT}, "giver", "exempt"),
        ({"taker": UTRECHT}, "taker", "same"),
        ({"taker": "GM9999"}, "taker", "unknown_municipality"),
        ({"giver": "GM1948"}, "giver", "unknown_municipality"),
        ({"effective_on": date(2016, 12, 31)}, "effective_on", "outside_half_year"),
        (
            {"half_year": "2017-II", "effective_on": date(2017, 7, 1)},
            "half_year",
            "no_quota",
        ),
        ({"persons": 5_000}, "persons", "too_many"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    assigned: World, changes: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        proposed(assigned, **changes)
    assert (refusal.value.field_name, refusal.value.code) == (field, code)
    with assigned.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM quota_transfer")) == 0


def test_what_became_impossible_is_refused_at_the_confirmation(assigned: World) -> None:
    reference = proposed(assigned, "utrecht")
    payload = Exemption(municipality=BUNNIK, valid_from=TODAY, reason="Nieuw centrum")
    with assigned.engine.begin() as connection:
        exempt(connection, assigned.actors["quota_officer"], payload, assigned.moment)
    with pytest.raises(Refused, match="vrijgesteld"):
        says(assigned, "bunnik", reference, TAKER)
    assert transfer_lines(assigned) == 0
    assert stage(assigned, reference) is TransferStage.WAITING


def test_a_form_sent_twice_proposes_once(assigned: World) -> None:
    given = ProposedTransfer(
        giver=UTRECHT,
        taker=BUNNIK,
        half_year=HALF,
        persons=3,
        effective_on=TODAY,
        reason="Afspraak",
    )
    reference = random_reference()
    for _ in range(2):
        with assigned.engine.begin() as connection:
            actor = assigned.actors["quota_officer"]
            propose(connection, actor, given, reference, assigned.moment)
    with assigned.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM quota_transfer")) == 1


def test_a_reversal_takes_both_sides_back_once(assigned: World) -> None:
    before = table(assigned)
    reference = proposed(assigned, "utrecht")
    says(assigned, "bunnik", reference, TAKER)
    officer = assigned.actors["quota_officer"]
    with assigned.engine.begin() as connection:
        line = connection.scalar(
            select(QuotaEntry.id).where(QuotaEntry.kind == QuotaKind.TRANSFER_IN)
        )
        assert line is not None
        reverse_line(connection, officer, line, "niet doorgegaan", assigned.moment)
    assert {code: row.quota for code, row in table(assigned).items()} == {
        code: row.quota for code, row in before.items()
    }
    with assigned.engine.begin() as connection, pytest.raises(Refused, match="al teruggedraaid"):
        reverse_line(connection, officer, line, "nog eens", assigned.moment)
    check_verified(assigned)


def test_what_was_said_is_never_rewritten(assigned: World) -> None:
    reference = proposed(assigned, "utrecht")
    for statement in (
        "UPDATE quota_transfer SET persons = 99",
        "DELETE FROM quota_transfer_answer",
        "TRUNCATE quota_transfer_answer",
    ):
        with assigned.database.engine(owner=True) as owner, owner.begin() as connection:
            with pytest.raises(DBAPIError, match="keeps history"):
                connection.execute(text(statement))
            connection.rollback()
    assert stage(assigned, reference) is TransferStage.WAITING


@pytest.mark.parametrize(
    "planted",
    [
        "UPDATE quota_entry SET persons = persons + 1 WHERE kind = 'transfer_in'",
        "DELETE FROM quota_entry WHERE kind = 'transfer_out'",
        "DELETE FROM quota_transfer_answer WHERE party = 'taker'",
    ],
)
def test_verify_catches_a_transfer_that_does_not_add_up(assigned: World, planted: str) -> None:
    reference = proposed(assigned, "utrecht")
    says(assigned, "bunnik", reference, TAKER)
    with assigned.database.engine(owner=True) as owner, owner.begin() as connection:
        for table_name in ("quota_entry", "quota_transfer_answer"):
            connection.execute(text(f"ALTER TABLE {table_name} DISABLE TRIGGER keep_history_row"))
        connection.execute(text(planted))
    with assigned.engine.begin() as connection:
        kinds = [each.kind for each in verify(connection, assigned.moment.seal)]
    assert "transfer" in kinds


@pytest.fixture
def arena(server: Server, installed: Database) -> Iterator[World]:
    """Yield a world with a quota and enough connections; at the end everything adds up."""
    with server.temporary(installed.name) as database, opened(database, 8) as found:
        assign(found, 100_000)
        yield found
        check_verified(found)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run acts at the same moment; an answer in words is an outcome, anything else fails."""
    barrier = threading.Barrier(len(acts))

    def start(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return act()
        except WorkflowError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(start, acts))


RACES = pytest.mark.parametrize(
    "races", [20, pytest.param(400, marks=pytest.mark.full)], ids=["20", "400"]
)


@RACES
def test_two_confirmations_at_once_post_once(arena: World, races: int) -> None:
    for _ in range(races):
        reference = proposed(arena, persons=1)
        outcomes = at_once(
            partial(says, arena, "utrecht", reference, GIVER),
            partial(says, arena, "bunnik", reference, TAKER),
        )
        assert sorted(map(str, outcomes)) == ["False", "True"]
    assert transfer_lines(arena) == 2 * races


@RACES
def test_a_confirmation_and_a_withdrawal_at_once_have_one_winner(arena: World, races: int) -> None:
    for _ in range(races):
        reference = proposed(arena, "utrecht", persons=1)
        outcomes = at_once(
            partial(says, arena, "bunnik", reference, TAKER),
            partial(takes_back, arena, "utrecht", reference),
        )
        refused = [each for each in outcomes if isinstance(each, Refused)]
        assert len(refused) == 1, outcomes
        final = stage(arena, reference)
        posted = outcomes[0] is True
        assert final is (TransferStage.AGREED if posted else TransferStage.WITHDRAWN)


@RACES
def test_crossing_transfers_do_not_deadlock(arena: World, races: int) -> None:
    with arena.engine.connect() as connection:
        start = quota_of(connection, BUNNIK, HALF_YEAR)
    for _ in range(races):
        there = proposed(arena, "utrecht", persons=2)
        back = proposed(arena, "bunnik", giver=BUNNIK, taker=UTRECHT, persons=2)
        third = proposed(arena, "amsterdam", giver=AMSTERDAM, taker=BUNNIK, persons=1)
        outcomes = at_once(
            partial(says, arena, "bunnik", there, TAKER),
            partial(says, arena, "utrecht", back, TAKER),
            partial(says, arena, "bunnik", third, TAKER),
        )
        assert outcomes == [True, True, True]
    with arena.engine.connect() as connection:
        assert quota_of(connection, BUNNIK, HALF_YEAR) == start + races
