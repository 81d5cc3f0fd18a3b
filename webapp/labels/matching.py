"""Words for what a promising link is reckoned from."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.HospitalKind: {
        "academic": N_("Academisch ziekenhuis"),
        "burns": N_("Brandwondencentrum"),
        "rehabilitation": N_("Revalidatiecentrum"),
        "psychotrauma": N_("Psychotraumacentrum"),
    },
    v.SupplyKind: {
        "one_person": N_("Woning voor een persoon"),
        "family": N_("Woning voor een gezin"),
        "large_family": N_("Woning voor zes of meer personen"),
        "accessible": N_("Toegankelijke woning"),
    },
    v.Exclusion: {
        "closed": N_("Doet niet mee in deze berekening"),
        "exempt": N_("Vrijgesteld van de taakstelling"),
        "hard_criterion": N_("Past niet bij een hard criterium"),
        "no_room": N_("Te weinig ruimte in de taakstelling"),
        "no_dwelling": N_("Geen passende woning verwacht"),
    },
    v.ScoreTerm: {
        "occupation": N_("Vraag naar het beroep"),
        "education": N_("Vraag op het niveau van de opleiding"),
        "network": N_("Netwerk"),
        "language": N_("Hulp in de eigen taal"),
        "advice": N_("Geadviseerde regio"),
        "nearness": N_("Dicht bij de opvanglocatie"),
    },
    v.ModelFeature: {
        "base": N_("Begin, zes maanden na de verhuizing"),
        "months_12": N_("Twaalf maanden na de verhuizing"),
        "months_24": N_("24 maanden na de verhuizing"),
        "own_education": N_("Eigen opleiding"),
        "own_experience": N_("Eigen werkervaring"),
    },
    v.FairnessDimension: {
        "household_type": N_("Soort huishouden"),
        "education": N_("Opleiding (per volwassene)"),
        "hard_criterion": N_("Hard criterium"),
        "prospects": N_("Kansen"),
        "sex": N_("Geslacht (per volwassene)"),
        "language": N_("Taal (per volwassene)"),
    },
    v.Prospects: {
        "low": N_("Laagste derde"),
        "middle": N_("Middelste derde"),
        "high": N_("Hoogste derde"),
    },
    v.HouseholdMix: {
        "single": N_("Een persoon"),
        "family": N_("Twee tot en met vijf personen"),
        "large_family": N_("Zes of meer personen"),
    },
}
