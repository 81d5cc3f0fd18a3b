"""Documents: who adds, sees and removes them, and what becomes of the file."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from models import Document, StoredFile
from models.document import LARGEST_FILE
from tests.factories import Household, household_in, refusal
from tests.world import AMSTERDAM, OFFICER_OF, UTRECHT, World
from workflows.documents.files import drop_unused_files, keep_file
from workflows.engine import take_many
from workflows.errors import NotFound, Refused
from workflows.reading.case import find_case
from workflows.reading.documents import document_file, documents_of, removable
from workflows.request import Result

PDF = b"%PDF-1.7 a lease"
OFFICER = OFFICER_OF[UTRECHT]


def sent(world: World, actor: str, content: bytes = PDF) -> str:
    """Send a file as a user, and return its reference."""
    with world.engine.begin() as connection:
        return keep_file(connection, world.actors[actor], content, world.moment, "upload")


def add(made: Household, actor: str, content: bytes = PDF, **payload: Any) -> Result:
    """Add a document as a user."""
    given = {"kind": "lease", "upload": sent(made.world, actor, content)} | payload
    return made.take("add_document", actor, **given)


def seen_by(made: Household, actor: str) -> list[str]:
    """Return the references of the documents that a user sees."""
    world = made.world
    with world.engine.connect() as connection:
        case = find_case(connection, world.actors[actor], made.case, world.today)
        return [each.reference for each in documents_of(connection, case)]


def count(world: World, table: type[StoredFile | Document]) -> int:
    with world.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_a_document_comes_back_as_it_was_sent(world: World) -> None:
    made = household_in("preparing", world)
    version = made.row().version
    add(made, "case_manager", person=made.members[0])
    with world.engine.connect() as connection:
        case = find_case(connection, world.actors["case_manager"], made.case, world.today)
        [view] = documents_of(connection, case)
        found = document_file(connection, case, view.reference)
    assert found.content == PDF
    assert (view.kind, view.media_type, view.size) == ("lease", "application/pdf", len(PDF))
    assert view.person == "Noor Voorbeeld"
    assert made.row().version == version + 1


def test_the_municipality_sees_what_is_shared_and_its_own(world: World) -> None:
    made = household_in("preparing", world)
    add(made, "case_manager", kind="diploma", shared=True)
    add(made, "case_manager", kind="criterion_evidence")
    add(made, OFFICER)
    assert len(seen_by(made, "case_manager")) == 3
    theirs = seen_by(made, OFFICER)
    assert len(theirs) == 2
    with world.engine.connect() as connection:
        officer = find_case(connection, world.actors[OFFICER], made.case, world.today)
        hidden = set(seen_by(made, "case_manager")) - set(theirs)
        with pytest.raises(NotFound):
            document_file(connection, officer, hidden.pop())
        assert [removable(officer, each) for each in documents_of(connection, officer)] == [
            True,
            False,
        ]


def test_the_next_municipality_does_not_see_the_documents_of_the_last(world: World) -> None:
    made = household_in("preparing", world)
    add(made, OFFICER)
    made.take("release_link", "placement_officer", reason="no_suitable_housing")
    made.take("link", "placement_officer", municipality=AMSTERDAM)
    assert seen_by(made, OFFICER_OF[AMSTERDAM]) == []
    assert len(seen_by(made, "case_manager")) == 1


def test_removing_a_document_erases_its_file_and_keeps_the_trail(world: World) -> None:
    made = household_in("preparing", world)
    add(made, "case_manager")
    [reference] = seen_by(made, "case_manager")
    gone = {"document": reference, "reason": "Hoort bij een ander dossier."}
    assert refusal(made, "remove_document", OFFICER, **gone).code == "no_document"
    made.take("remove_document", "case_manager", **gone)
    assert count(world, StoredFile) == 0
    with world.engine.connect() as connection:
        [kept] = connection.execute(select(Document.sha256, Document.removed_on))
    assert tuple(kept) == (sha256(PDF).digest(), world.today)
    assert refusal(made, "remove_document", "case_manager", **gone).code == "removed"


def test_a_document_of_another_case_cannot_be_removed_through_this_one(world: World) -> None:
    made, other = household_in("registered", world), household_in("registered", world)
    add(other, "case_manager")
    [reference] = seen_by(other, "case_manager")
    gone = {"document": reference, "reason": "Hoort hier niet."}
    assert refusal(made, "remove_document", "case_manager", **gone).code == "no_document"
    assert count(world, StoredFile) == 1


def test_a_file_becomes_one_document_of_whoever_sent_it(world: World) -> None:
    made, other = household_in("preparing", world), household_in("preparing", world)
    upload = sent(world, "case_manager")
    given = {"kind": "other", "upload": upload}
    assert refusal(made, "add_document", OFFICER, **given).code == "no_file"
    made.take("add_document", "case_manager", **given)
    assert refusal(other, "add_document", "case_manager", **given).code == "no_file"


def test_a_file_named_twice_in_one_batch_becomes_one_document(world: World) -> None:
    cases = [household_in("registered", world).case for _ in range(3)]
    shared, own = sent(world, "case_manager"), sent(world, "case_manager")
    uploads = (shared, shared, own)
    requests = [
        world.request("add_document", "case_manager", {"kind": "other", "upload": upload}, case)
        for case, upload in zip(cases, uploads, strict=True)
    ]
    with world.engine.begin() as connection:
        outcomes = take_many(connection, requests, world.moment)
    assert [isinstance(outcome, Result) for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[1], Refused)
    assert count(world, Document) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"PK\x03\x04 a zip", "unknown_file"),
        (b"<html><script>alert(1)</script>", "unknown_file"),
        (b"%PDF-" + bytes(LARGEST_FILE), "large_file"),
    ],
)
def test_what_is_no_document_is_refused_beside_its_field(
    world: World, content: bytes, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        sent(world, "case_manager", content)
    assert (refused.value.code, refused.value.field_name) == (code, "upload")
    assert count(world, StoredFile) == 0


def test_who_adds_no_documents_sends_no_files(world: World) -> None:
    with pytest.raises(NotFound):
        sent(world, "supervisor")


def test_unused_files_are_deleted_after_a_day_and_documents_are_not(world: World) -> None:
    made = household_in("registered", world)
    add(made, "case_manager")
    sent(world, "case_manager")
    later = replace(world.moment, offset=timedelta(hours=25))
    with world.engine.begin() as connection:
        assert drop_unused_files(connection, world.moment) == 0
        assert drop_unused_files(connection, later) == 1
    assert count(world, StoredFile) == 1


@pytest.mark.parametrize("column", ["size = size + 1", "content = 'forged'", "sha256 = 'x'"])
def test_the_database_keeps_content_and_hash_together(world: World, column: str) -> None:
    sent(world, "case_manager")
    with pytest.raises(IntegrityError), world.engine.begin() as connection:
        connection.execute(text(f"UPDATE stored_file SET {column}"))  # noqa: S608 - own words
