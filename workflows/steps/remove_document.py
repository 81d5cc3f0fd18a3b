"""Remove a document that does not belong in a case: its file is erased, the trail stays."""

from models import Document, StoredFile
from models.vocabulary import CaseState
from workflows.errors import Refused
from workflows.guards import LIVE
from workflows.payload import Payload, Prose, Reference, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step
from workflows.steps.add_document import acting_municipality


class RemoveDocument(Payload):
    """Which document goes, and why."""

    document: Reference = entry("Document", Widget.DOCUMENT)
    reason: Prose = entry("Reden", Widget.PROSE, personal=True)


def decide(situation: Situation, payload: RemoveDocument) -> None:
    """Erase the file of a document that the actor's own side added."""
    found = situation.documents.get(payload.document)
    municipality = acting_municipality(situation, Permission.REMOVE_DOCUMENT)
    mine = found is not None and found["municipality_code"] == municipality
    if found is None or not mine or found["case_id"] != situation.case.id:
        raise Refused("no_document", "Dit document hoort niet bij dit dossier.", "document")
    if found["removed_on"] is not None:
        raise Refused("removed", "Dit document is al verwijderd.", "document")
    situation.facts["kind"] = found["kind"]
    situation.update(Document, found["id"], file_id=None, removed_on=situation.today)
    situation.delete(StoredFile, found["file_id"])


STEP = Step(
    code="remove_document",
    label="Document verwijderen",
    payload=RemoveDocument,
    permission=Permission.REMOVE_DOCUMENT,
    decide=decide,
    starts_from=LIVE | {CaseState.CLOSED},
    needs=frozenset({Need.DOCUMENTS}),
    explanation="Wis een stuk dat niet in dit dossier hoort. Dit kan niet worden teruggedraaid.",
)
