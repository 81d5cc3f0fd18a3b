"""Mergers on 1 January: cases, users and reservations go along, and figures stay what they were."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text

from models import Case, Municipality, QuotaBalance, QuotaEntry
from models.vocabulary import QuotaKind, Role, TransferStage
from tests.factories import DWELLING, NO_TALK, Household, household, household_in
from tests.integration.test_transfers import (
    TAKER,
    assign,
    at_once,
    check_verified,
    proposed,
    says,
    stage,
)
from tests.world import BUNNIK, HALF_YEAR, TODAY, UTRECHT, World
from workflows import policy
from workflows.errors import NotFound, Refused
from workflows.permissions import Permission
from workflows.quota.announcing import Division, announce
from workflows.quota.ledger import Line, post_lines
from workflows.quota.merger import Merged, merge_municipalities
from workflows.quota.merger_rules import Merger
from workflows.quota.preview import PUBLISHED, STATUTE, preview
from workflows.quota.table import FIGURES, Level, StandingRow, standing
from workflows.quota.verify import verify
from workflows.users import NewUser, add_users, load_actors

SCHIJNDEL, SINT_OEDENRODE, VEGHEL, MEIERIJSTAD = "GM0844", "GM0846", "GM0860", "GM1948"
PARTS = (VEGHEL, SCHIJNDEL, SINT_OEDENRODE)
NEW_YEAR = date(2017, 1, 1)
TOMORROW = date(2017, 2, 2)
SUMS = [figure for figure in FIGURES if figure not in {"backlog", "advance"}]


def merger(**changes: Any) -> Merger:
    given: dict[str, Any] = {
        "on_date": NEW_YEAR,
        "predecessors": ["Veghel", "Schijndel", "GM0846"],
        "successor": MEIERIJSTAD,
        "name": "Meierijstad",
    }
    return Merger(**(given | changes))


def merge(world: World, **changes: Any) -> Merged:
    with world.engine.begin() as connection:
        officer = world.actors["quota_officer"]
        return merge_municipalities(connection, officer, merger(**changes), world.moment)


def hire(world: World, code: str) -> int:
    """Give a municipality an officer and return the user's key."""
    grant = (Role.MUNICIPAL_OFFICER, world.municipalities[code])
    new = NewUser(
        email=f"{code.lower()}@example.org", name=code, password_hash="none", grants=(grant,)
    )
    with world.engine.begin() as connection:
        found = add_users(connection, [new], world.moment, valid_from=date(2016, 1, 1))
    return found[new.email]


def table(world: World, valid: date = TOMORROW) -> dict[str, StandingRow]:
    with world.engine.connect() as connection:
        rows = standing(connection, valid, None, Level.MUNICIPALITY)
        nation = standing(connection, valid, None, Level.NATION)
    return {row.code: row for row in (*rows, *nation)}


def opening(code: str, persons: int) -> Line:
    return Line(
        municipality_code=code,
        half_year=HALF_YEAR,
        kind=QuotaKind.OPENING,
        persons=persons,
        reason="room for tests",
    )


@pytest.fixture
def filled(world: World) -> World:
    """Return a world where the three have room, quota, and a backlog beside an advance."""
    give_room(world)
    return world


def give_room(world: World) -> None:
    lines = [opening(code, persons) for code, persons in zip(PARTS, (50, -200, 30), strict=True)]
    with world.engine.begin() as connection:
        post_lines(connection, world.actors["quota_officer"], lines, world.moment)
    assign(world)


def linked(world: World, state: str, code: str = VEGHEL, **more: Any) -> Household:
    return household_in(state, world, household(2), municipality=code, **more)


def sums(rows: Iterable[StandingRow], figure: str) -> int:
    return sum(getattr(row, figure) for row in rows)


