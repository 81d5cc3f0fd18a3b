"""Words for links, contests and proposals."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.LinkOverride: {
        "hard_criterion": N_("Een hard plaatsingscriterium"),
        "municipal_consent": N_("Instemming van de gemeente"),
    },
    v.ContestGround: {
        "hard_criterion_overlooked": N_("Een hard criterium is over het hoofd gezien"),
        "household_composition_wrong": N_("De samenstelling van het huishouden klopt niet"),
        "safety": N_("Veiligheid"),
    },
    v.ReleaseReason: {
        "contest_upheld": N_("Betwisting terecht"),
        "household_changed": N_("Huishouden veranderd"),
        "no_suitable_housing": N_("Geen passende woning"),
        "safety": N_("Veiligheid"),
        "self_housed": N_("Vond zelf een woning"),
        "linked_in_error": N_("Vergissing"),
    },
    v.DepartureReason: {
        "dwelling_available": N_("Elders is al een passende woning"),
        "municipality_asked": N_("In overleg met de gemeente"),
        "network_not_recorded": N_("Netwerk dat niet bij de screening stond"),
        "work_not_recorded": N_("Werk of opleiding die niet bij de screening stond"),
        "safety": N_("Veiligheid"),
        "other": N_("Andere reden"),
    },
    v.RunKind: {"batch": N_("Voorstellen"), "what_if": N_("Wat als")},
    v.RunStatus: {
        "waiting": N_("Wacht"),
        "running": N_("Loopt"),
        "done": N_("Klaar"),
        "cancelled": N_("Gestopt"),
        "failed": N_("Mislukt"),
    },
    v.ProposalStatus: {
        "open": N_("Open"),
        "confirmed": N_("Overgenomen"),
        "departed": N_("Afgeweken"),
        "invalid": N_("Vervallen"),
    },
}
