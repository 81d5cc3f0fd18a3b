"""History from a file: strict, all or nothing, once; and the worked example back and forth."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, text

from models.vocabulary import QuotaKind
from tests.database import Database
from tests.integration.test_quota_standing import noise
from tests.world import HALF_YEAR, SEAL, TODAY, UTRECHT, World
from webapp.demo.figures import MunicipalFigures, NationalFigures, divide
from webapp.installation import foundation
from workflows.errors import NotFound, Refused
from workflows.exchange import history_file
from workflows.exchange.history import MOST_PROBLEMS, InvalidHistory, TakenOver, take_over
from workflows.exchange.history_export import give_history
from workflows.exchange.history_rows import COLUMNS
from workflows.installation import install
from workflows.moment import Moment
from workflows.quota.ledger import reverse_line
from workflows.quota.table import Level, StandingRow, read_standing
from workflows.quota.verify import verify
from workflows.trail import now

MOMENT = Moment(TODAY, seal=SEAL)
HEAD = ",".join(COLUMNS)
# The letter: A, B, C, D, E, F, G, H, I, J of the nation on 1 February 2017.
LETTER = (5_282, 23_000, 22_200, 6_082, 13_000, 19_082, 3_981, 15_101, 15_510, -409)


def file_of(*rows: str, head: str = HEAD) -> io.BytesIO:
    return io.BytesIO("\r\n".join([head, *rows, ""]).encode())


def letter_rows(place: MunicipalFigures) -> list[str]:
    """Write what a municipality's ledger holds in the letter's example."""
    return [
        f"{place.code},{half_year},{kind},{persons},{booked_on}"
        for half_year, kind, persons, booked_on in (
            ("2016-II", "opening", place.opening_previous, "2016-07-01"),
            ("2016-II", "quota", place.quota_previous, "2016-07-01"),
            ("2016-II", "realised", place.realised_previous, "2016-12-31"),
            ("2017-I", "quota", place.quota, "2017-01-01"),
            ("2017-I", "realised", place.realised, "2017-01-31"),
        )
        if persons or kind == "opening"
    ]


def letter() -> io.BytesIO:
    places = divide(NationalFigures(), Random(1))  # noqa: S311 - a test's dice
    return file_of(*(row for place in places for row in letter_rows(place)))


@pytest.fixture
def empty(engine: Engine) -> Engine:
    """Return the engine of an installation in which nothing was posted."""
    with engine.begin() as connection:
        install(connection, foundation(date(2016, 12, 31)), MOMENT)
    return engine


@pytest.fixture(scope="module")
def untouched(module_database: Database) -> Iterator[Engine]:
    """Yield the engine of such an installation for what is refused."""
    with module_database.engine() as engine:
        with engine.begin() as connection:
            install(connection, foundation(date(2016, 12, 31)), MOMENT)
        yield engine


@pytest.fixture
def other(server: Any, migrated: Database) -> Iterator[Engine]:
    """Yield the engine of another such installation."""
    with server.temporary(migrated.name) as made, made.engine() as engine:
        with engine.begin() as connection:
            install(connection, foundation(date(2016, 12, 31)), MOMENT)
        yield engine


def take(engine: Engine, stream: io.BytesIO, **options: Any) -> TakenOver:
    stream.seek(0)
    with engine.begin() as connection:
        return take_over(connection, None, stream, MOMENT, **options)


def lines_of(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM quota_entry")).scalar_one())


def figures(row: StandingRow) -> tuple[int, ...]:
    return tuple(
        getattr(row, name)
        for name in (
            "opening_previous",
            "quota_previous",
            "realised_previous",
            "opening",
            "quota",
            "corrected_quota",
            "realised",
            "remaining",
            "backlog",
            "advance",
        )
    )


def given(engine: Engine) -> io.BytesIO:
    stream = io.BytesIO()
    with engine.connect() as connection:
        give_history(connection, None, TODAY, now(connection, MOMENT), stream)
    return stream


def test_the_letter_comes_out_of_390_ledgers_and_again_out_of_a_file(
    empty: Engine, other: Engine
) -> None:
    first = take(empty, letter())
    assert first.rows == first.added > 1_900
    with empty.connect() as connection:
        standing = read_standing(connection, TODAY)
        assert not list(verify(connection, SEAL))
    assert len(standing.municipalities) == 390
    assert figures(standing.at(Level.NATION)[0]) == LETTER
    stream = given(empty)
    take(other, stream)
    with other.connect() as connection:
        again = read_standing(connection, TODAY)
        assert not list(verify(connection, SEAL))
    assert [again.at(level) for level in Level] == [standing.at(level) for level in Level]
    assert given(other).getvalue() == stream.getvalue()


def test_a_noisy_ledger_goes_around_too(world: World, other: Engine) -> None:
    noise(world, 3)
    valid = TODAY + timedelta(days=1)
    stream = given(world.engine)
    with world.engine.connect() as connection:
        before = read_standing(connection, TODAY)
    # Its openings are not of the first half-year, which a file of history is held to.
    rows = [row for row in stream.getvalue().decode().splitlines()[1:] if ",opening," not in row]
    past = [row for row in rows if row.split(",")[1] <= "2017-I" and row.split(",")[4] < str(valid)]
    assert take(other, file_of(*past)).added == len(past)
    with other.connect() as connection:
        after = read_standing(connection, TODAY)
    assert [row.quota for row in after.at(Level.MUNICIPALITY)] == [
        row.quota for row in before.at(Level.MUNICIPALITY)
    ]
    assert sum(row.realised for row in after.at(Level.PROVINCE)) == sum(
        row.realised for row in before.at(Level.PROVINCE)
    )


def test_a_file_is_taken_over_once_and_a_longer_one_for_what_is_new(empty: Engine) -> None:
    row = f"{UTRECHT},2016-II,realised,3,2016-12-31"
    assert take(empty, file_of(row, row)) == TakenOver(2, 2, 6)
    assert take(empty, file_of(row, row)) == TakenOver(2, 0, 0)
    assert take(empty, file_of(row)) == TakenOver(1, 0, 0)
    assert take(empty, file_of(row, row, row), dry_run=True) == TakenOver(3, 1, 3)
    assert lines_of(empty) == 2
    assert take(empty, file_of(row, row, row)) == TakenOver(3, 1, 3)
    with empty.connect() as connection:
        assert not list(verify(connection, SEAL))
        assert read_standing(connection, TODAY).at(Level.NATION)[0].realised_previous == 9


def test_the_same_file_given_by_many_at_once_is_taken_over_once(empty: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: take(empty, letter()), range(4)))
    assert sum(each.added > 0 for each in taken) == 1
    with empty.connect() as connection:
        assert figures(read_standing(connection, TODAY).at(Level.NATION)[0]) == LETTER


GOOD = f"{UTRECHT},2016-II,quota,5,2016-07-01"


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("GM9999,2016-II,quota,5,2016-07-01", "municipality_code", "GM9999"),
        (f"{UTRECHT},2016-III,quota,5,2016-07-01", "half_year", "2016-III"),
        (f"{UTRECHT},2016,quota,5,2016-07-01", "half_year", "bestaat niet"),
        (f"{UTRECHT},2017-II,transfer_in,5,2017-01-05", "half_year", "nog niet begonnen"),
        (f"{UTRECHT},2016-II,reserved,5,2016-07-01", "kind", "reserved"),
        (f"{UTRECHT},2016-II,Quota,5,2016-07-01", "kind", "Quota"),
        (f"{UTRECHT},2016-II,quota,5.5,2016-07-01", "persons", "geen heel aantal"),
        (f"{UTRECHT},2016-II,quota,٣,2016-07-01", "persons", "geen heel aantal"),
        (f"{UTRECHT},2016-II,quota,9999999,2016-07-01", "persons", "geen heel aantal"),
        (f"{UTRECHT},2016-II,quota,,2016-07-01", "persons", "geen heel aantal"),
        (f"{UTRECHT},2016-II,realised,0,2016-07-01", "persons", "past niet"),
        (f"{UTRECHT},2016-II,transfer_out,5,2016-07-01", "persons", "past niet"),
        (f"{UTRECHT},2016-II,quota,5,2016-02-30", "booked_on", "geen datum"),
        (f"{UTRECHT},2016-II,quota,5,1 juli 2016", "booked_on", "geen datum"),
        (f"{UTRECHT},2017-I,quota,5,2017-02-02", "booked_on", "nog niet geweest"),
        (f"{UTRECHT},2016-II,realised,5,2016-06-30", "booked_on", "niet in het halfjaar"),
        (f"{UTRECHT},2016-II,quota,5", "municipality_code", "4 waarden"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_stored(
    untouched: Engine, row: str, column: str, said: str
) -> None:
    early = f"{UTRECHT},2016-I,quota,5,2016-01-01"
    for options in ({}, {"dry_run": True}):
        with pytest.raises(InvalidHistory) as caught:
            take(untouched, file_of(GOOD, early, row), **options)
        [problem] = caught.value.problems
        assert (problem.row, problem.column) == (4, column)
        assert said in str(problem.refusal)
        assert str(caught.value).startswith(f"rij 4, {column}: ")
    assert lines_of(untouched) == 0


def test_an_opening_is_of_the_first_half_year(untouched: Engine) -> None:
    opening = f"{UTRECHT},2016-II,opening,5,2016-07-01"
    with pytest.raises(InvalidHistory, match="eerste halfjaar") as caught:
        take(untouched, file_of(GOOD, f"{UTRECHT},2016-I,quota,5,2016-01-01", opening))
    assert [(each.row, each.column) for each in caught.value.problems] == [
        (3, "half_year"),
        (4, "half_year"),
    ]


def test_each_wrong_value_has_its_message(untouched: Engine) -> None:
    with pytest.raises(InvalidHistory) as caught:
        take(untouched, file_of("x,x,x,x,x", GOOD, "GM9999,2016-II,quota,1,2016-07-01"))
    assert [(each.row, each.column) for each in caught.value.problems] == [
        *((2, column) for column in COLUMNS),
        (4, "municipality_code"),
    ]
    with pytest.raises(InvalidHistory) as caught:
        take(untouched, file_of(*["x,x,x,x,x"] * MOST_PROBLEMS))
    assert len(caught.value.problems) == MOST_PROBLEMS


def test_nothing_is_counted_twice(empty: Engine, world: World) -> None:
    opening = f"{UTRECHT},2016-II,opening,5,2016-07-01"
    with pytest.raises(InvalidHistory, match="meer dan één beginstand"):
        take(empty, file_of(opening, opening.replace(",5,", ",6,")))
    take(empty, file_of(opening))
    with pytest.raises(InvalidHistory, match="meer dan één beginstand"):
        take(empty, file_of(opening.replace(",5,", ",6,")))
    with pytest.raises(InvalidHistory, match="eerdere regels zitten er al in"):
        take(empty, file_of(f"{UTRECHT},2016-I,realised,5,2016-03-01"))
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO national_quota (reference, half_year, persons, method, source,"
                " effective_on, recorded_at, recorded_by) SELECT repeat('a', 16), '2017-I', 0,"
                " 'given', 'x', '2017-01-01', now(), min(id) FROM user_account"
            )
        )
    with pytest.raises(InvalidHistory, match="in het programma vastgesteld"):
        take(world.engine, file_of(f"{UTRECHT},{HALF_YEAR},quota,5,2017-01-01"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is leeg"),
        (b"\xef\xbb\xbf", "is leeg"),
        (b"municipality,half_year\n", "eerste rij"),
        (f"{HEAD.replace(',', ';')}\n".encode(), "puntkomma's"),
        (f"{HEAD}\n".encode("utf-16"), "geen tekst in UTF-8"),
        (f"{HEAD}\nCafé,2016-II,quota,5,2016-07-01\n".encode("latin-1"), "geen tekst in UTF-8"),
        (f"{HEAD}\n".encode() + b"\xff\xfe,x\n", "geen tekst in UTF-8"),
        (f'{HEAD}\n"open\n'.encode(), "geen CSV"),
        (f"{HEAD}\n".encode() + b"x" * 5_000, "te lang"),
        (f"{HEAD}\n".encode() + b"\x00,\n", "CSV|2 waarden"),
    ],
)
def test_a_file_that_is_none_is_refused(untouched: Engine, content: bytes, said: str) -> None:
    with pytest.raises((Refused, InvalidHistory), match=said):
        take(untouched, io.BytesIO(content))
    assert lines_of(untouched) == 0


def test_a_file_of_100_megabytes_is_refused_before_it_is_read(
    untouched: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Piped(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with pytest.raises(Refused, match="te groot: meer dan 50 MB"):
        take(untouched, io.BytesIO(b" " * 100_000_000))
    # What cannot tell its size is counted while it is read.
    monkeypatch.setattr(history_file, "MOST_OCTETS", 1_000_000)
    many = Piped(HEAD.encode() + b"\n" + f"{GOOD}\n".encode() * 40_000)
    with pytest.raises(Refused, match="te groot: meer dan 1 MB"):
        list(history_file.HistoryFile(many).rows())


def test_a_file_with_a_mark_of_its_encoding_is_read(empty: Engine) -> None:
    content = b"\xef\xbb\xbf" + file_of(GOOD).getvalue()
    assert take(empty, io.BytesIO(content)) == TakenOver(1, 1, 5)


def test_a_mended_quota_does_not_add_to_the_wrong_one(world: World) -> None:
    row = f"{UTRECHT},2017-I,quota,5,2017-01-01"
    for rows in ((row, row), (row, row.replace(",5,", ",6,"))):
        with pytest.raises(InvalidHistory, match="meer dan één taakstelling") as caught:
            take(world.engine, file_of(*rows))
        assert [(each.row, each.column) for each in caught.value.problems] == [
            (2, "persons"),
            (3, "persons"),
        ]
    take(world.engine, file_of(row))
    assert take(world.engine, file_of(row)).added == 0
    with pytest.raises(InvalidHistory, match="meer dan één taakstelling"):
        take(world.engine, file_of(row.replace(",5,", ",6,")))
    with world.engine.begin() as connection:
        entry = connection.execute(
            text("SELECT id FROM quota_entry WHERE kind = :kind"), {"kind": QuotaKind.QUOTA}
        ).scalar_one()
        reverse_line(connection, world.actors["quota_officer"], entry, "Fout", world.moment)
    assert take(world.engine, file_of(row.replace(",5,", ",6,"))).added == 1


def test_only_who_assigns_quotas_takes_history_over(world: World) -> None:
    with world.engine.begin() as connection, pytest.raises(NotFound):
        take_over(connection, world.actors["manager"], file_of(), world.moment)


def test_an_imported_line_is_reversed_once_and_not_taken_over_again(world: World) -> None:
    row = f"{UTRECHT},2017-I,quota,5,2017-01-01"
    officer = world.actors["quota_officer"]
    take(world.engine, file_of(row))
    with world.engine.begin() as connection:
        entry = connection.execute(
            text("SELECT id FROM quota_entry WHERE kind = :kind"), {"kind": QuotaKind.QUOTA}
        ).scalar_one()
        reverse_line(connection, officer, entry, "Vergissing", world.moment)
        with pytest.raises(Refused, match="al teruggedraaid"):
            reverse_line(connection, officer, entry, "Nog eens", world.moment)
    assert take(world.engine, file_of(row)).added == 0
    with world.engine.connect() as connection:
        assert not list(verify(connection, SEAL))


def test_a_planted_difference_with_its_import_is_named(empty: Engine, database: Database) -> None:
    take(empty, file_of(GOOD))
    with database.engine(owner=True) as owner, owner.begin() as connection:
        connection.execute(text("ALTER TABLE standing_import DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE standing_import SET persons = persons + 1"))
    with empty.connect() as connection:
        assert [each.kind for each in verify(connection, SEAL)] == ["source"]
