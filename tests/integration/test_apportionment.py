"""Dividing a national number: the preview, the assignment, its revisions, and what they need."""

from contextlib import suppress
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from models import QuotaEntry
from models.vocabulary import ApportionMethod, QuotaKind
from tests.database import Database, Server
from tests.world import BUNNIK, EXEMPT, HALF_YEAR, TODAY, UTRECHT, World, opened
from workflows.errors import InvalidPayload, NotFound, Refused
from workflows.quota.announcing import Division, announce
from workflows.quota.exemptions import Exemption, ExemptionEnd, end_exemption, exempt, exemptions
from workflows.quota.ledger import reverse_line
from workflows.quota.period import HalfYear
from workflows.quota.populations import PopulationTable, known_populations, store_populations
from workflows.quota.posted import posted_quota
from workflows.quota.preview import PUBLISHED, STATUTE, preview
from workflows.quota.table import Level, standing
from workflows.quota.verify import verify

HALF = str(HALF_YEAR)


def division(
    persons: int, method: ApportionMethod = PUBLISHED, day: date | None = None
) -> Division:
    return Division(
        half_year=HALF, persons=persons, method=method, source="Staatscourant", effective_on=day
    )


def announced(
    world: World, persons: int, method: ApportionMethod = PUBLISHED, day: date | None = None
) -> None:
    with world.engine.begin() as connection:
        payload = division(persons, method, day)
        announce(connection, world.actors["quota_officer"], payload, world.moment)


def check_verified(world: World) -> None:
    with world.engine.begin() as connection:
        assert list(verify(connection, world.moment.seal)) == []


def test_the_preview_gives_both_methods_and_their_rounding(world: World) -> None:
    with world.engine.begin() as connection:
        found = preview(connection, world.actors["quota_officer"], HALF_YEAR, 13_000)
    statute, published = found.divisions[STATUTE], found.divisions[PUBLISHED]
    assert (statute.total, statute.rounding_difference) == (13_196, 196)
    assert (published.total, published.rounding_difference) == (13_000, 0)
    assert len(found.rows) == 390
    assert sum((row.statute.rounding for row in found.rows), Fraction(0)) == 196
    assert sum((row.published.rounding for row in found.rows), Fraction(0)) == 0
    left_out = next(row for row in found.rows if row.code == EXEMPT)
    assert left_out.exempt
    assert left_out.published.persons == 0 < left_out.statute.persons


def test_only_the_quota_officer_previews_and_assigns(world: World) -> None:
    for name in ("manager", "supervisor", "utrecht", "administrator"):
        actor = world.actors[name]
        with world.engine.begin() as connection, pytest.raises(NotFound):
            preview(connection, actor, HALF_YEAR, 13_000)
        with world.engine.begin() as connection, pytest.raises(NotFound):
            announce(connection, actor, division(13_000), world.moment)


def test_a_revision_posts_the_difference_on_its_day_and_rewrites_nothing(world: World) -> None:
    announced(world, 13_000)
    with world.engine.connect() as connection:
        before = connection.execute(select(QuotaEntry.__table__).order_by(QuotaEntry.id)).all()
        present = posted_quota(connection, HALF_YEAR)
        found = preview(connection, world.actors["quota_officer"], HALF_YEAR, 23_000)
    expected = {row.code: row.change(PUBLISHED) for row in found.rows}
    announced(world, 23_000, day=TODAY)
    with world.engine.connect() as connection:
        after = connection.execute(select(QuotaEntry.__table__).order_by(QuotaEntry.id)).all()
        assert after[: len(before)] == before
        lines = after[len(before) :]
        assert {line.booked_on for line in lines} == {TODAY}
        changes = {line.municipality_code: line.persons for line in lines if line.persons}
        assert changes == {code: persons for code, persons in expected.items() if persons}
        revised = posted_quota(connection, HALF_YEAR)
        assert revised == {code: present[code] + expected[code] for code in present}
        old = {row.code: row.quota for row in standing(connection, TODAY, None, Level.MUNICIPALITY)}
        assert old[UTRECHT] == present[UTRECHT], "before its day a revision does not count"
    check_verified(world)


