"""Record the screening of an adult on work and education, or why there was none."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from models import Screening
from models.vocabulary import (
    CaseState,
    EducationLevel,
    FunctionalNeed,
    LanguageLevel,
    ScreeningAbsence,
)
from workflows.errors import Refused
from workflows.guards import LINKED_STATES, not_before, not_future
from workflows.payload import (
    Audience,
    Blank,
    OccupationCode,
    OptionalLine,
    OptionalMunicipality,
    OptionalProse,
    Payload,
    Reference,
    Widget,
    entry,
)
from workflows.permissions import Permission
from workflows.rules.household import is_adult
from workflows.situation import Situation
from workflows.step import Need, Step

PROFILE = "Nodig voor begeleiding naar werk en onderwijs in de gemeente."


class WorkExperience(Payload):
    """A job that an adult had."""

    occupation: OccupationCode = entry(
        "Beroep", Widget.OCCUPATION, help_text="Zoek op de naam van het beroep.", personal=True
    )
    years: Annotated[int, BeforeValidator(lambda value: value or 0)] = entry(
        "Aantal jaren", Widget.NUMBER, default=0, personal=True, ge=0, le=60
    )


class Screen(Payload):
    """The screening of one adult."""

    member: Reference = entry("Volwassene", Widget.MEMBER)
    held_on: date = entry("Datum gesprek", Widget.DATE)
    absence: Annotated[ScreeningAbsence | None, Blank] = entry(
        "Reden dat er geen screening was", Widget.CHOICE, default=None
    )
    education_level: Annotated[EducationLevel | None, Blank] = entry(
        "Hoogste opleiding",
        Widget.CHOICE,
        default=None,
        help_text="Vul dit in, of de reden dat er geen screening was.",
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=PROFILE,
    )
    education_field: OptionalLine = entry(
        "Richting van de opleiding",
        Widget.TEXT,
        default=None,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=PROFILE,
    )
    work_experience: list[WorkExperience] = entry(
        "Werkervaring",
        Widget.GROUP,
        default_factory=list,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=PROFILE,
        max_length=10,
    )
    ambitions: OptionalProse = entry(
        "Wensen voor werk en opleiding",
        Widget.PROSE,
        default=None,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=PROFILE,
    )
    dutch_level: Annotated[LanguageLevel | None, Blank] = entry(
        "Niveau Nederlands",
        Widget.CHOICE,
        default=None,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=PROFILE,
    )
    network: OptionalLine = entry("Netwerk in Nederland", Widget.TEXT, default=None, personal=True)
    network_municipality: OptionalMunicipality = entry(
        "Gemeente van het netwerk",
        Widget.MUNICIPALITY,
        default=None,
        help_text="Waar familie of bekenden wonen die helpen bij werk of opleiding.",
        personal=True,
    )
    prior_region: OptionalLine = entry(
        "Eerder gewoond in regio", Widget.TEXT, default=None, personal=True
    )
    functional_needs: list[FunctionalNeed] = entry(
        "Eisen aan de woning",
        Widget.CHOICES,
        default_factory=list,
        help_text="Alleen wat de woning moet bieden, nooit een diagnose.",
        audience=Audience.MUNICIPALITY,
        purpose="Nodig om een passende woning te zoeken.",
    )


def decide(situation: Situation, payload: Screen) -> None:
    """Store the screening of a live adult member."""
    not_future(situation, payload.held_on, "held_on")
    member = situation.member(payload.member)
    not_before(
        payload.held_on,
        member.birth_date,
        "held_on",
        "Deze datum ligt voor de geboortedatum.",
    )
    if not is_adult(member.birth_date, situation.today):
        raise Refused("minor", "Screening is alleen voor volwassenen.", "member")
    if (payload.absence is None) == (payload.education_level is None):
        raise Refused(
            "held_or_why",
            "Vul de hoogste opleiding in, of de reden dat er geen screening was.",
            "education_level",
        )
    situation.person_id = member.person_id
    case = situation.case
    case.functional_needs = sorted({*case.functional_needs, *payload.functional_needs})
    situation.insert(
        Screening,
        person_id=member.person_id,
        case_id=case.id,
        held_on=payload.held_on,
        absence=payload.absence,
        education_level=payload.education_level,
        education_field=payload.education_field,
        work_experience=[job.model_dump() for job in payload.work_experience],
        ambitions=payload.ambitions,
        dutch_level=payload.dutch_level,
        network=payload.network,
        network_municipality=_known_municipality(situation, payload.network_municipality),
        prior_region=payload.prior_region,
    )


def _known_municipality(situation: Situation, code: str | None) -> str | None:
    if code is not None and code not in situation.surroundings.regions:
        raise Refused("unknown_municipality", "Deze gemeente bestaat niet.", "network_municipality")
    return code


STEP = Step(
    code="screen",
    label="Volwassene screenen",
    payload=Screen,
    permission=Permission.SCREEN,
    decide=decide,
    starts_from=frozenset({CaseState.REGISTERED, CaseState.SCREENED}) | LINKED_STATES,
    needs=frozenset({Need.MEMBERS, Need.REGIONS}),
    explanation="Leg opleiding, werk en wensen van een volwassene vast.",
    per_adult=True,
)
