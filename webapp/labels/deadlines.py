"""Words for terms and alerts."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.Term: {
        "screening": N_("Screenen"),
        "link": N_("Koppelen"),
        "lease": N_("Huurcontract"),
        "move": N_("Verhuizen"),
        "municipality_lease": N_("Huurcontract, termijn van de gemeente"),
        "municipality_move": N_("Verhuizen, termijn van de gemeente"),
        "sign_off": N_("Afmelden"),
        "close": N_("Afsluiten"),
        "reaction": N_("Reactie na weigering"),
        "take_up": N_("Koppeling oppakken"),
        "judge_contest": N_("Herziening beoordelen"),
        "answer_offer": N_("Woningaanbod beantwoorden"),
        "judge_refusal": N_("Weigering beoordelen"),
        "resume": N_("Einde van de opschorting"),
        "assign": N_("Toewijzen"),
        "handover": N_("Overdracht beantwoorden"),
        "task": N_("Taak"),
    },
    v.AlertStage: {
        "reminder": N_("Herinnering"),
        "coordinator": N_("Aan de coördinator"),
        "region": N_("Aan de COA-regio"),
    },
}
