"""Why a household has no proposal, in words made of the numbers, and what can be done."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from webapp import reasons
from webapp.marking import N_
from webapp.run_words import UNPLACED
from workflows.matching.without_proposal import WhyNone, WithoutProposal

WHY = {
    WhyNone.CRITERIA_CONTRADICT: N_(
        "De harde criteria spreken elkaar tegen: geen gemeente past bij alle criteria samen. "
        "Bekijk de criteria in het dossier en verbeter wat niet klopt."
    ),
    WhyNone.NOBODY_TAKES_PART: N_(
        "Elke gemeente die bij de harde criteria past, is vrijgesteld van de taakstelling. Bekijk "
        "de criteria in het dossier, of overleg met een van die gemeenten."
    ),
    WhyNone.NO_ROOM: N_(
        "Geen gemeente die past, heeft nog zoveel plaatsen of zo'n woning. Overleg met een "
        "gemeente over koppelen boven de ruimte, of wacht op nieuwe ruimte."
    ),
    WhyNone.POSSIBLE: N_("Er is nu wel plaats. Maak een voorstel, of kies zelf een gemeente."),
}
UNSCREENED = N_(
    "Van niemand in dit huishouden is opleiding of werk bekend, dus de score kent geen "
    "onderscheid naar werk. Vul de screening aan."
)


def shown_without(found: WithoutProposal, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of a household tells when no proposal holds.

    `names` are those of the municipalities that are short of room.
    """
    # Where nothing is possible now, what a run said then adds nothing.
    left = found.left if found.why is WhyNone.POSSIBLE else None
    numbers = {"possible": found.possible, "excluded": found.excluded}
    return {
        "why": gettext(WHY[found.why]),
        "possible_now": found.why is WhyNone.POSSIBLE,
        "full": [(code, names.get(code, code)) for code in found.short_of_room],
        "criteria": found.criteria,
        "possible": reasons.possibilities(numbers).text,
        "excluded": [each.text for each in reasons.exclusions(numbers)],
        "unscreened": None if found.screened else gettext(UNSCREENED),
        "left": None if left is None else gettext(UNPLACED[left.why]),
        "left_at": None if left is None else left.finished_at,
    }
