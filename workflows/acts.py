"""Which steps an actor can take on a case now, and which of them stands in front."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from models.vocabulary import CaseKind, CaseState, HandoverState, HousingKind
from workflows import policy
from workflows.actor import Actor
from workflows.handover.moves import ON_HANDOVER, may_follow
from workflows.policy import Located
from workflows.rules.agenda import PLACEMENTS
from workflows.rules.household import is_adult
from workflows.step import Step
from workflows.steps import BY_CODE, STEPS


class Standing(Located, Protocol):
    """What a case must tell before its acts can be named."""

    kind: str
    title_on: date | None
    contested_on: date | None
    suspended_on: date | None
    linked_by: int | None
    handover_state: str | None
    housing_kind: str | None
    counts_since: date | None


class Resident(Protocol):
    """What a member must tell."""

    @property
    def birth_date(self) -> date:
        """Day of birth."""

    @property
    def screened(self) -> bool:
        """Whether there is a screening, or a reason why not."""

    @property
    def housed_on(self) -> date | None:
        """Day of the move."""

    @property
    def realised_on(self) -> date | None:
        """Day of the sign-off."""


@dataclass(frozen=True, slots=True)
class Acts:
    """The act in front, if there is one, and the others that are possible."""

    front: Step | None
    others: tuple[Step, ...]

    def __contains__(self, step: object) -> bool:
        """Tell whether a step is among them."""
        return step is self.front or step in self.others


@dataclass(frozen=True, slots=True)
class _Scene:
    case: Standing
    members: Sequence[Resident]
    actor: Actor
    today: date

    @property
    def unscreened(self) -> bool:
        return any(
            is_adult(each.birth_date, self.today) and not each.screened for each in self.members
        )

    @property
    def unmoved(self) -> bool:
        return any(each.housed_on is None for each in self.members)

    @property
    def signable(self) -> bool:
        return any(each.housed_on is not None and each.realised_on is None for each in self.members)

    @property
    def judged_by_another(self) -> bool:
        return self.case.linked_by != self.actor.user_id


def _always(_scene: _Scene) -> bool:
    return True


def _on_handover(code: str) -> Callable[[_Scene], bool]:
    return lambda scene: may_follow(code, scene.case.handover_state)


# When a step makes no sense although its state allows it; steps that are absent always do.
_SENSIBLE: dict[str, Callable[[_Scene], bool]] = {
    "judge_contest": lambda scene: scene.case.contested_on is not None,
    "ask_contest": lambda scene: scene.case.contested_on is None,
    "offer_housing": lambda scene: scene.case.contested_on is None,
    "house": lambda scene: scene.unmoved,
    "place_minor": lambda scene: scene.case.kind == CaseKind.UNACCOMPANIED_MINOR,
    "sign_off": lambda scene: scene.signable,
    "suspend": lambda scene: scene.case.suspended_on is None,
    "resume": lambda scene: scene.case.suspended_on is not None,
    "move_on": lambda scene: scene.case.housing_kind not in {None, HousingKind.REGULAR_HOME},
    "split_household": lambda scene: len(scene.members) > 1,
    "remove_member": lambda scene: len(scene.members) > 1,
    **{code: _on_handover(code) for code in ON_HANDOVER},
}
# When a step is the one to take now.
_IN_FRONT: dict[str, Callable[[_Scene], bool]] = {
    "judge_contest": lambda scene: scene.judged_by_another,
    "screen": lambda scene: scene.unscreened,
    "complete_screening": lambda scene: (
        not scene.unscreened or scene.case.kind == CaseKind.RESETTLEMENT
    ),
    "link": lambda _scene: True,
    "take_up": lambda scene: scene.case.contested_on is None,
    "answer_about_handover": lambda scene: scene.case.handover_state == HandoverState.QUESTION,
    "accept_handover": lambda scene: scene.case.handover_state != HandoverState.QUESTION,
    "offer_housing": lambda _scene: True,
    "accept_offer": lambda _scene: True,
    "judge_refusal": lambda scene: scene.judged_by_another,
    "sign_lease": lambda scene: scene.case.title_on is None,
    "house": lambda scene: (
        scene.case.title_on is not None and scene.case.state in {CaseState.MOVING, CaseState.HOUSED}
    ),
    "place_minor": lambda _scene: True,
    "sign_off": lambda scene: scene.case.counts_since is not None,
    "move_on": lambda scene: scene.signable and scene.case.counts_since is None,
    "close": lambda scene: (
        all(each.realised_on is not None for each in scene.members)
        and scene.case.housing_kind not in PLACEMENTS
    ),
    # Later it may still be done, but somebody else's act is what the household waits for.
    "record_preparation": lambda scene: scene.case.state in {CaseState.LINKED, CaseState.PREPARING},
}


def acts_for(actor: Actor, case: Standing, members: Sequence[Resident], today: date) -> Acts:
    """Return the acts of an actor on a case, in the order of the road home."""
    scene = _Scene(case, members, actor, today)
    possible = [
        step
        for step in STEPS
        if case.state in step.starts_from
        and _SENSIBLE.get(step.code, _always)(scene)
        and policy.allows(actor, step.permission, case, today)
    ]
    front = next(
        (step for step in possible if step.code in _IN_FRONT and _IN_FRONT[step.code](scene)), None
    )
    return Acts(front, tuple(step for step in possible if step is not front))


def next_on_road(
    state: str, *, contested: bool, unscreened: bool, titled: bool, reserved: int, counting: bool
) -> Step | None:
    """Return the step that a case waits for, whoever is to take it; None when it is finished."""
    if contested:
        return BY_CODE["judge_contest"]
    match CaseState(state):
        case CaseState.REGISTERED:
            code = "screen" if unscreened else "complete_screening"
        case CaseState.MOVING:
            code = "house" if titled else "sign_lease"
        case CaseState.HOUSED:
            code = _after_the_move(reserved, counting=counting)
        case CaseState.CLOSED | CaseState.ENDED:
            return None
        case other:
            code = _ROAD[other]
    return BY_CODE[code]


def _after_the_move(reserved: int, *, counting: bool) -> str:
    if not reserved:
        return "close"
    return "sign_off" if counting else "move_on"


_ROAD = {
    CaseState.SCREENED: "link",
    CaseState.LINKED: "take_up",
    CaseState.PREPARING: "offer_housing",
    CaseState.OFFERED: "accept_offer",
    CaseState.REFUSED: "judge_refusal",
}
