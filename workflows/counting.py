"""Whether where people live counts as realised, and since when somebody can be signed off."""

from datetime import date

from models.vocabulary import CaseKind, HousingKind
from workflows.records import MemberRecord
from workflows.rules.household import born_by
from workflows.rules.norms import NormCode, norm_on
from workflows.situation import Situation


def stay_counts(situation: Situation, member: MemberRecord) -> bool:
    """Tell whether the home of a member counts; False before the move.

    A minor in small-scale reception counts from an age on; LookupError without its norm.
    """
    case, moved = situation.case, member.housed_on
    if moved is None or not situation.reference.counts(case.housing_kind or "", moved):
        return False
    placed = case.housing_kind == HousingKind.SMALL_SCALE_RECEPTION
    if not placed or case.kind != CaseKind.UNACCOMPANIED_MINOR:
        return True
    age = norm_on(situation.reference.norms, NormCode.PLACEMENT_COUNTS_FROM, moved).amount
    return member.birth_date <= born_by(moved, age)


def follow_counting(situation: Situation, since: date | None = None) -> None:
    """Renew since when somebody can be signed off; `since` is the day of a move.

    Nothing is due while all who still wait for a sign-off live where it does not count.
    """
    case = situation.case
    if case.housed_on is None:
        case.counts_since = None
        return
    waiting = [member for member in situation.members if member.realised_entry is None]
    in_vain = waiting and all(
        member.housed_on is not None and not stay_counts(situation, member) for member in waiting
    )
    if in_vain:
        case.counts_since = None
    elif case.counts_since is None:
        case.counts_since = since or case.housed_on
