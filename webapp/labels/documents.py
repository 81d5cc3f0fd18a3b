"""Words for documents."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.DocumentKind: {
        "permit_decision": N_("Beschikking over de vergunning"),
        "diploma": N_("Diploma of getuigschrift"),
        "criterion_evidence": N_("Bewijs bij een hard criterium"),
        "preparation_result": N_("Resultaat van de voorbereiding"),
        "housing_offer": N_("Aanbod van een woning"),
        "refusal": N_("Stuk over een weigering"),
        "lease": N_("Huurcontract"),
        "guardianship": N_("Stuk over de voogdij"),
        "other": N_("Ander document"),
    },
    v.MediaType: {
        "application/pdf": N_("PDF"),
        "image/png": N_("afbeelding (PNG)"),
        "image/jpeg": N_("foto (JPEG)"),
    },
}
