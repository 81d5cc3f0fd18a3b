"""What the choices of a form are made of; each is read from the database when a form needs it."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from flask_babel import format_date
from sqlalchemy import Connection

from models.vocabulary import DocumentKind
from webapp import occupations
from webapp.fields import Option
from webapp.labels import label
from webapp.marking import N_
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.permissions import Permission
from workflows.reading import places
from workflows.reading.case import CaseView, MemberView
from workflows.reading.documents import documents_of, removable
from workflows.reading.search import case_by_v_number
from workflows.rules.household import is_adult
from workflows.rules.identifiers import IdentifierError, parse_v_number
from workflows.step import Step


@dataclass
class Sources:
    """The case, the actor and the connection from which choices come."""

    connection: Connection
    actor: Actor
    today: date
    step: Step | None = None
    case: CaseView | None = None
    members: list[MemberView] = field(default_factory=list)

    @cached_property
    def member_options(self) -> list[Option]:
        """Live members by name; adults only where the step is for adults."""
        found = [member for member in self.members if member.present]
        if self.step is not None and self.step.per_adult:
            found = [each for each in found if is_adult(each.birth_date, self.today)]
        return [Option(each.reference, each.name) for each in found]

    @cached_property
    def centre_options(self) -> list[Option]:
        """Reception centres; for registering, the actor's own first."""
        found = places.centres(self.connection)
        if self.step is not None and self.step.opens_case:
            own = {grant.organisation_id for grant in self.actor.grants}
            mine = [centre for centre in found if centre.id in own]
            found = mine or found
        elif self.case is not None:
            found = [centre for centre in found if centre.id != self.case.centre_id]
        return [Option(each.code, each.name) for each in found]

    @cached_property
    def region_options(self) -> list[Option]:
        """Labour-market regions."""
        return [Option(each.code, each.name) for each in places.labour_regions(self.connection)]

    @cached_property
    def colleague_options(self) -> list[Option]:
        """Colleagues of the actor's side of the case."""
        own = {grant.organisation_id for grant in self.actor.grants}
        if self.case is not None:
            agency = self.case.centre_id or self.case.region_id
            sides = {agency, self.case.municipality_organisation_id}
            own = {key for key in sides if key in own} or {agency}
        found = places.colleagues(self.connection, sorted(own), self.today)
        return [Option(each.code, each.name) for each in found]

    @cached_property
    def document_options(self) -> list[Option]:
        """Documents of the case that the actor's own side added."""
        if self.case is None:
            return []
        found = documents_of(self.connection, self.case)
        return [
            Option(
                each.reference, f"{label(each.kind, DocumentKind)}, {format_date(each.added_on)}"
            )
            for each in found
            if removable(self.case, each)
        ]

    def municipality(self, typed: str) -> str:
        """Return the code of a municipality that was typed; raises `Refused`."""
        found = places.find_municipalities(self.connection, typed, self.today)
        if not found:
            raise Refused("unknown", N_("Er is geen gemeente met deze naam. Kies uit de lijst."))
        if len(found) > 1:
            raise Refused(
                "ambiguous",
                N_("Meer gemeenten beginnen zo: {names}. Typ de hele naam."),
                values={"names": ", ".join(place.name for place in found[:4])},
            )
        return found[0].code

    def occupation(self, typed: str) -> str:
        """Return the unit group of an occupation that was typed; raises `Refused`."""
        found = occupations.resolve(typed)
        if found is None:
            raise Refused("unknown", N_("Dit beroep staat niet in de lijst. Kies uit de lijst."))
        return found

    def other_case(self, typed: str) -> str:
        """Return the reference of a case named by reference or V-number; raises `Refused`."""
        text = typed.strip().lower()
        try:
            number = parse_v_number(text)
        except IdentifierError:
            return text
        found = case_by_v_number(
            self.connection, self.actor, number, Permission.VIEW_CASE, self.today
        )
        if found is None:
            raise Refused("unknown", N_("Er is geen dossier met dit V-nummer."))
        return found.reference
