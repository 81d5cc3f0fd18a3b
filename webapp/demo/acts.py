"""Acts: a step for a household on its day, with a payload that only lacks references."""

from dataclasses import dataclass

from webapp.demo.people import Household, Row

AT_CENTRE, AT_REGION, AS_JUDGE, AT_MUNICIPALITY = "centre", "region", "judge", "municipality"
BY = {
    "register": AT_CENTRE,
    "screen": AT_CENTRE,
    "complete_screening": AT_CENTRE,
    "link": AT_REGION,
    "take_up": AT_MUNICIPALITY,
    "ask_contest": AT_MUNICIPALITY,
    "judge_contest": AS_JUDGE,
    "release_link": AT_REGION,
    "offer_housing": AT_MUNICIPALITY,
    "withdraw_offer": AT_MUNICIPALITY,
    "accept_offer": AT_CENTRE,
    "refuse_offer": AT_CENTRE,
    "judge_refusal": AS_JUDGE,
    "sign_lease": AT_MUNICIPALITY,
    "house": AT_CENTRE,
    "place_minor": AT_CENTRE,
    "sign_off": AT_CENTRE,
    "close": AT_CENTRE,
    "end": AT_CENTRE,
    "assign": AT_CENTRE,
    "change_centre": AT_CENTRE,
    "record_stay": AT_CENTRE,
    "record_preparation": AT_CENTRE,
    "add_member": AT_CENTRE,
    "suspend": AT_MUNICIPALITY,
    "resume": AT_MUNICIPALITY,
    "record_outcome": AT_MUNICIPALITY,
    "move_on": AT_MUNICIPALITY,
    "prepare_handover": AT_CENTRE,
    "offer_handover": AT_CENTRE,
    "ask_about_handover": AT_MUNICIPALITY,
    "answer_about_handover": AT_CENTRE,
    "accept_handover": AT_MUNICIPALITY,
    "reject_handover": AT_MUNICIPALITY,
    "withdraw_handover": AT_CENTRE,
    "complete_handover": AT_MUNICIPALITY,
}


@dataclass(slots=True)
class Act:
    """A step to take for a household; `member` is a place in the household's list."""

    day: int
    moment: float
    household: Household
    step: str
    payload: Row
    member: int | None = None

    @property
    def by(self) -> str:
        """Return who does it."""
        return BY[self.step]
