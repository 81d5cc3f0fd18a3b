"""Words for dwellings, offers and refusals."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.DwellingType: {
        "room": N_("Kamer"),
        "studio": N_("Studio"),
        "flat": N_("Appartement"),
        "house": N_("Eengezinswoning"),
    },
    v.HousingKind: {
        "regular_home": N_("Gewone woning"),
        "temporary_scheme": N_("Tijdelijke regeling"),
        "self_catering_arrangement": N_("Zelfzorgarrangement (GZZA)"),
        "municipal_arrangement": N_("Gemeentelijk versnellingsarrangement (GVA)"),
        "transit_location": N_("Doorstroomlocatie"),
        "hosting_scheme": N_("Logeerregeling"),
        "reception_hotel": N_("COA-hotel"),
        "small_scale_reception": N_("Kleinschalige opvang Nidos"),
        "reception_unit": N_("COA-woonunit"),
    },
    v.TitleKind: {
        "lease": N_("Huurcontract"),
        "sponsor_dwelling": N_("Woning van de referent"),
        "guardian_placement": N_("Plaatsing door Nidos"),
        "use_agreement": N_("Gebruiksovereenkomst"),
        "self_housed": N_("Zelf gevonden woning"),
    },
    v.RefusalReason: {
        "too_small": N_("Te klein"),
        "location": N_("Plaats of buurt"),
        "condition": N_("Staat van de woning"),
        "rent": N_("Huurprijs"),
        "medical": N_("Medische reden"),
        "family": N_("Familie elders"),
        "safety": N_("Veiligheid"),
        "other": N_("Anders"),
    },
    v.RefusalJudgment: {
        "justified": N_("Terecht geweigerd"),
        "unjustified": N_("Onterecht geweigerd"),
        "accepted_after_all": N_("Alsnog geaccepteerd"),
        "ended": N_("Beëindigen na onterechte weigering"),
    },
    v.OfferStatus: {
        "open": N_("Aangeboden"),
        "accepted": N_("Geaccepteerd"),
        "refused": N_("Geweigerd"),
        "withdrawn": N_("Ingetrokken"),
    },
}
