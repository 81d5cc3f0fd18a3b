"""A publication can be made again byte for byte, and what came later is named line by line."""

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import BinaryIO

import pytest
from sqlalchemy import insert, select, text

from models import Publication, PublicationFile, QuotaEntry
from models.vocabulary import QuotaKind
from tests.factories import household_in
from tests.integration.test_quota_standing import noise
from tests.world import BUNNIK, HALF_YEAR, SEAL, TODAY, UTRECHT, World
from workflows.errors import NotFound, Refused
from workflows.exchange.formats import Format
from workflows.quota.ledger import Line, post_lines, reverse_line
from workflows.quota.publication import Published, publications, publish
from workflows.quota.restate import ADDED_UP, Reader, changed_lines, restate
from workflows.quota.table import FIGURES, Level, read_standing
from workflows.quota.verify import verify
from workflows.trail import now

TOMORROW = TODAY + timedelta(days=1)


class Kept(io.BytesIO):
    """A file in memory that can be read after it was closed."""

    content = b""

    def close(self) -> None:
        self.content = self.getvalue()
        super().close()


def published(
    world: World, known: datetime | None = None, valid: date = TOMORROW
) -> tuple[Published, dict[Format, bytes]]:
    files = {form: Kept() for form in Format}

    @contextmanager
    def place(form: Format) -> Iterator[BinaryIO]:
        with files[form] as stream:
            yield stream

    with world.engine.begin() as connection:
        made = publish(connection, world.actors["quota_officer"], valid, known, world.moment, place)
    return made, {form: kept.content for form, kept in files.items()}


def post(world: World, code: str, persons: int) -> datetime:
    line = Line(municipality_code=code, half_year=HALF_YEAR, kind=QuotaKind.QUOTA, persons=persons)
    transfer = replace(line, kind=QuotaKind.TRANSFER_IN, booked_on=TODAY)
    with world.engine.begin() as connection:
        return post_lines(connection, world.actors["quota_officer"], [transfer], world.moment)


def test_a_publication_is_the_same_when_made_again(world: World) -> None:
    noise(world, 5)
    made, files = published(world)
    for form, content in files.items():
        assert made.hashes[form] == hashlib.sha256(content).hexdigest()
    post(world, UTRECHT, 7)
    again, same = published(world, made.known)
    assert (again, same) == (made, files)
    later, others = published(world)
    assert later.known > made.known
    assert all(others[form] != files[form] for form in Format)
    with world.engine.connect() as connection:
        assert publications(connection, TOMORROW) == [later, made]
        assert publications(connection, TODAY) == []
        # The quota lines of these noisy histories have no national number.
        assert not [each for each in verify(connection, SEAL) if each.kind == "publication"]


def test_the_files_hold_the_table_of_every_level(world: World) -> None:
    made, files = published(world)
    found = json.loads(files[Format.JSON])
    assert found["about"] == {
        "valid": TOMORROW.isoformat(),
        "known": made.known.astimezone(UTC).isoformat(),
        "date_kind": "booked_on",
        "definition": made.definition,
        "rows": 1 + 12 + 35 + 390,
    }
    with world.engine.connect() as connection:
        standing = read_standing(connection, TOMORROW, made.known)
    rows = iter(found["rows"])
    for level in Level:
        for row in standing.at(level):
            written = next(rows)
            assert (written["level"], written["code"]) == (level, row.code)
            assert all(written[figure] == getattr(row, figure) for figure in FIGURES)


def test_nothing_is_published_ahead_or_by_who_may_not(world: World) -> None:
    ahead = datetime.now().astimezone() + timedelta(hours=1)
    with pytest.raises(Refused, match="vooruit"):
        published(world, ahead)
    other = replace(world, actors={"quota_officer": world.actors["supervisor"]})
    with pytest.raises(NotFound):
        published(other)
    with world.engine.connect() as connection:
        assert publications(connection) == []


def test_a_publication_that_would_differ_is_refused_and_named(world: World) -> None:
    made, _ = published(world)
    with world.engine.begin() as connection:
        first = connection.execute(select(Publication.__table__)).one()
        planted = first._asdict() | {
            "reference": "a" * 16,
            "known": made.known - timedelta(seconds=1),
        }
        del planted["id"]
        connection.execute(insert(Publication), [planted])
        key = connection.scalar(select(Publication.id).where(Publication.reference == "a" * 16))
        connection.execute(
            insert(PublicationFile),
            [{"publication_id": key, "format": form, "octets": 1, "sha256": "0" * 64}
             for form in Format],
        )  # fmt: skip
    with pytest.raises(Refused, match="anders gepubliceerd"):
        published(world, made.known - timedelta(seconds=1))
    with world.engine.connect() as connection:
        found = [each.subject for each in verify(connection, SEAL) if each.kind == "publication"]
    assert found == ["a" * 16 + " csv", "a" * 16 + " json"]