def test_a_revision_to_another_method_and_a_correction_stay_verified(world: World) -> None:
    announced(world, 13_000)
    announced(world, 13_000, STATUTE, date(2017, 1, 15))
    with world.engine.begin() as connection:
        line = connection.scalar(
            select(QuotaEntry.id).where(
                QuotaEntry.municipality_code == BUNNIK, QuotaEntry.kind == QuotaKind.QUOTA
            )
        )
        assert line is not None
        officer = world.actors["quota_officer"]
        reverse_line(connection, officer, line, "verkeerd geboekt", world.moment)
    check_verified(world)
    announced(world, 14_000, day=TODAY)
    check_verified(world)


def test_verify_catches_a_revision_that_was_posted_wrong(world: World) -> None:
    announced(world, 13_000)
    announced(world, 14_000, day=TODAY)
    with world.database.engine(owner=True) as owner, owner.begin() as connection:
        connection.execute(text("ALTER TABLE quota_entry DISABLE TRIGGER keep_history_row"))
        connection.execute(
            text(
                "UPDATE quota_entry SET persons = persons + 1 WHERE booked_on = :day"
                " AND municipality_code = :code AND kind = 'quota'"
            ),
            {"day": TODAY, "code": UTRECHT},
        )
    with world.engine.begin() as connection:
        kinds = {(each.kind, UTRECHT in each.subject) for each in verify(connection, b"x" * 32)}
    assert ("division", True) in kinds


@pytest.mark.parametrize(
    ("persons", "method", "day", "code"),
    [
        (14_000, PUBLISHED, None, "effective_on"),
        (14_000, PUBLISHED, date(2017, 7, 1), "outside_half_year"),
        (14_000, PUBLISHED, date(2016, 12, 31), "outside_half_year"),
        (13_000, PUBLISHED, TODAY, "unchanged"),
        (14_000, ApportionMethod.GIVEN, TODAY, "method"),
    ],
)
def test_a_revision_that_cannot_be_is_refused_and_stores_nothing(
    world: World, persons: int, method: ApportionMethod, day: date | None, code: str
) -> None:
    announced(world, 13_000)
    with pytest.raises(Refused) as refusal:
        announced(world, persons, method, day)
    assert refusal.value.code == code
    assert refusal.value.field_name is not None
    with world.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM national_quota")) == 1


def test_a_revision_does_not_go_back_before_the_last(world: World) -> None:
    announced(world, 13_000)
    announced(world, 14_000, day=TODAY)
    with pytest.raises(Refused) as refusal:
        announced(world, 15_000, day=date(2017, 1, 2))
    assert refusal.value.code == "before_the_last"


REVISIONS = st.lists(
    st.tuples(st.integers(0, 40_000), st.sampled_from([PUBLISHED, STATUTE]), st.integers(0, 180)),
    min_size=1,
    max_size=5,
)


@pytest.mark.full
@settings(max_examples=25)
@given(revisions=REVISIONS)
def test_any_row_of_revisions_ends_at_the_last_division(
    server: Server, installed: Database, revisions: list[tuple[int, ApportionMethod, int]]
) -> None:
    with server.temporary(installed.name) as database, opened(database) as world:
        announced(world, 13_000)
        for persons, method, day in sorted(revisions, key=lambda each: each[2]):
            on = date.fromordinal(day + date(2017, 1, 1).toordinal())
            with suppress(Refused):
                announced(world, persons, method, on)
            with world.engine.connect() as connection:
                found = preview(connection, world.actors["quota_officer"], HALF_YEAR, persons)
            assert all(row.change(method) == 0 for row in found.rows)
        check_verified(world)


