"""What is to be matched: scores, who may go where, room and what a household uses of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from workflows.matching.arrays import NOWHERE, Flags, Floats, Ints

_BY_HOUSEHOLD = 2
_BY_HOUSEHOLD_AND_PLACE = 3


class UnusableProblem(ValueError):
    """The arrays do not describe a problem; the message says which value and where."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Households (rows) to be spread over municipalities (columns); make one with `of`.

    `score[i, j]` is the expected adults in work or study, `eligible[i, j]` whether every hard
    criterion allows it. `room[j, r]` is what municipality j has of capacity row r (persons,
    dwellings of a kind), and `use[i, r]`, or `use[i, j, r]` where it depends on the municipality,
    is what household i takes of it. `loss[i]` is what leaving household i unplaced costs, in the
    unit of the score. All arrays are read-only.
    """

    score: Floats
    eligible: Flags
    use: Ints
    room: Ints
    size: Ints
    loss: Floats

    @classmethod
    def of(
        cls, score: Any, eligible: Any, use: Any, room: Any, size: Any, *, penalty: Any = 1.0
    ) -> Self:
        """Check the arrays and freeze them.

        `size` is in persons; `penalty` is the cost per person left unplaced, one for all or one
        per household. UnusableProblem for shapes that differ, scores that are no number where a
        household may go, and use, room or sizes that are negative or broken.
        """
        scores = _frozen(score, np.float64, "score", 2)
        households, places = scores.shape
        if places == 0:
            raise UnusableProblem("there is no municipality to link to")
        allowed = _frozen(eligible, np.bool_, "eligible", 2)
        uses = _whole(use, "use", np.ndim(use))
        rooms = _whole(room, "room", 2)
        sizes = _whole(size, "size", 1)
        losses = _losses(penalty, sizes)
        rows = rooms.shape[1]
        if rows == 0:
            raise UnusableProblem("no room is counted: there is no capacity row")
        by_place = uses.ndim == _BY_HOUSEHOLD_AND_PLACE
        _same(allowed, (households, places), "eligible")
        _same(rooms, (places, rows), "room")
        _same(sizes, (households,), "size")
        _same(uses, (households, places, rows) if by_place else (households, rows), "use")
        wrong = np.argwhere(allowed & ~np.isfinite(scores))
        if len(wrong):
            i, j = wrong[0]
            raise UnusableProblem(f"score of household {i} at municipality {j} is no number")
        return cls(scores, allowed, uses, rooms, sizes, losses)

    @property
    def households(self) -> int:
        """Return the number of households."""
        return len(self.score)

    @property
    def places(self) -> int:
        """Return the number of municipalities."""
        return int(self.score.shape[1])

    @property
    def by_profile(self) -> bool:
        """Tell whether what a household uses is the same in every municipality."""
        return self.use.ndim == _BY_HOUSEHOLD

    @cached_property
    def profiles(self) -> tuple[Ints, Ints]:
        """Return the distinct rows of `use` (by profile), and the profile of each household."""
        if not self.by_profile:
            raise UnusableProblem("use depends on the municipality, so there are no profiles")
        rows, profile = np.unique(self.use, axis=0, return_inverse=True)
        return rows, profile.reshape(-1).astype(np.int64)

    @cached_property
    def value(self) -> Floats:
        """Return the scores, minus infinity where a household may not go or cannot fit."""
        possible = self.eligible & self.fits(self.room)
        value = np.where(possible, self.score, -np.inf)
        value.flags.writeable = False
        return value

    def fits(self, left: Ints) -> Flags:
        """Tell per household and municipality whether it fits the room that is left there."""
        if self.by_profile:
            rows, profile = self.profiles
            return np.asarray(np.all(rows[:, None, :] <= left[None], axis=-1))[profile]
        return np.asarray((self.use <= left[None]).all(-1))

    def priced_use(self, prices: Floats) -> Floats:
        """Return what each household would pay in each municipality at prices per unit of room."""
        if self.by_profile:
            rows, profile = self.profiles
            # Not a product of matrices: its rounding may depend on the machine.
            return np.asarray((rows[:, None, :] * prices[None]).sum(-1)[profile])
        return np.asarray((self.use * prices[None]).sum(-1))

    def taken(self, household: Ints, place: Ints) -> Ints:
        """Return what these households take of each row, each at its municipality."""
        return self.use[household] if self.by_profile else self.use[household, place]

    def left(self, assignment: Ints) -> Ints:
        """Return the room that an assignment leaves; negative where it takes too much."""
        placed = np.flatnonzero(assignment != NOWHERE)
        left = self.room.copy()
        np.subtract.at(left, assignment[placed], self.taken(placed, assignment[placed]))
        return left

    def objective(self, assignment: Ints) -> float:
        """Return the sum of scores of who is placed, minus the loss of who is not."""
        placed = assignment != NOWHERE
        got = self.score[np.flatnonzero(placed), assignment[placed]]
        return float(got.sum() - self.loss[~placed].sum())


def _frozen(given: Any, kind: Any, name: str, dimensions: int) -> Any:
    try:
        array = np.ascontiguousarray(given, dtype=kind)
    except (TypeError, ValueError) as error:
        raise UnusableProblem(f"{name} holds something that is no number") from error
    if np.ndim(given) != dimensions:
        raise UnusableProblem(f"{name} must have {dimensions} dimensions, not {np.ndim(given)}")
    array = array.view()
    array.flags.writeable = False
    return array


def _whole(given: Any, name: str, dimensions: int) -> Ints:
    if dimensions not in (1, _BY_HOUSEHOLD, _BY_HOUSEHOLD_AND_PLACE):
        raise UnusableProblem(f"{name} has {dimensions} dimensions")
    amounts = _frozen(given, np.float64, name, dimensions)
    if not (np.isfinite(amounts).all() and (amounts >= 0).all()):
        raise UnusableProblem(f"{name} holds a negative number or none at all")
    if (amounts != np.floor(amounts)).any():
        raise UnusableProblem(f"{name} holds parts of a person or dwelling")
    whole: Ints = _frozen(amounts, np.int64, name, dimensions)
    return whole


def _losses(penalty: Any, sizes: Ints) -> Floats:
    try:
        losses = np.array(np.broadcast_to(np.asarray(penalty, np.float64), sizes.shape) * sizes)
    except ValueError as error:
        raise UnusableProblem("penalty is neither one number nor one per household") from error
    if not (np.isfinite(losses).all() and (losses >= 0).all()):
        raise UnusableProblem("penalty holds a negative number or none at all")
    losses.flags.writeable = False
    return losses


def _same(array: Any, shape: tuple[int, ...], name: str) -> None:
    if array.shape != shape:
        raise UnusableProblem(f"{name} has shape {array.shape}, where {shape} was expected")
