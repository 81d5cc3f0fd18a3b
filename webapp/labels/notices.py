"""Words for notices and deliveries."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.NoticeKind: {
        "link": N_("Koppeling"),
        "housing": N_("Woning en verhuizing"),
        "household": N_("Huishouden en afmelding"),
        "handover": N_("Overdracht"),
        "deadline": N_("Termijnen"),
        "task": N_("Taken"),
    },
    v.NoticeTiming: {
        "never": N_("Geen mail"),
        "at_once": N_("Meteen"),
        "daily": N_("Eén keer per dag"),
    },
    v.Channel: {
        "mail": N_("Mail"),
        "webhook": N_("Webhook"),
    },
    v.DeliveryStatus: {
        "waiting": N_("Wacht"),
        "delivered": N_("Bezorgd"),
        "dead": N_("Niet te bezorgen"),
        "kept": N_("Alleen in het programma"),
    },
    v.DeliveryOutcome: {
        "delivered": N_("Bezorgd"),
        "unreachable": N_("Niet bereikbaar"),
        "timed_out": N_("Geen antwoord op tijd"),
        "address_refused": N_("Adres niet toegestaan"),
        "certificate_refused": N_("Certificaat ongeldig"),
        "redirected": N_("Doorverwezen; dat volgen we niet"),
        "answer_too_large": N_("Antwoord te groot"),
        "refused": N_("Geweigerd door de ontvanger"),
        "recipient_refused": N_("Mailadres geweigerd"),
        "not_set_up": N_("Niet ingesteld"),
        "not_allowed": N_("Ontvanger mag dit niet meer zien"),
    },
}