def test_exemptions_are_dated_rows_and_count_at_the_next_division(world: World) -> None:
    officer = world.actors["quota_officer"]
    with world.engine.begin() as connection:
        exempt(
            connection,
            officer,
            Exemption(municipality=BUNNIK, valid_from=date(2017, 1, 1), reason="Nieuw centrum"),
            world.moment,
        )
        ending = ExemptionEnd(
            municipality=EXEMPT, valid_from=date(2016, 1, 1), valid_until=date(2017, 1, 1)
        )
        end_exemption(connection, officer, ending, world.moment)
        found = preview(connection, officer, HALF_YEAR, 13_000)
        rows = {row.code: row for row in found.rows}
        assert rows[BUNNIK].exempt
        assert not rows[EXEMPT].exempt
        assert len(exemptions(connection, officer)) == 3
    announced(world, 13_000)
    check_verified(world)


def test_exemptions_that_cannot_be_are_refused(world: World) -> None:
    officer = world.actors["quota_officer"]
    given = [
        (EXEMPT, date(2017, 1, 1), None, "exempt_already"),
        (BUNNIK, date(2017, 2, 1), date(2017, 2, 1), "backwards"),
        ("GM9999", date(2017, 2, 1), None, "unknown_municipality"),
    ]
    for code, start, end, expected in given:
        payload = Exemption(municipality=code, valid_from=start, valid_until=end, reason="Reden")
        with world.engine.begin() as connection, pytest.raises(Refused) as refusal:
            exempt(connection, officer, payload, world.moment)
        assert refusal.value.code == expected
    ending = ExemptionEnd(municipality=BUNNIK, valid_from=TODAY, valid_until=date(2018, 1, 1))
    with world.engine.begin() as connection, pytest.raises(Refused):
        end_exemption(connection, officer, ending, world.moment)
    with world.engine.begin() as connection, pytest.raises(NotFound):
        exemptions(connection, world.actors["supervisor"])


def test_populations_are_read_whole_or_not_at_all(world: World) -> None:
    officer = world.actors["quota_officer"]
    day = date(2018, 1, 1)
    good = PopulationTable(
        on_date=day, table=f"municipality_code,persons\n{UTRECHT},350000\n\n{BUNNIK},15000\n"
    )
    again = PopulationTable(on_date=day, table=f"municipality_code,persons\r\n{UTRECHT},347483")
    with world.engine.begin() as connection:
        assert store_populations(connection, officer, good, world.moment) == 2
        assert store_populations(connection, officer, again, world.moment) == 1
        newest = known_populations(connection, officer)[0]
        assert (newest.on_date, newest.municipalities, newest.persons) == (day, 2, 362_483)
    bad = f"municipality_code,persons\n{UTRECHT},1\nGM9999,5\n{UTRECHT},2\n{BUNNIK},-3\n"
    table = PopulationTable(on_date=day, table=bad)
    with world.engine.begin() as connection, pytest.raises(InvalidPayload) as problem:
        store_populations(connection, officer, table, world.moment)
    assert str(problem.value.errors["table"]).endswith("3: GM9999; 4: GM0344; 5: -3.")
    for on_date, expected in ((date(2018, 2, 1), "not_january"), (date(2016, 1, 1), "used")):
        announced_once(world)
        table = PopulationTable(on_date=on_date, table=good.table)
        with world.engine.begin() as connection, pytest.raises(Refused) as refusal:
            store_populations(connection, officer, table, world.moment)
        assert refusal.value.code == expected


def announced_once(world: World) -> None:
    with world.engine.connect() as connection:
        known = connection.scalar(text("SELECT count(*) FROM national_quota"))
    if not known:
        announced(world, 13_000)


def test_a_table_without_its_head_is_refused(world: World) -> None:
    table = PopulationTable(on_date=date(2018, 1, 1), table=f"{UTRECHT},350000")
    with world.engine.begin() as connection, pytest.raises(InvalidPayload):
        store_populations(connection, world.actors["quota_officer"], table, world.moment)


def test_a_half_year_without_populations_is_refused_beside_its_field(world: World) -> None:
    with world.engine.begin() as connection, pytest.raises(Refused) as refusal:
        preview(connection, world.actors["quota_officer"], HalfYear(2030, 1), 13_000)
    assert refusal.value.field_name == "half_year"
