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
from bench.ground.matching.rivals import NAMES, environment
from bench.ground.measure import Json, publish, target
from workflows.matching.solve import Plan, solve

SEEDS = (1, 2, 3)
SIZES = (500, 2000, 8000)
ROOMS = {"normal": 1.0, "scarce": 0.5, "loose": 2.0}
_RIVAL = Path(__file__).parent / "ground" / "matching" / "rivals.py"


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
                    rows.append({**row, **_measured(path, python)})
                    print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    largest = [row for row in rows if row["households"] == max(asked.sizes)]
    worst = min(row["methods"]["thuisroute"]["percent_of_bound"] for row in largest)
    rival = max(row["methods"]["min_cost_flow"]["percent_of_bound"] for row in largest)
    content: Json = {
        "unit": "least percent of the certified bound at the largest size",
        "n": len(largest),
        "value": worst,
        "baseline": {"name": "best of minimum cost flow", "value": rival},
        "ratio": round(worst / rival, 5),
        "targets": [target("percent of bound", worst, least=99.9)],
        "rows": rows,
    }
    publish("matching", asked, content)


def _write(path: Path, households: int, seed: int, room: float) -> None:
    drawn = instance(households, seed, room)
    problem = drawn.problem
    np.savez(
        path, v=problem.score, elig=problem.eligible, use=problem.use, cap=problem.room,
        size=problem.size, week=drawn.week,
    )  # fmt: skip


def _measured(path: Path, python: Path) -> Json:
    ours = _run([sys.executable, "-m", "bench.matching", "--instance", str(path)])
    bound = ours["bound"]
    methods = {"thuisroute": ours}
    methods |= {name: _run([str(python), str(_RIVAL), name, str(path)]) for name in NAMES}
    for found in methods.values():
        share = 100 * (1 - (bound - found["objective"]) / abs(bound))
        found["percent_of_bound"] = round(share, 3)
    return {"bound": bound, "load": round(os.getloadavg()[0], 1), "methods": methods}


def _run(command: list[str]) -> Json:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: Json = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
