"""Words for screening and preparation."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.Sex: {"female": N_("Vrouw"), "male": N_("Man"), "unknown": N_("Onbekend")},
    v.EducationLevel: {
        "none": N_("Geen onderwijs"),
        "primary": N_("Basisonderwijs"),
        "lower_secondary": N_("Onderbouw voortgezet onderwijs"),
        "upper_secondary": N_("Bovenbouw voortgezet onderwijs"),
        "vocational": N_("Beroepsonderwijs"),
        "bachelor": N_("Bachelor"),
        "master": N_("Master of hoger"),
    },
    v.LanguageLevel: {
        "A0": N_("A0: nog geen Nederlands"),
        "A1": N_("A1"),
        "A2": N_("A2"),
        "B1": N_("B1"),
        "B2": N_("B2"),
    },
    v.ScreeningAbsence: {
        "declined": N_("Wil geen screening"),
        "ill": N_("Ziek"),
        "absent": N_("Niet verschenen"),
        "resettled": N_("Hervestigd, rechtstreeks naar de gemeente"),
    },
    v.HardCriterion: {
        "first_degree_family": N_("Familie in de eerste graad"),
        "family_reunification": N_("Gezinshereniging"),
        "specialist_treatment": N_("Behandeling op een vaste plaats"),
        "existing_education": N_("Volgt al onderwijs"),
        "existing_work": N_("Heeft al werk"),
        "safety": N_("Veiligheid"),
    },
    v.FunctionalNeed: {
        "ground_floor": N_("Begane grond of lift"),
        "wheelchair": N_("Geschikt voor een rolstoel"),
        "near_hospital": N_("Dicht bij een ziekenhuis"),
        "near_special_school": N_("Dicht bij speciaal onderwijs"),
        "quiet": N_("Rustige omgeving"),
    },
    v.Scenario: {
        "quick_start": N_("Snelle start"),
        "combined": N_("Gecombineerd"),
        "after_move": N_("Na de verhuizing"),
    },
    v.PreparationModule: {
        "dutch_lessons": N_("Nederlandse les"),
        "society_knowledge": N_("Kennis van de samenleving"),
        "labour_orientation": N_("Oriëntatie op werk"),
        "guidance_to_education": N_("Begeleiding naar onderwijs"),
        "guidance_to_work": N_("Begeleiding naar werk"),
        "voluntary_work": N_("Vrijwilligerswerk"),
    },
    v.PreparationResult: {
        "in_progress": N_("Loopt"),
        "completed": N_("Afgerond"),
        "stopped": N_("Gestopt"),
    },
    v.OutcomeKind: {
        "work": N_("Werk"),
        "study": N_("Studie"),
        "work_and_study": N_("Werk en studie"),
        "neither": N_("Geen van beide"),
    },
}