def test_the_three_become_meierijstad_and_the_nation_stays(filled: World) -> None:
    linked(filled, "linked")
    before, closing = table(filled), table(filled, NEW_YEAR)
    merge(filled)
    after = table(filled)
    assert (len(before), len(after)) == (391, 389)
    assert MEIERIJSTAD in after
    assert not set(PARTS) & set(after)
    parts = [before[code] for code in PARTS]
    for figure in SUMS:
        assert getattr(after[MEIERIJSTAD], figure) == sums(parts, figure)
        assert getattr(after["NL"], figure) == getattr(before["NL"], figure)
    whole, was = after["NL"], before["NL"]
    assert whole.backlog + whole.advance == was.backlog + was.advance
    assert whole.backlog < was.backlog, "the advance of one makes up for the backlog of another"
    assert table(filled, NEW_YEAR) == closing, "history stays readable under the old names"
    check_verified(filled)


@pytest.mark.parametrize("state", ["linked", "preparing", "offered", "moving", "housed"])
def test_a_case_in_any_state_goes_along_and_finishes_there(filled: World, state: str) -> None:
    user = hire(filled, VEGHEL)
    with filled.engine.begin() as connection:
        actor = load_actors(connection, [user], filled.today)[user]
    world = filled
    made = household_in("linked", world, household(2), municipality=VEGHEL)
    made = _brought_to(made, state, actor)
    reserved = made.row().reserved
    assert merge(world) == Merged(MEIERIJSTAD, 1, 1)
    row = made.row()
    assert (row.municipality_code, row.former_municipality_code) == (MEIERIJSTAD, VEGHEL)
    assert (row.state, row.reserved) == (state, reserved)
    with world.engine.begin() as connection:
        balances = dict(
            connection.execute(
                select(QuotaBalance.municipality_code, QuotaBalance.reserved).where(
                    QuotaBalance.municipality_code.in_([VEGHEL, MEIERIJSTAD])
                )
            ).all()
        )
        actor = load_actors(connection, [user], world.today)[user]
    assert balances == {VEGHEL: 0, MEIERIJSTAD: reserved}
    check_verified(world)
    _brought_to(made, "housed", actor)
    made.take("sign_off", "case_manager", booked_on=world.today)
    made.take("close", "case_manager", **NO_TALK)
    check_verified(world)
    assert table(world)[MEIERIJSTAD].realised == 2


def _brought_to(made: Household, state: str, officer: Any) -> Household:
    """Take the steps from where a case stands until a state."""
    day = made.world.today
    road: list[tuple[str, str, Any, dict[str, Any]]] = [
        ("linked", "take_up", officer, {}),
        (
            "preparing",
            "offer_housing",
            officer,
            DWELLING,
        ),
        ("offered", "accept_offer", "case_manager", {}),
        ("moving", "sign_lease", officer, {"title_on": day}),
        ("moving", "house", "case_manager", {"housed_on": day}),
    ]
    for start, step, actor, payload in road:
        current = made.row().state
        if current == state and not (state == "moving" and step == "sign_lease"):
            break
        if current == start:
            made.results.append(made.world.take(step, actor, payload, made.case))
    assert made.row().state == state
    return made


def test_what_was_signed_off_before_the_merger_counts_for_the_predecessor(filled: World) -> None:
    early = filled.on(date(2016, 12, 20))
    user = hire(filled, VEGHEL)
    with filled.engine.begin() as connection:
        actor = load_actors(connection, [user], filled.today)[user]
    made = _brought_to(linked(early, "linked", permit_on=date(2016, 12, 1)), "housed", actor)
    merge(filled)
    made.on(TODAY).take("sign_off", "case_manager", booked_on=date(2016, 12, 30))
    assert table(filled, NEW_YEAR)[VEGHEL].realised == 2
    assert table(filled)[MEIERIJSTAD].realised_previous == 2
    with filled.engine.begin() as connection:
        found = {each.kind for each in verify(connection, filled.moment.seal)}
    assert found <= {"source"}, "the openings of this world begin in 2017 only"