def test_a_publication_is_never_changed(world: World) -> None:
    published(world)
    for statement in ("UPDATE publication SET valid = valid + 1", "DELETE FROM publication_file"):
        with (
            world.engine.begin() as connection,
            pytest.raises(Exception, match=r"permission denied"),
        ):
            connection.execute(text(statement))


@pytest.mark.parametrize("seed", range(2))
def test_the_lines_named_add_up_to_the_difference(world: World, seed: int) -> None:
    instants = sorted(noise(world, seed))
    draw = Random(seed)  # noqa: S311 - a test's dice
    with world.engine.connect() as connection:
        for _ in range(6):
            first, last = sorted(draw.sample(instants, 2))
            valid = date(2016, 6, 1) + timedelta(days=draw.randrange(500))
            found = restate(connection, world.actors["supervisor"], valid, first, last)
            added: dict[tuple[str, str], int] = {}
            for line in changed_lines(connection, valid, first, last):
                for figure, persons in line.adds.items():
                    for code in ("NL", line.municipality_code):
                        place = (code, figure)
                        added[place] = added.get(place, 0) + persons
            cells = {
                (row.code, figure): cell.difference
                for level in (Level.NATION, Level.MUNICIPALITY)
                for row in found.rows[level]
                for figure, cell in row.cells.items()
                if figure in ADDED_UP
            }
            assert {place: persons for place, persons in added.items() if persons} == cells
            for rows in found.rows.values():
                for row in rows:
                    changes = {name: cell.difference for name, cell in row.cells.items()}
                    backlog, advance = changes.get("backlog", 0), changes.get("advance", 0)
                    assert backlog + advance == changes.get("remaining", 0)


def test_a_correction_is_the_one_line_of_the_restatement(world: World) -> None:
    made, _ = published(world)
    with world.engine.begin() as connection:
        entry = connection.scalars(
            select(QuotaEntry.id).where(QuotaEntry.municipality_code == BUNNIK)
        ).one()
        known = reverse_line(
            connection, world.actors["quota_officer"], entry, "Vergissing", world.moment
        )
    with world.engine.connect() as connection:
        [line] = changed_lines(connection, TOMORROW, made.known, known)
        found = restate(connection, None, TOMORROW, made.known, known)
        nothing = restate(connection, None, TOMORROW, made.known, made.known)
    assert (line.municipality_code, line.persons, line.recorded_at) == (BUNNIK, -40, known)
    assert line.reversed_at is not None
    assert line.reversed_at < made.known
    assert line.adds == dict.fromkeys(
        ("opening_previous", "opening", "corrected_quota", "remaining"), -40
    )
    for rows in found.rows.values():
        [row] = rows
        assert {cell.difference for cell in row.cells.values()} == {-40}
    assert not any(nothing.rows.values())


@pytest.mark.parametrize(
    ("name", "opens"),
    [
        ("case_manager", True),
        ("utrecht", True),
        ("second_case_manager", False),
        ("bunnik", False),
        ("supervisor", False),
        ("quota_officer", False),
        ("manager", False),
    ],
)
def test_a_line_names_its_case_to_who_may_open_it(world: World, name: str, opens: bool) -> None:  # noqa: FBT001 - a parameter of the test
    made, _ = published(world)
    case = household_in("housed", world)
    case.take("sign_off", "case_manager", booked_on=TODAY)
    post(world, UTRECHT, 5)
    with world.engine.connect() as connection:
        known = now(connection, world.moment)
        reader = Reader(actor=world.actors[name], today=TODAY)
        lines = list(changed_lines(connection, TOMORROW, made.known, known, reader))
        unread = list(changed_lines(connection, TOMORROW, made.known, known))
    found = {line.kind: line.case for line in lines}
    assert found == {"realised": case.case if opens else None, "transfer_in": None}
    assert not any(line.case for line in unread)


def test_a_restatement_looks_forward(world: World) -> None:
    with world.engine.connect() as connection, pytest.raises(Refused, match="na de publicatie"):
        restate(
            connection, None, TODAY, datetime.now().astimezone(), datetime(2016, 1, 1).astimezone()
        )
