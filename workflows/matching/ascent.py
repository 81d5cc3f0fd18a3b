"""First prices of room: a fixed number of cheap steps towards the best bound."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from workflows.matching.arrays import Floats, Ints
from workflows.matching.pricing import bound
from workflows.matching.problem import Problem

_STEPS = 200
_LARGEST = 0.3
_SMALLEST = 0.002
_INERTIA = 0.9
_TYPICAL_PRICE = 2.0
_MANY_PROFILES = 64
_CACHED = 200_000


def ascend(problem: Problem, weight: Floats, start: Floats | None = None) -> Floats:
    """Return prices per municipality and capacity row, at least 0.

    Room that is asked for more than there is becomes dearer, other room cheaper, by steps with
    inertia that shrink. No row moves faster than one that is asked for twice, or a single
    dwelling that hundreds want would throw all others off. `weight` counts a household more than
    once or in part. Without `start`, prices start at nothing.
    """
    prices = np.zeros(problem.room.shape) if start is None else start
    return _descend(_Demand.of(problem, weight), prices, _unit(problem))


def _unit(problem: Problem) -> float:
    """Return a typical price: a multiple of the score that one person brings."""
    best = np.where(np.isfinite(problem.value), problem.value, 0.0).max(axis=1, initial=0.0)
    worth = np.abs(best) / np.maximum(problem.size, 1)
    typical = float(np.median(worth)) if len(worth) else 0.0
    return _TYPICAL_PRICE * typical if typical > 0 else 1.0


@dataclass(frozen=True, slots=True)
class _Demand:
    """How much room is asked for at given prices, counted in blocks that fit a cache."""

    problem: Problem
    weight: Floats
    blocks: "list[tuple[Ints, np.ndarray[Any, np.dtype[np.float32]]]]"
    alike: bool

    @classmethod
    def of(cls, problem: Problem, weight: Floats) -> "_Demand":
        alike = problem.by_profile and len(problem.profiles[0]) <= _MANY_PROFILES
        if alike:
            rows, profile = problem.profiles
            groups = [np.flatnonzero(profile == each) for each in range(len(rows))]
        else:
            step = max(1, _CACHED // problem.room.size)
            everybody = np.arange(problem.households)
            groups = [everybody[first : first + step] for first in range(0, len(everybody), step)]
        blocks = [(group, problem.value[group].astype(np.float32)) for group in groups]
        return cls(problem, weight, blocks, alike)

    def at(self, prices: Floats) -> tuple[float, Floats]:
        """Return the bound (in single precision) and the room asked for."""
        problem = self.problem
        reached = float((problem.room * prices).sum())
        asked = np.zeros(problem.room.shape)
        for group, value in self.blocks:
            if self.alike:
                paid = (problem.use[group[0]] * prices).sum(-1)
            else:
                use = problem.use[group]
                paid = ((use[:, None] if problem.by_profile else use) * prices).sum(-1)
            net = value - paid.astype(np.float32)
            place = net.argmax(axis=1)
            got = net[np.arange(len(group)), place]
            lost = -problem.loss[group]
            goes = got > lost
            reached += float((np.where(goes, got, lost) * self.weight[group]).sum())
            who, where = group[goes], place[goes]
            np.add.at(asked, where, problem.taken(who, where) * self.weight[who][:, None])
        return reached, asked


def _descend(demand: _Demand, start: Floats, unit: float) -> Floats:
    problem, prices = demand.problem, start.copy()
    inertia = np.zeros(prices.shape)
    largest_use = problem.use.reshape(-1, prices.shape[1]).max(axis=0, initial=1)
    scale = np.maximum(problem.room, largest_use)
    lowest, best = bound(problem, prices, demand.weight), prices
    for step in range(_STEPS):
        reached, asked = demand.at(prices)
        if reached < lowest:
            lowest, best = reached, prices
        excess = np.clip((asked - problem.room) / scale, -1.0, 1.0)
        inertia = _INERTIA * inertia + (1 - _INERTIA) * excess
        length = unit * _LARGEST * (_SMALLEST / _LARGEST) ** (step / _STEPS)
        prices = np.maximum(0.0, prices + length * inertia)
    return best