def test_closed_cases_and_their_lines_stay_readable_under_the_old_name(filled: World) -> None:
    user = hire(filled, VEGHEL)
    made = household_in("linked", filled, household(1), municipality=VEGHEL)
    with filled.engine.begin() as connection:
        actor = load_actors(connection, [user], filled.today)[user]
    _brought_to(made, "housed", actor)
    made.take("sign_off", "case_manager", booked_on=filled.today)
    made.take("close", "case_manager", **NO_TALK)
    merge(filled)
    assert made.row().municipality_code == VEGHEL
    with filled.engine.begin() as connection:
        moved = load_actors(connection, [user], filled.today)[user]
    assert moved.grants[0].area_code == MEIERIJSTAD
    assert VEGHEL in {grant.area_code for grant in moved.grants}
    newcomer = hire_at(filled, MEIERIJSTAD)
    with filled.engine.begin() as connection:
        actors = load_actors(connection, [newcomer], filled.today)
        visible = policy.visible(actors[newcomer], Permission.RECORD_OUTCOME, filled.today)
        assert connection.scalar(select(Case.reference).where(visible)) == made.case


def hire_at(world: World, code: str) -> int:
    with world.engine.connect() as connection:
        organisation = connection.scalar(
            select(Municipality.organisation_id).where(Municipality.code == code)
        )
    assert organisation is not None
    new = NewUser(
        email="new@example.org",
        name="New",
        password_hash="none",
        grants=((Role.MUNICIPAL_OFFICER, organisation),),
    )
    with world.engine.begin() as connection:
        return add_users(connection, [new], world.moment, valid_from=world.today)[new.email]


def test_hard_criteria_name_the_successor(filled: World) -> None:
    made = household_in(
        "screened",
        filled,
        criteria=[{"criterion": "safety", "municipality": VEGHEL, "evidence": "Aangifte"}],
    )
    merge(filled)
    assert made.row().hard_criteria[0]["municipality"] == MEIERIJSTAD
    with pytest.raises(Refused) as refusal:
        made.take("link", "placement_officer", municipality=MEIERIJSTAD)
    assert refusal.value.code == "hard_criterion"
    check_verified(filled)


def test_waiting_transfers_end_and_posted_ones_stay(filled: World) -> None:
    hire(filled, VEGHEL)
    waiting = proposed(filled, "utrecht", taker=VEGHEL)
    posted = proposed(filled, "utrecht")
    says(filled, "bunnik", posted, TAKER)
    merge(filled)
    assert stage(filled, waiting) is TransferStage.WITHDRAWN
    assert stage(filled, posted) is TransferStage.AGREED
    with pytest.raises(Refused) as refusal:
        proposed(filled, "utrecht", taker=VEGHEL)
    assert refusal.value.code == "unknown_municipality"
    check_verified(filled)


def test_a_revision_after_the_merger_reckons_with_what_its_parts_had(filled: World) -> None:
    merge(filled)
    with filled.engine.connect() as connection:
        found = preview(connection, filled.actors["quota_officer"], HALF_YEAR, 23_000)
    rows = {row.code: row for row in found.rows}
    assert len(rows) == 388
    assert not set(PARTS) & set(rows)
    assert rows[MEIERIJSTAD].posted == sum(line for line in _quotas(filled, PARTS))
    payload = Division(
        half_year=str(HALF_YEAR),
        persons=23_000,
        method=STATUTE,
        source="Brief",
        effective_on=TODAY,
    )
    with filled.engine.begin() as connection:
        announce(connection, filled.actors["quota_officer"], payload, filled.moment)
    assert table(filled)[MEIERIJSTAD].quota == rows[MEIERIJSTAD].statute.persons
    check_verified(filled)


def _quotas(world: World, codes: Iterable[str]) -> list[int]:
    with world.engine.connect() as connection:
        rows = connection.scalars(
            select(QuotaEntry.persons).where(
                QuotaEntry.kind == QuotaKind.QUOTA, QuotaEntry.municipality_code.in_(list(codes))
            )
        )
        return list(rows)


