"""Add a document to a case."""

from models import Document
from models.vocabulary import CaseState, DocumentKind
from workflows import policy
from workflows.errors import Refused
from workflows.guards import LIVE
from workflows.payload import Audience, OptionalReference, Payload, Reference, Widget, entry
from workflows.permissions import Permission, Relation
from workflows.situation import Situation
from workflows.step import Need, Step
from workflows.writing import bytea

PURPOSE = "Nodig om te weten welke stukken er zijn."


class AddDocument(Payload):
    """A file, what it is, whom it is about and who may see it."""

    upload: Reference = entry(
        "Bestand", Widget.FILE, help_text="Een PDF, PNG of JPEG van hoogstens 10 MB."
    )
    kind: DocumentKind = entry(
        "Soort document", Widget.CHOICE, audience=Audience.MUNICIPALITY, purpose=PURPOSE
    )
    person: OptionalReference = entry(
        "Over wie",
        Widget.MEMBER,
        default=None,
        help_text="Leeg: over het hele huishouden.",
        audience=Audience.MUNICIPALITY,
        purpose=PURPOSE,
    )
    shared: bool = entry(
        "Delen met de gemeente",
        Widget.YES_NO,
        default=False,
        help_text="Alleen stukken die de gemeente nodig heeft; nooit medische stukken.",
    )


def decide(situation: Situation, payload: AddDocument) -> None:
    """Make a document of the file that this actor sent."""
    sent = situation.sent_files.get(payload.upload)
    if sent is None or sent.sent_by != situation.actor.user_id:
        raise Refused("no_file", "Dit bestand is er niet meer. Kies het opnieuw.", "upload")
    person = None if payload.person is None else situation.member(payload.person, "person")
    municipality = acting_municipality(situation, Permission.ADD_DOCUMENT)
    shared = payload.shared or municipality is not None
    situation.person_id = None if person is None else person.person_id
    situation.facts["shared"] = shared
    situation.insert(
        Document,
        reference=situation.moment.new_reference(),
        case_id=situation.case.id,
        person_id=situation.person_id,
        kind=payload.kind,
        shared=shared,
        municipality_code=municipality,
        organisation_id=policy.acting_organisation(situation.actor, Permission.ADD_DOCUMENT),
        media_type=sent.media_type,
        size=sent.size,
        sha256=bytea(sent.sha256),
        file_id=sent.id,
        added_on=situation.today,
    )
    if municipality is not None:
        situation.tell(situation.case.centre_id, "document_added")
    elif shared:
        situation.tell(situation.linked_organisation_id, "document_added")


def acting_municipality(situation: Situation, permission: Permission) -> str | None:
    """Return the linked municipality when the actor acts for it, and None for the agency."""
    ways = policy.relations_to(situation.actor, permission, situation.case, situation.today)
    if ways and ways <= {Relation.LINKED_MUNICIPALITY, Relation.HOUSED_HERE}:
        return situation.case.municipality_code
    return None


STEP = Step(
    code="add_document",
    label="Document toevoegen",
    payload=AddDocument,
    permission=Permission.ADD_DOCUMENT,
    decide=decide,
    starts_from=LIVE | {CaseState.CLOSED},
    needs=frozenset({Need.MEMBERS, Need.DOCUMENTS}),
    explanation="Bewaar een stuk bij het dossier en bepaal of de gemeente het ziet.",
)
