"""The moves of a handover: which step leads from which state to which.

Steps ask it before they act, and `verify` folds the events of a case over it.
"""

from collections.abc import Mapping

from models.vocabulary import OPEN_HANDOVER, PENDING_HANDOVER, HandoverState

State = HandoverState
_UNACCEPTED = (State.DRAFT, *PENDING_HANDOVER)


def _each(states: tuple[State, ...], to: State) -> dict[State | None, State]:
    return dict.fromkeys(states, to)


_LINK_ENDS = _each(OPEN_HANDOVER, State.WITHDRAWN)
_HOUSEHOLD_CHANGES = _each(_UNACCEPTED, State.WITHDRAWN)
# None: there was no handover before, or it is a new one.
MOVES: Mapping[str, Mapping[State | None, State]] = {
    "prepare_handover": {None: State.DRAFT, State.DRAFT: State.DRAFT},
    "offer_handover": {State.DRAFT: State.OFFERED},
    "ask_about_handover": {
        **_each(PENDING_HANDOVER, State.QUESTION),
        State.ACCEPTED: State.ACCEPTED,
    },
    "answer_about_handover": {
        State.QUESTION: State.ANSWERED,
        State.ACCEPTED: State.ACCEPTED,
    },
    "accept_handover": _each(PENDING_HANDOVER, State.ACCEPTED),
    "reject_handover": _each(PENDING_HANDOVER, State.REJECTED),
    "withdraw_handover": _each(_UNACCEPTED, State.WITHDRAWN),
    "expire_handover": _each(PENDING_HANDOVER, State.EXPIRED),
    "plan_interview": {State.ACCEPTED: State.ACCEPTED},
    "complete_handover": {State.ACCEPTED: State.COMPLETED},
    "release_link": _LINK_ENDS,
    "judge_contest": _LINK_ENDS,
    "judge_refusal": _LINK_ENDS,
    "house": _LINK_ENDS,
    "end": _LINK_ENDS,
    "merge_household": _HOUSEHOLD_CHANGES,
    "split_household": {**_HOUSEHOLD_CHANGES, None: State.COMPLETED},
    "close": {**_HOUSEHOLD_CHANGES, State.ACCEPTED: State.COMPLETED},
}

ON_HANDOVER = tuple(step for step in MOVES if "handover" in step or step == "plan_interview")


def move(step: str, state: str | None) -> HandoverState | None:
    """Return the state to which a step brings a handover; None when it may not be taken."""
    return MOVES.get(step, {}).get(None if state is None else HandoverState(state))


def may_follow(step: str, state: str | None) -> bool:
    """Tell whether a case whose newest handover stands in a state allows a step on a handover.

    A new handover may be prepared once the one before it is over.
    """
    if step == "prepare_handover" and state not in OPEN_HANDOVER:
        return True
    return state is not None and move(step, state) is not None
