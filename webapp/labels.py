"""The Dutch word for each code that a screen shows; the catalogues translate them."""

from enum import StrEnum
from typing import Any

from flask_babel import gettext

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum] | str, dict[str, str]] = {
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
    v.OrganisationKind: {
        "coa": N_("COA"),
        "coa_region": N_("COA-regio"),
        "reception_centre": N_("Opvanglocatie"),
        "municipality": N_("Gemeente"),
        "province": N_("Provincie"),
        "ministry": N_("Ministerie"),
        "guardian": N_("Voogdij"),
    },
    v.Role: {
        "case_manager": N_("Casemanager"),
        "placement_officer": N_("Regievoerder"),
        "municipal_officer": N_("Klantmanager gemeente"),
        "coordinator": N_("Coördinator"),
        "manager": N_("Manager"),
        "supervisor": N_("Toezichthouder"),
        "quota_officer": N_("Beheerder taakstelling"),
        "auditor": N_("Auditor"),
        "administrator": N_("Beheerder"),
        "functional_manager": N_("Functioneel beheerder"),
        "guardian": N_("Voogd"),
    },
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
    v.HandoverOutcome: {
        "completed": N_("Afgerond"),
        "not_held": N_("Niet gehouden"),
    },
    v.OutcomeKind: {
        "work": N_("Werk"),
        "study": N_("Studie"),
        "work_and_study": N_("Werk en studie"),
        "neither": N_("Geen van beide"),
    },
    v.QuotaKind: {
        "opening": N_("Beginstand"),
        "quota": N_("Taakstelling"),
        "transfer_in": N_("Overgenomen van een andere gemeente"),
        "transfer_out": N_("Overgedragen aan een andere gemeente"),
        "realised": N_("Gerealiseerd"),
        "reserved": N_("Gereserveerd"),
        "released": N_("Vrijgegeven"),
    },
    v.ApportionMethod: {
        "statute_ceiling": N_("Volgens de wet, naar boven afgerond"),
        "published_half_up": N_("Zoals gepubliceerd, gewoon afgerond"),
        "given": N_("Zoals opgegeven"),
    },
    v.RollupGrain: {
        "half_year": N_("Halfjaar"),
        "month": N_("Maand"),
        "day": N_("Dag"),
    },
    v.WaitingParty: {
        "centre": N_("Opvanglocatie"),
        "region": N_("COA-regio"),
        "municipality": N_("Gemeente"),
    },
    v.ProposalStatus: {
        "open": N_("Open"),
        "confirmed": N_("Overgenomen"),
        "departed": N_("Afgeweken"),
        "invalid": N_("Vervallen"),
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
    v.TaskKind: {
        "room_exceeded": N_("Huishouden groter dan de ruimte"),
        "turns_18": N_("Wordt 18 jaar"),
        "household_changed": N_("Huishouden veranderd"),
    },
    v.OutboxStatus: {
        "waiting": N_("Wacht"),
        "delivered": N_("Bezorgd"),
        "dead": N_("Niet te bezorgen"),
    },
    # Codes that one payload declares for itself.
    "subject": {
        "person": N_("Persoonsgegevens"),
        "permit_on": N_("Datum vergunning"),
        "title_on": N_("Datum huurcontract"),
        "housed_on": N_("Datum verhuizing"),
        "sign_off": N_("Afmelding"),
    },
    "judgment": {
        "link_upheld": N_("De koppeling blijft"),
        "contest_granted": N_("De betwisting is terecht: opnieuw koppelen"),
    },
    "months_after": {
        "6": N_("6 maanden"),
        "12": N_("12 maanden"),
        "24": N_("24 maanden"),
    },
}
_BY_CODE = {
    code: text
    for group, words in WORDS.items()
    if isinstance(group, str)
    for code, text in words.items()
}


def label(code: StrEnum | str | None, kind: type[StrEnum] | None = None) -> str:
    """Return the word for a code in the visitor's language; `kind` where the code is plain text."""
    if code is None:
        return ""
    found: Any = kind if kind is not None else type(code)
    words = WORDS.get(found, _BY_CODE)
    return str(gettext(words.get(str(code), str(code))))


def literal_label(code: str) -> str:
    """Return the word for a code that one payload declares for itself."""
    known = _BY_CODE.get(code)
    if known is not None:
        return str(gettext(known))
    for words in WORDS.values():
        if code in words:
            return str(gettext(words[code]))
    return code
