"""The tab Documenten: sending a file with a form, and getting it back."""

from collections.abc import Callable
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models.document import LARGEST_FILE
from tests.factories import Household, household_in
from tests.integration.test_documents import PDF
from tests.web.conftest import Visitor
from tests.world import OFFICER_OF, UTRECHT, World

SignIn = Callable[[str], Visitor]


@pytest.fixture
def made(world: World) -> Household:
    return household_in("preparing", world)


def send(visitor: Visitor, made: Household, content: bytes | None, **values: str) -> None:
    """Open the form and send it with a file."""
    path = f"/dossiers/{made.case}/add_document"
    visitor.get(path)
    fields = {"csrf_token": visitor.token(), **visitor.hidden, "kind": "lease", "shared": "false"}
    file = {} if content is None else {"upload": FileStorage(BytesIO(content), "Huur van Noor.pdf")}
    # Encoded here: the test client would leave its own temporary file open.
    boundary, body = encode_multipart(fields | values | file)
    answer = visitor.client.post(
        path, data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    visitor.read(answer)


def test_a_file_that_was_sent_comes_back(as_user: SignIn, made: Household) -> None:
    visitor = as_user("case_manager")
    send(visitor, made, PDF)
    assert visitor.status == 302
    visitor.get(f"/dossiers/{made.case}?deel=documenten")
    assert "Huurcontract" in visitor.page
    path = visitor.page.split(f"/dossiers/{made.case}/documenten/")[1][:16]
    answer = visitor.client.get(f"/dossiers/{made.case}/documenten/{path}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == f'attachment; filename="lease-{path}.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_another_form_error_does_not_lose_the_file(as_user: SignIn, made: Household) -> None:
    visitor = as_user("case_manager")
    send(visitor, made, PDF, kind="poem")
    assert visitor.status == 422
    assert "Uw bestand is ontvangen" in visitor.page
    kept = visitor.page.split('name="upload" value="')[1][:16]
    visitor.post(
        f"/dossiers/{made.case}/add_document",
        {"kind": "lease", "shared": "false", "upload": kept},
    )
    assert visitor.status == 302


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Bestand"),
        (b"MZ a program", "Dit is geen PDF, PNG of JPEG"),
        (b"%PDF-" + bytes(LARGEST_FILE), "groter dan 10 MB"),
    ],
)
def test_a_file_that_cannot_be_kept_is_answered_beside_its_field(
    as_user: SignIn, made: Household, content: bytes | None, words: str
) -> None:
    visitor = as_user("case_manager")
    send(visitor, made, content)
    assert visitor.status == 422
    assert words in visitor.page
    visitor.get(f"/dossiers/{made.case}?deel=documenten")
    assert "Nog geen documenten" in visitor.page


def test_a_document_is_nobody_elses(as_user: SignIn, made: Household) -> None:
    manager, officer = as_user("case_manager"), as_user(OFFICER_OF[UTRECHT])
    send(manager, made, PDF)
    manager.get(f"/dossiers/{made.case}?deel=documenten")
    path = manager.page.split(f"/dossiers/{made.case}/documenten/")[1][:16]
    officer.get(f"/dossiers/{made.case}?deel=documenten")
    assert "Nog geen documenten" in officer.page
    officer.get(f"/dossiers/{made.case}/documenten/{path}")
    assert officer.status == 404


def test_a_form_that_is_too_large_is_refused(as_user: SignIn, made: Household) -> None:
    visitor = as_user("case_manager")
    send(visitor, made, b"%PDF-" + bytes(LARGEST_FILE + 5 * 1024 * 1024))
    assert visitor.status == 413


def test_a_document_is_removed_by_its_own_side(as_user: SignIn, made: Household) -> None:
    visitor = as_user("case_manager")
    send(visitor, made, PDF)
    visitor.get(f"/dossiers/{made.case}?deel=documenten")
    link = visitor.page.split("remove_document?wie=")[1][:16]
    visitor.get(f"/dossiers/{made.case}/remove_document?wie={link}")
    visitor.post(
        f"/dossiers/{made.case}/remove_document",
        {"document": link, "reason": "Hoort bij een ander dossier."},
    )
    assert visitor.status == 302, visitor.page
    visitor.get(f"/dossiers/{made.case}?deel=documenten")
    assert "Verwijderd op" in visitor.page
