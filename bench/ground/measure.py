"""Measuring in turns and printing figures, so that a busy machine slows both sides alike."""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spent:
    """What `units` of work took: CPU of this process and wall time, in seconds."""

    units: int
    cpu: float
    wall: float


def spend(work: Callable[[], int]) -> Spent:
    """Run work that returns how many units it did."""
    cpu, wall = time.process_time(), time.perf_counter()
    units = work()
    return Spent(units, time.process_time() - cpu, time.perf_counter() - wall)


def in_turns(sides: Mapping[str, Callable[[], Spent]], rounds: int) -> dict[str, list[Spent]]:
    """Let the sides take turns, after one round that only warms up."""
    found: dict[str, list[Spent]] = {name: [] for name in sides}
    for turn in range(rounds + 1):
        for name, side in sides.items():
            spent = side()
            if turn:
                found[name].append(spent)
    return found


def per_unit(spent: Sequence[Spent]) -> Json:
    """Return the medians over rounds of CPU and wall per unit, in milliseconds."""
    return {
        "cpu_ms": round(median(each.cpu / each.units for each in spent) * 1e3, 4),
        "wall_ms": round(median(each.wall / each.units for each in spent) * 1e3, 4),
    }


def ratios(ours: Sequence[Spent], theirs: Sequence[Spent], what: str) -> list[float]:
    """Return the ratio of `cpu` or `wall` per unit in each round."""
    return [
        (getattr(our, what) / our.units) / (getattr(their, what) / their.units)
        for our, their in zip(ours, theirs, strict=True)
    ]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def target(name: str, value: float | None, *, most: float = 0, least: float = 0) -> Json:
    """Return a target with what was measured and whether it was met."""
    bound = {"at_most": most} if most else {"at_least": least}
    met = value is not None and (value <= most if most else value >= least)
    return {"name": name, "value": None if value is None else round(value, 3), **bound, "met": met}


def options(description: str, rounds: int) -> argparse.Namespace:
    """Return the command line: how many rounds, and a folder to keep the figure in."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--out", type=Path, help="folder for <figure>.json beside printing it")
    return parser.parse_args()


def publish(figure: str, asked: argparse.Namespace, content: Json) -> None:
    """Print a figure with the state of the machine, and keep it when asked to."""
    whole = {
        "figure": figure,
        **content,
        "machine": {
            "cores": os.cpu_count(),
            "load_1_5_15": [round(load, 2) for load in os.getloadavg()],
            "python": platform.python_version(),
            "system": platform.system(),
        },
    }
    written = json.dumps(whole, indent=2)
    print(written, flush=True)
    if asked.out is not None:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / f"{figure}.json").write_text(written + "\n")
