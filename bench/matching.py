"""How good a batch of links is, how long it takes, and how the known methods do beside it.

`python -m bench.matching --instance FILE.npz --out ASSIGNMENT.npy` solves one instance. Without
arguments: a table over seeds, sizes and room, with greedy, scipy's assignment on expanded slots
and OR-Tools' minimum cost flow, each in a process of its own.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.ground.matching.country import instance, read
from bench.ground.matching.rivals import NAMES, command, environment
from bench.ground.measure import Json, publish, target
from workflows.matching.problem import Problem
from workflows.matching.solve import Plan, solve

SEEDS = (1, 2, 3)
SIZES = (500, 2000, 8000)
ROOMS = {"normal": 1.0, "scarce": 0.5, "loose": 2.0}
OURS = "thuisroute"
# Minutes for each instance of the largest size, so that one seed must do there.
SLOW = "assignment"


def main() -> None:
    """Solve one instance, or measure the table."""
    parser = argparse.ArgumentParser(description="Quality and cost of linking a batch.")
    parser.add_argument("--instance", type=Path, help="one instance to solve")
    parser.add_argument("--out", type=Path, help="the assignment of it; else a folder for figures")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    asked = parser.parse_args()
    if asked.instance is None:
        _table(asked)
        return
    found, plan = _solve(asked.instance)
    if asked.out is not None:
        np.save(asked.out, plan.assignment)
    print(json.dumps(found))


def _solve(path: Path) -> tuple[Json, Plan]:
    problem = read(path).problem
    wall, cpu = time.perf_counter(), time.process_time()
    plan = solve(problem)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    _check(problem, plan)
    certificate = plan.certificate
    figures = {
        "objective": certificate.objective,
        "bound": certificate.bound,
        "gap": certificate.gap,
        "seconds": round(wall, 2),
        "cpu_seconds": round(cpu, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "unplaced_persons": int(problem.size[plan.assignment < 0].sum()),
        "proven_optimal": certificate.optimal,
        "price_bound": certificate.price_bound,
        "regret": float(certificate.regret.sum()),
        "priced_unused_room": float(certificate.unused.sum()),
    }
    return figures, plan


def _check(problem: Problem, plan: Plan) -> None:
    """Hold the plan to hard criteria and room by other means than the solver's own."""
    placed = np.flatnonzero(plan.assignment >= 0)
    used = np.zeros_like(problem.room)
    np.add.at(used, plan.assignment[placed], problem.taken(placed, plan.assignment[placed]))
    assert (used <= problem.room).all()
    assert problem.eligible[placed, plan.assignment[placed]].all()


def _table(asked: argparse.Namespace) -> None:
    python = environment()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for households in asked.sizes:
            for room, factor in ROOMS.items():
                for seed in asked.seeds:
                    path = Path(folder) / "instance.npz"
                    _write(path, households, seed, factor)
                    row = {"households": households, "room": room, "seed": seed}
                    names = [each for each in NAMES if each != SLOW or _quick(asked, row)]
                    rows.append({**row, **_measured(path, python, names)})
                    print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    ours = [row["methods"][OURS]["percent_of_bound"] for row in rows]
    others = [
        max(each["percent_of_bound"] for name, each in row["methods"].items() if name != OURS)
        for row in rows
    ]
    content: Json = {
        "unit": "percent of the certified bound, the least of all instances",
        "n": len(rows),
        "value": min(ours),
        "baseline": {"name": "the best rival, the least of all instances", "value": min(others)},
        "ratio": round(min(ours) / min(others), 5) if min(others) > 0 else None,
        "targets": _targets(rows),
        "rows": rows,
    }
    publish("matching", asked, content)


def _quick(asked: argparse.Namespace, row: Json) -> bool:
    return bool(row["households"] < max(SIZES) or row["seed"] == asked.seeds[0])


def _targets(rows: list[Json]) -> list[Json]:
    """Return the targets that the measured instances can tell of; seconds are of the wall."""
    large, medium = _of(rows, 8000, *ROOMS), _of(rows, 2000, *ROOMS)
    roomy, tight = _of(rows, 8000, "normal", "loose"), _of(rows, 8000, "scarce")
    placed = roomy + _of(rows, 2000, "normal", "loose")
    scarce, loose = _of(rows, 500, "scarce"), _of(rows, 500, "loose")
    asked: list[tuple[list[Json], str, str, dict[str, float]]] = [
        (roomy, "8,000: percent of bound", "percent_of_bound", {"least": 99.9}),
        (tight, "8,000 scarce: percent of bound", "percent_of_bound", {"least": 99.5}),
        (large, "8,000: seconds", "seconds", {"most": 15}),
        (large, "8,000: peak MB", "peak_mb", {"most": 350}),
        (medium, "2,000: percent of bound", "percent_of_bound", {"least": 99.5}),
        (medium, "2,000: seconds", "seconds", {"most": 4}),
        (placed, "room for all: persons unplaced", "unplaced_persons", {"most": 0}),
        (scarce, "500 scarce: percent of the best known", "percent_of_best", {"least": 99}),
        (scarce, "500 scarce: seconds", "seconds", {"most": 15}),
        (loose, "500 with room: optimum proven", "proven_optimal", {"least": 1}),
        (loose, "500 with room: seconds", "seconds", {"most": 2}),
    ]  # fmt: skip
    return [
        target(name, (min if "least" in limit else max)(each[figure] for each in found), **limit)
        for found, name, figure, limit in asked
        if found
    ]


def _of(rows: list[Json], households: int, *rooms: str) -> list[Json]:
    return [
        row["methods"][OURS]
        for row in rows
        if row["households"] == households and row["room"] in rooms
    ]


def _write(path: Path, households: int, seed: int, room: float) -> None:
    drawn = instance(households, seed, room)
    problem = drawn.problem
    np.savez(
        path, v=problem.score, elig=problem.eligible, use=problem.use, cap=problem.room,
        size=problem.size, week=drawn.week,
    )  # fmt: skip


def _measured(path: Path, python: Path, names: list[str]) -> Json:
    """Solve an instance by each method, and compare with our bound and the best plan of all."""
    methods = {OURS: _run([sys.executable, "-m", "bench.matching", "--instance", str(path)])}
    methods |= {name: _run(*command(python, name, path)) for name in names}
    bound = methods[OURS]["bound"]
    best = max(found["objective"] for found in methods.values())
    for found in methods.values():
        for name, most in (("percent_of_bound", bound), ("percent_of_best", best)):
            found[name] = round(100 * (1 - (most - found["objective"]) / abs(most)), 4)
    return {"bound": bound, "load": round(os.getloadavg()[0], 1), "methods": methods}


def _run(line: list[str], surroundings: dict[str, str] | None = None) -> Json:
    done = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True, env=surroundings)
    found: Json = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
