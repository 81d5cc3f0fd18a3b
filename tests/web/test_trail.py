"""Logboek: the trail and the read log searched, paged and saved, by who may and by nobody else."""

import ast
import csv
import io
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from models import AuditEntry, ReadEntry
from tests.architecture.sources import Source, python
from tests.factories import household_in
from tests.web.conftest import Visitor
from tests.world import World
from webapp.labels.happenings import HAPPENED
from webapp.trail_words import ACTS, PURPOSES
from webapp.views.case import PARTS
from workflows.quota.figures import PERSONS_BEHIND
from workflows.reading import trail as reading
from workflows.reading.trail import Log, Position, Question
from workflows.steps import BY_CODE

AsUser = Callable[[str], Visitor]
PAGE = "/beheer/logboek"
MANY = 250


def searched(visitor: Visitor, **filters: str) -> str:
    """Send the form, follow to the answer, and return its address."""
    visitor.get(PAGE)
    answer = visitor.post(PAGE, filters)
    assert answer.status_code == 303, visitor.page
    visitor.get(str(answer.location))
    assert visitor.status == 200
    return str(answer.location)


def body(visitor: Visitor) -> str:
    return visitor.page.partition("<tbody")[2].partition("</tbody>")[0]


@pytest.mark.parametrize("name", ["auditor", "functional_manager"])
def test_changes_are_found_by_act_user_case_and_day(
    as_user: AsUser, world: World, name: str
) -> None:
    made, other = household_in("linked", world), household_in("screened", world)
    visitor = as_user(name)
    searched(visitor, soort="changes", handeling="link")
    assert made.case in body(visitor)
    assert other.case not in body(visitor)
    searched(visitor, soort="changes", dossier=made.case)
    for words in ("Gekoppeld aan gemeente", "Gemeente", made.case):
        assert words in body(visitor), words
    assert other.case not in body(visitor)
    address = searched(visitor, soort="changes", wie="Placement_Officer@example.org")
    assert "example.org" not in address
    assert made.case in body(visitor)
    assert other.case not in body(visitor)
    searched(visitor, soort="changes", van="2001-01-01", tot="2001-12-31")
    assert "Niets gevonden" in visitor.page


def test_reads_are_found_and_the_search_itself_is_one(as_user: AsUser, world: World) -> None:
    made, other = household_in("linked", world), household_in("linked", world)
    as_user("utrecht").get(f"/dossiers/{made.case}?deel=tijdlijn")
    visitor = as_user("auditor")
    searched(visitor, soort="reads", handeling="case:tijdlijn")
    assert made.case in body(visitor)
    assert other.case not in body(visitor)
    searched(visitor, soort="reads", dossier=made.case)
    searched(visitor, soort="reads", handeling="audit")
    assert made.case in body(visitor)


def plant(world: World, number: int) -> None:
    """Write so many lines of one act, most of them at one instant."""
    at = datetime(2017, 1, 5, 12, tzinfo=UTC)
    with world.engine.begin() as connection:
        connection.execute(
            insert(AuditEntry),
            [
                {
                    "recorded_at": at + timedelta(seconds=max(0, each - number + 20)),
                    "action": "publish",
                    "object_reference": f"planted-{each}",
                    "fields": [],
                }
                for each in range(number)
            ],
        )


def test_pages_hold_each_line_once(world: World) -> None:
    plant(world, MANY)
    seen: list[str | None] = []
    asked, after = Question(act="publish"), None
    with world.engine.connect() as connection:
        while True:
            found = reading.lines(connection, world.actors["auditor"], asked, after)
            shown = found[: reading.PAGE]
            seen += [row.subject for row in shown]
            if len(found) <= reading.PAGE:
                break
            after = Position.read(reading.next_position(shown, after).written())
    assert seen == [f"planted-{each}" for each in reversed(range(MANY))]


def test_the_next_page_keeps_what_was_asked(as_user: AsUser, world: World) -> None:
    plant(world, MANY)
    visitor = as_user("auditor")
    searched(visitor, soort="changes", handeling="publish")
    onward = visitor.page.partition('rel="next" href="')[2].partition('"')[0]
    visitor.get(onward)
    assert "planted-149" in body(visitor)
    assert "planted-150" not in body(visitor)


