"""Complete the screening of a household: region advice and hard criteria."""

from typing import Annotated

from models.vocabulary import CaseKind, CaseState, HardCriterion, HospitalKind
from workflows.errors import Refused
from workflows.payload import Audience, Blank, MunicipalityCode, Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.rules.household import is_adult
from workflows.situation import Situation
from workflows.step import Need, Step

REGIONS = 35


class Criterion(Payload):
    """A hard criterion, the place it names and its evidence."""

    criterion: HardCriterion = entry("Criterium", Widget.CHOICE)
    municipality: MunicipalityCode = entry(
        "Gemeente waar het om gaat",
        Widget.MUNICIPALITY,
        help_text="Bij veiligheid: de gemeente die niet kan.",
    )
    care: Annotated[HospitalKind | None, Blank] = entry(
        "Soort ziekenhuis",
        Widget.CHOICE,
        default=None,
        help_text="Alleen bij specialistische behandeling: ook een andere regio met zo'n "
        "ziekenhuis voldoet dan.",
        personal=True,
    )
    evidence: Prose = entry(
        "Bewijs", Widget.PROSE, help_text="Waaruit het blijkt; geen diagnose.", personal=True
    )


class CompleteScreening(Payload):
    """The advice that the screening leads to."""

    advised_regions: list[int] = entry(
        "Geadviseerde arbeidsmarktregio's",
        Widget.LABOUR_REGIONS,
        default_factory=list,
        audience=Audience.MUNICIPALITY,
        purpose="Laat zien waarom deze gemeente kansrijk is.",
        max_length=5,
    )
    hard_criteria: list[Criterion] = entry(
        "Harde plaatsingscriteria",
        Widget.GROUP,
        default_factory=list,
        personal=True,
        max_length=6,
    )


def decide(situation: Situation, payload: CompleteScreening) -> CaseState:
    """Accept the advice when every adult was screened or has a reason why not."""
    case = situation.case
    missing = [
        member
        for member in situation.members
        if is_adult(member.birth_date, situation.today) and not member.screened
    ]
    if missing and case.kind != CaseKind.RESETTLEMENT:
        raise Refused(
            "screening_missing",
            "Nog {count} volwassene(n) zonder screening. Leg die eerst vast, of de reden.",
            values={"count": len(missing)},
        )
    if any(not 1 <= number <= REGIONS for number in payload.advised_regions):
        raise Refused("unknown_region", "Deze arbeidsmarktregio bestaat niet.", "advised_regions")
    for index, criterion in enumerate(payload.hard_criteria):
        if criterion.municipality not in situation.surroundings.regions:
            raise Refused(
                "unknown_municipality",
                "Deze gemeente bestaat niet.",
                f"hard_criteria.{index}.municipality",
            )
        if criterion.care is not None and criterion.criterion != HardCriterion.SPECIALIST_TREATMENT:
            raise Refused(
                "care_without_treatment",
                "Een soort ziekenhuis hoort alleen bij specialistische behandeling.",
                f"hard_criteria.{index}.care",
            )
    case.advised_regions = sorted(set(payload.advised_regions))
    case.hard_criteria = [
        {"criterion": each.criterion.value, "municipality": each.municipality}
        | ({} if each.care is None else {"care": each.care.value})
        for each in payload.hard_criteria
    ]
    case.screened_on = situation.today
    return CaseState.SCREENED


STEP = Step(
    code="complete_screening",
    label="Screening afronden",
    payload=CompleteScreening,
    permission=Permission.COMPLETE_SCREENING,
    decide=decide,
    starts_from=frozenset({CaseState.REGISTERED}),
    ends_in=frozenset({CaseState.SCREENED}),
    needs=frozenset({Need.MEMBERS, Need.REGIONS}),
    explanation="Rond de screening af met advies en harde criteria; het dossier kan dan gekoppeld.",
)
