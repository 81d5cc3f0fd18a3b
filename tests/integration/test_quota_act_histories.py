"""Random rows of transfers, mergers, revisions and reversals keep what must hold."""

from collections.abc import Callable  # noqa: TC003 - of a local annotation
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models import QuotaEntry
from models.vocabulary import QuotaKind
from tests.database import Database, Server
from tests.integration.test_mergers import SUMS, merge, sums, table
from tests.integration.test_transfers import TAKER, assign, check_verified, proposed, says
from tests.world import AMSTERDAM, HALF_YEAR, TODAY, UTRECHT, World, opened
from workflows.errors import Refused
from workflows.quota.announcing import Division, announce
from workflows.quota.ledger import reverse_line
from workflows.quota.preview import PUBLISHED
from workflows.quota.table import FIGURES, StandingRow


@pytest.mark.full
@settings(max_examples=20)
@given(draws=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 40)), min_size=4, max_size=14))
def test_random_acts_keep_the_identities_and_the_nation(
    server: Server, installed: Database, draws: list[tuple[int, int]]
) -> None:
    with server.temporary(installed.name) as database, opened(database) as world:
        assign(world)
        _check_acts(world, draws)


def test_a_row_of_acts_keeps_the_identities_and_the_nation(world: World) -> None:
    assign(world)
    _check_acts(
        world, [(0, 7), (1, 3), (4, 20), (2, 0), (0, 5), (5, 9), (3, 1), (4, 11), (5, 2), (2, 1)]
    )


def _check_acts(world: World, draws: list[tuple[int, int]]) -> None:
    acts: list[Callable[[World, int], None]] = [
        lambda world, size: _transfer(world, "utrecht", "amsterdam", size),
        lambda world, size: _transfer(world, "amsterdam", "utrecht", size),
        lambda world, _size: _once(world, {}),
        lambda world, _size: _once(
            world, {"predecessors": ["Bunnik"], "successor": AMSTERDAM, "name": "Amsterdam"}
        ),
        _revise,
        _reverse_some_line,
    ]
    keeps_the_nation = 4
    for act, size in draws:
        before = table(world)["NL"]
        acts[act](world, size)
        after = table(world)
        nation = after.pop("NL")
        if act < keeps_the_nation:
            assert all(getattr(nation, key) == getattr(before, key) for key in SUMS), act
        for row in (*after.values(), nation):
            _check_identities(row)
        assert all(sums(after.values(), key) == getattr(nation, key) for key in FIGURES)
    check_verified(world)


def _check_identities(row: StandingRow) -> None:
    assert row.opening_previous + row.quota_previous - row.realised_previous == row.opening
    assert row.opening + row.quota == row.corrected_quota
    assert row.corrected_quota - row.realised == row.remaining
    assert row.backlog + row.advance == row.remaining


def _transfer(world: World, giver: str, taker: str, persons: int) -> None:
    """Transfer, unless the giver's quota was reversed before and leaves nothing to hand over."""
    codes = {"utrecht": UTRECHT, "amsterdam": AMSTERDAM}
    try:
        reference = proposed(world, giver, giver=codes[giver], taker=codes[taker], persons=persons)
    except Refused as refusal:
        if refusal.code != "too_many":
            raise
        return
    says(world, taker, reference, TAKER)


def _once(world: World, changes: dict[str, Any]) -> None:
    """Merge; a second time it is refused."""
    with suppress(Refused):
        merge(world, **changes)


def _revise(world: World, size: int) -> None:
    payload = Division(
        half_year=str(HALF_YEAR),
        persons=13_000 + 10 * size,
        method=PUBLISHED,
        source="Brief",
        effective_on=TODAY,
    )
    with suppress(Refused), world.engine.begin() as connection:
        announce(connection, world.actors["quota_officer"], payload, world.moment)


def _reverse_some_line(world: World, number: int) -> None:
    with world.engine.begin() as connection:
        reversed_lines = select(QuotaEntry.reverses).where(QuotaEntry.reverses.is_not(None))
        keys = connection.scalars(
            select(QuotaEntry.id)
            .where(
                QuotaEntry.reverses.is_(None),
                QuotaEntry.id.not_in(reversed_lines),
                QuotaEntry.kind != QuotaKind.OPENING,
            )
            .order_by(QuotaEntry.id)
        ).all()
        key = keys[number % len(keys)]
        reverse_line(connection, world.actors["quota_officer"], key, "fout", world.moment)
