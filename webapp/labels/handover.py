"""Words for handovers."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.HandoverOutcome: {
        "completed": N_("Afgerond"),
        "not_held": N_("Niet gehouden"),
    },
    v.LegalGround: {
        "public_task": N_("Taak van algemeen belang (AVG artikel 6 lid 1 e)"),
        "legal_obligation": N_("Wettelijke verplichting (AVG artikel 6 lid 1 c)"),
        "consent": N_("Toestemming van het huishouden (AVG artikel 6 lid 1 a)"),
    },
    v.RejectionReason: {
        "incomplete": N_("Het profiel is niet volledig"),
        "household_differs": N_("Het huishouden klopt niet"),
        "not_ours": N_("Dit huishouden hoort niet bij onze gemeente"),
        "other": N_("Anders"),
    },
    v.WithdrawalReason: {
        "incomplete": N_("Het profiel is niet volledig"),
        "too_early": N_("Te vroeg aangeboden"),
        "other": N_("Anders"),
    },
    v.HandoverEnd: {
        "incomplete": N_("Het profiel is niet volledig"),
        "household_differs": N_("Het huishouden klopt niet"),
        "not_ours": N_("Dit huishouden hoort niet bij onze gemeente"),
        "too_early": N_("Te vroeg aangeboden"),
        "other": N_("Anders"),
        "household_changed": N_("Het huishouden is veranderd"),
        "link_ended": N_("De koppeling is beëindigd"),
        "case_ended": N_("Het dossier is beëindigd"),
        "case_closed": N_("Het dossier is gesloten"),
    },
    v.InterviewForm: {
        "in_person": N_("Op locatie"),
        "video": N_("Videogesprek"),
        "phone": N_("Telefonisch"),
    },
    v.InterviewAbsence: {
        "household_declined": N_("Het huishouden wilde geen gesprek"),
        "not_reached": N_("Het huishouden was niet te bereiken"),
        "no_interpreter": N_("Er was geen tolk"),
        "no_time": N_("Er was geen tijd"),
        "other": N_("Anders"),
    },
    v.HandoverParty: {
        "household": N_("Huishouden"),
        "agency": N_("COA"),
        "municipality": N_("Gemeente"),
        "other": N_("Iemand anders"),
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