def test_all_lines_leave_as_a_file(as_user: AsUser, world: World) -> None:
    plant(world, MANY)
    made = household_in("linked", world)
    visitor = as_user("auditor")
    answer = visitor.client.get(f"{PAGE}/logboek.csv?handeling=publish")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert len(rows) == MANY
    answer = visitor.client.get(f"{PAGE}/logboek.csv?handeling=link&dossier={made.case}")
    [row] = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert (row["act"], row["case"]) == ("link", made.case)
    with world.engine.connect() as connection:
        case = made.row().id
        exports = select(ReadEntry.case_id).where(ReadEntry.purpose == "audit_export")
        assert list(connection.scalars(exports.order_by(ReadEntry.id))) == [None, case]


def test_too_many_lines_ask_for_a_shorter_period(
    as_user: AsUser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(world, 5)
    monkeypatch.setattr(reading, "MOST_EXPORTED", 4)
    visitor = as_user("auditor")
    assert visitor.get(f"{PAGE}/logboek.csv?handeling=publish").status_code == 422
    assert "Kies een kortere periode" in visitor.page


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("van", "gisteren", "Vul een datum in"),
        ("dossier", "123", "een kenmerk van 16"),
        ("wie", "niemand@example.org", "geen gebruiker met dit e-mailadres"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    as_user: AsUser, field: str, typed: str, words: str
) -> None:
    visitor = as_user("auditor")
    visitor.get(PAGE)
    assert visitor.post(PAGE, {"soort": "changes", field: typed}).status_code == 422
    assert words in visitor.page
    assert typed in visitor.page


@pytest.mark.parametrize(
    "query", ["soort=x", "van=x", "wie=x", "dossier=1", "handeling=x", "na=x", "na=2017-01-01~1"]
)
def test_an_address_that_no_page_writes_is_not_there(as_user: AsUser, query: str) -> None:
    assert as_user("auditor").get(f"{PAGE}?{query}").status_code == 404


@pytest.mark.parametrize("name", ["administrator", "manager", "case_manager", "utrecht"])
def test_whoever_may_not_read_the_trail_sees_no_page(as_user: AsUser, name: str) -> None:
    visitor = as_user(name)
    assert visitor.get(PAGE).status_code == 404
    assert visitor.post(PAGE, {}).status_code == 404
    assert visitor.get(f"{PAGE}/logboek.csv").status_code == 404


@pytest.mark.parametrize("log", list(Log))
@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({}, "recorded"),
        ({"act": "publish"}, "act"),
        ({"user": "aaaaaaaaaaaaaaaa"}, "actor"),
        ({"case": "aaaaaaaaaaaaaaaa"}, "case"),
    ],
)
def test_each_question_walks_an_index(
    world: World, log: Log, filters: dict[str, Any], index: str
) -> None:
    table = "audit_entry" if log is Log.CHANGES else "read_entry"
    act = "action" if log is Log.CHANGES else "purpose"
    statement = reading.statement(Question(log=log, **filters)).limit(reading.PAGE + 1)
    with world.engine.begin() as connection:
        # A small table is read whole, however it is indexed.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
        plan = "\n".join(connection.scalars(text(f"EXPLAIN {compiled}")))
    assert f"ix_{table}_{act if index == 'act' else index}" in plan


def acts_of(sources: Iterable[Source]) -> set[str]:
    """Return the acts that a source writes into the trail as text of its own."""
    found = set()
    for source in sources:
        for node in ast.walk(source.tree):
            match node:
                case ast.Call(
                    func=ast.Name(id="record_audit"), args=[_, _, _, ast.Constant(value=act)]
                ):
                    found.add(str(act))
    return found


def reads_of(sources: Iterable[Source]) -> set[str]:
    """Return the purposes that a source writes into the read log as text of its own."""
    found = set()
    for source in sources:
        for node in ast.walk(source.tree):
            match node:
                case ast.Call(
                    func=ast.Name(id="record_read" | "record_reads" | "record_system_read"),
                    args=[_, _, _, ast.Constant(value=purpose), *_],
                ):
                    found.add(str(purpose))
    return found


def test_every_act_and_purpose_has_its_words() -> None:
    sources = [*python("workflows"), *python("webapp")]
    assert acts_of(sources) <= set(ACTS)
    named = {f"case:{part}" for part in PARTS} | {f"standing {each}" for each in PERSONS_BEHIND}
    assert reads_of(sources) | named <= set(PURPOSES)


def test_an_act_without_words_is_caught() -> None:
    planted = [
        Source(
            "webapp/a.py",
            "record_audit(c, m, a, 'flown')\nrecord_read(c, m, a, 'flight', case_id=1)",
        )
    ]
    assert acts_of(planted) == {"flown"}
    assert reads_of(planted) == {"flight"}


def test_every_step_says_what_happened() -> None:
    assert set(HAPPENED) == set(BY_CODE)
