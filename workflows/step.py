"""A step: its payload, where it starts and ends, its permission and its decision."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.vocabulary import CaseState
from workflows.payload import Payload
from workflows.permissions import Permission
from workflows.situation import Situation


class Need(StrEnum):
    """Parts of a situation that a step asks the engine to load beside the case itself."""

    MEMBERS = "members"
    PREPARATION = "preparation"
    OFFER = "offer"
    HANDOVER = "handover"
    CONTENTS = "contents"
    PLACES = "places"
    COLLEAGUES = "colleagues"
    REGIONS = "regions"
    ROOM = "room"
    DOCUMENTS = "documents"
    PROPOSALS = "proposals"
    OUTCOMES = "outcomes"


Decision = Callable[[Situation, Any], CaseState | None]


def no_balances(_situation: Situation, _payload: Any) -> tuple[str, ...]:
    """Lock no municipality's balance."""
    return ()


def linked_balance(situation: Situation, _payload: Any) -> tuple[str, ...]:
    """Lock the balance of the linked municipality, and of the one that merged into it."""
    case = situation.case
    codes = (case.municipality_code, case.former_municipality_code)
    return tuple(code for code in codes if code is not None)


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the process.

    `decide` checks the rules, records its effects on the situation and returns the next state,
    or None when the state stays; it raises `Refused` when the rules do not allow the act.
    `starts_from` is empty for the step that opens a case; `ends_in` names every state that
    `decide` may return (empty: the state stays). With `lets_go` a person may
    afterwards join another household, or go by another V-number.
    """

    code: str
    label: str
    payload: type[Payload]
    permission: Permission
    decide: Decision
    starts_from: frozenset[CaseState]
    ends_in: frozenset[CaseState] = frozenset()
    needs: frozenset[Need] = frozenset({Need.MEMBERS})
    balances: Callable[[Situation, Any], tuple[str, ...]] = no_balances
    posts: bool = False
    lets_go: bool = False
    other_cases: Callable[[Any], tuple[str, ...]] = field(default=lambda _payload: ())
    explanation: str = ""
    per_adult: bool = False

    @property
    def opens_case(self) -> bool:
        """Whether the step makes a case instead of acting on one."""
        return not self.starts_from
