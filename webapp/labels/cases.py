"""Words for cases, households and members."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.CaseState: {
        "registered": N_("Geregistreerd"),
        "screened": N_("Gescreend"),
        "linked": N_("Gekoppeld"),
        "preparing": N_("In voorbereiding"),
        "offered": N_("Woning aangeboden"),
        "refused": N_("Woning geweigerd"),
        "moving": N_("Gaat verhuizen"),
        "housed": N_("Gehuisvest"),
        "closed": N_("Gesloten"),
        "ended": N_("Beëindigd"),
    },
    v.CaseKind: {
        "asylum": N_("Asiel"),
        "family_follow_on": N_("Nareis"),
        "resettlement": N_("Hervestiging"),
        "relocation": N_("Relocatie"),
        "unaccompanied_minor": N_("Alleenstaande minderjarige (AMV)"),
    },
    v.HouseholdType: {
        "single": N_("Alleengaande"),
        "couple": N_("Paar"),
        "family": N_("Gezin"),
        "single_parent": N_("Eenoudergezin"),
        "minor": N_("Minderjarige"),
    },
    v.MemberRole: {
        "head": N_("Hoofdpersoon"),
        "partner": N_("Partner"),
        "child": N_("Kind"),
        "other": N_("Ander gezinslid"),
    },
    v.MembershipStart: {
        "registered": N_("Bij registratie"),
        "born": N_("Geboren"),
        "arrived": N_("Aangekomen"),
        "split_off": N_("Afgesplitst"),
        "merged": N_("Samengevoegd"),
    },
    v.MembershipEnd: {
        "split_off": N_("Afgesplitst"),
        "merged": N_("Samengevoegd"),
        "turned_18": N_("18 jaar geworden"),
        "withdrawn": N_("Teruggetrokken"),
        "deceased": N_("Overleden"),
        "left_unknown_destination": N_("Met onbekende bestemming vertrokken"),
        "case_closed": N_("Dossier gesloten"),
        "case_ended": N_("Dossier beëindigd"),
    },
    v.EndReason: {
        "withdrawn": N_("Teruggetrokken"),
        "deceased": N_("Overleden"),
        "left_unknown_destination": N_("Met onbekende bestemming vertrokken"),
        "permit_revoked": N_("Vergunning ingetrokken"),
        "refusal_unjustified": N_("Onterecht geweigerd"),
        "merged": N_("Samengevoegd"),
    },
    v.SuspensionReason: {
        "illness": N_("Ziekte"),
        "childbirth": N_("Bevalling"),
        "family_arrival": N_("Komst van gezinsleden"),
        "detention": N_("Detentie"),
        "documents": N_("Ontbrekende documenten"),
    },
    v.StayPlace: {
        "centre": N_("Opvanglocatie"),
        "hosting_scheme": N_("Logeerregeling"),
        "elsewhere": N_("Elders"),
    },
    v.WaitingParty: {
        "centre": N_("Opvanglocatie"),
        "region": N_("COA-regio"),
        "municipality": N_("Gemeente"),
    },
    v.TaskKind: {
        "room_exceeded": N_("Huishouden groter dan de ruimte"),
        "turns_18": N_("Wordt 18 jaar"),
        "household_changed": N_("Huishouden veranderd"),
        "agreement": N_("Afspraak uit de overdracht"),
    },
}
