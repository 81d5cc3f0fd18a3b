"""Words for handovers."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.HandoverOutcome: {
        "completed": N_("Afgerond"),
        "not_held": N_("Niet gehouden"),
    },
    v.HandoverState: {
        "draft": N_("Concept"),
        "offered": N_("Aangeboden"),
        "question": N_("Vraag gesteld"),
        "answered": N_("Beantwoord"),
        "accepted": N_("Geaccepteerd"),
        "completed": N_("Afgerond"),
        "rejected": N_("Afgewezen"),
        "withdrawn": N_("Ingetrokken"),
        "expired": N_("Verlopen"),
    },
}
