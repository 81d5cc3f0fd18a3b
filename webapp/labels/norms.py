"""Words for the norms, and the unit in which each is reckoned."""

from enum import StrEnum

from flask_babel import ngettext

from webapp.marking import N_
from workflows.rules.norms import NormCode

WORDS: dict[type[StrEnum], dict[str, str]] = {
    NormCode: {
        "screening_days": N_("Screenen, vanaf de vergunning"),
        "link_days": N_("Koppelen, vanaf de vergunning"),
        "lease_days": N_("Huurcontract, vanaf de vergunning"),
        "move_days": N_("Verhuizen, vanaf de vergunning; daarna is iemand vertraagd"),
        "municipality_lease_days": N_("Huurcontract, vanaf de koppeling"),
        "municipality_move_days": N_("Verhuizen, vanaf de koppeling"),
        "suspension_ceiling_days": N_("Opschorten, ten hoogste"),
        "handover_working_days": N_("Antwoord op een overdracht"),
        "take_up_working_days": N_("Koppeling oppakken"),
        "judge_contest_working_days": N_("Betwisting beoordelen"),
        "answer_offer_working_days": N_("Antwoord op een woning"),
        "judge_refusal_working_days": N_("Weigering beoordelen"),
        "refusal_reaction_working_days": N_("Reactie na een onterechte weigering"),
        "sign_off_working_days": N_("Afmelden, vanaf de verhuizing"),
        "close_working_days": N_("Dossier sluiten, vanaf de afmelding"),
        "assign_working_days": N_("Dossier toewijzen"),
        "reminder_days": N_("Herinnering voor een termijn in dagen"),
        "reminder_working_days": N_("Herinnering voor een termijn in werkdagen"),
        "coordinator_working_days": N_("Melding aan de coördinator, na de termijn"),
        "region_working_days": N_("Melding aan de COA-regio, na de termijn"),
        "handover_expiry_working_days": N_("Overdracht verloopt, na de termijn voor een antwoord"),
        "household_change_working_days": N_("Taak na een wijziging van het huishouden"),
        "adulthood_notice_months": N_("Taak voor de achttiende verjaardag"),
        "outcome_access_months": N_("Gesloten dossier zichtbaar voor de gemeente"),
        "placement_counts_from_years": N_("AMV telt bij plaatsing mee vanaf"),
        "dutch_lessons_hours": N_("Plan Nederlandse les"),
        "society_knowledge_hours": N_("Plan kennis van de samenleving"),
        "labour_orientation_hours": N_("Plan arbeidsoriëntatie"),
        "preparation_day_hours": N_("Voorbereiding per dag, ten hoogste"),
    }
}


def amount_words(code: str, amount: int) -> str:
    """Return an amount with the unit of its norm."""
    if code.endswith("_working_days"):
        return str(ngettext("%(num)s werkdag", "%(num)s werkdagen", amount))
    match code.rpartition("_")[2]:
        case "days":
            return str(ngettext("%(num)s dag", "%(num)s dagen", amount))
        case "months":
            return str(ngettext("%(num)s maand", "%(num)s maanden", amount))
        case "hours":
            return str(ngettext("%(num)s uur", "%(num)s uur", amount))
        case _:
            return str(ngettext("%(num)s jaar", "%(num)s jaar", amount))