def test_a_municipality_may_join_one_that_exists(filled: World) -> None:
    merge(filled, predecessors=["Bunnik"], successor=UTRECHT, name="Utrecht")
    after = table(filled)
    assert BUNNIK not in after
    check_verified(filled)
    payload = Division(
        half_year=str(HALF_YEAR),
        persons=14_000,
        method=PUBLISHED,
        source="Brief",
        effective_on=TODAY,
    )
    with filled.engine.begin() as connection:
        announce(connection, filled.actors["quota_officer"], payload, filled.moment)
    check_verified(filled)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"on_date": date(2017, 1, 2)}, "on_date", "not_january"),
        ({"on_date": date(2018, 1, 1)}, "on_date", "future"),
        ({"predecessors": ["Veghel"]}, "predecessors", "one"),
        ({"predecessors": ["Veghel", "veghel"]}, "predecessors", "twice"),
        ({"predecessors": ["Veghel", "Nergens"]}, "predecessors", "unknown_municipality"),
        ({"predecessors": ["Veghel"], "successor": VEGHEL}, "predecessors", "itself"),
        ({"name": "Utrecht"}, "name", "name_taken"),
    ],
)
def test_a_merger_that_cannot_be_is_refused_and_stores_nothing(
    filled: World, changes: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        merge(filled, **changes)
    assert (refusal.value.field_name, refusal.value.code) == (field, code)
    with filled.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM municipality_predecessor")) == 0
        assert connection.scalar(text("SELECT count(*) FROM municipality")) == 390


def test_what_merged_does_not_merge_again(filled: World) -> None:
    merge(filled)
    with pytest.raises(Refused) as refusal:
        merge(filled, predecessors=["GM0860", "Utrecht"], successor="GM1999", name="Elders")
    assert (refusal.value.field_name, refusal.value.code) == ("predecessors", "merged")
    with pytest.raises(Refused) as refusal:
        merge(filled, predecessors=["Utrecht", "Bunnik"], successor=VEGHEL, name="Veghel")
    assert (refusal.value.field_name, refusal.value.code) == ("successor", "merged")


def test_only_the_quota_officer_merges_and_no_case_follows_by_itself(filled: World) -> None:
    for name in ("manager", "utrecht", "administrator", "supervisor"):
        with filled.engine.begin() as connection, pytest.raises(NotFound):
            merge_municipalities(connection, filled.actors[name], merger(), filled.moment)
    made = linked(filled, "linked")
    with pytest.raises(Refused) as refusal:
        made.take("follow_merger", "quota_officer", predecessor=VEGHEL, successor=UTRECHT)
    assert refusal.value.code == "not_merged"


def test_a_link_and_a_merger_at_once_leave_nobody_behind(filled: World) -> None:
    waiting = [household_in("screened", filled) for _ in range(4)]
    outcomes = at_once(
        partial(merge, filled),
        *(partial(made.take, "link", "placement_officer", municipality=VEGHEL) for made in waiting),
    )
    assert isinstance(outcomes[0], Merged)
    assert {row.municipality_code for row in (made.row() for made in waiting)} <= {
        None,
        MEIERIJSTAD,
    }
    check_verified(filled)


def test_verify_catches_a_case_that_stayed_behind(filled: World) -> None:
    made = linked(filled, "linked")
    merge(filled)
    with filled.database.engine(owner=True) as owner, owner.begin() as connection:
        connection.execute(
            text("UPDATE case_file SET municipality_code = :code WHERE reference = :case"),
            {"code": VEGHEL, "case": made.case},
        )
    with pytest.raises(AssertionError):
        check_verified(filled)


def test_the_cases_column_knows_no_predecessor_any_more(filled: World) -> None:
    linked(filled, "linked")
    linked(filled, "linked", SINT_OEDENRODE)
    assert merge(filled).cases == 2
    with filled.engine.connect() as connection:
        left = select(Case.id).where(Case.municipality_code.in_(PARTS))
        assert connection.execute(left).all() == []
