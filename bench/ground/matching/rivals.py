"""The methods to beat, run in an environment of their own: `rivals.py NAME INSTANCE`.

Apart from the program, because highspy and ortools cannot be imported in one process; of the
program it borrows the first prices of room, which need numpy only.
"""

import json
import os
import resource
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Any

NAMES = ("greedy", "assignment", "min_cost_flow")
_WANTED = ("numpy==2.4.6", "scipy==1.17.1", "ortools==9.15.6755")
_SCALE = 1_000_000
_ROUNDS = 6
_NEAR = 40
_STEP = 0.05
_ROOT = Path(__file__).resolve().parents[3]


def environment() -> Path:
    """Return the Python of the rivals' environment, made at the first use."""
    folder = _ROOT / "data" / "bench" / "rivals"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, *_WANTED], check=True, stdout=sys.stderr)
        (folder / "complete").touch()
    return python


def command(python: Path, name: str, path: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command that solves an instance by a method, and its surroundings."""
    return [str(python), __file__, name, str(path)], {**os.environ, "PYTHONPATH": str(_ROOT)}


def main() -> None:
    """Solve one instance by one method and print what came out."""
    import numpy as np  # noqa: PLC0415 - the benchmark itself imports this file for its names

    name, path = sys.argv[1:]
    with np.load(path) as file:
        given = {key: file[key] for key in ("v", "elig", "use", "cap", "size")}
    started = time.perf_counter()
    method: Any = {"greedy": _greedy, "assignment": _assignment, "min_cost_flow": _flow}[name]
    assignment = method(np, **given)
    seconds = time.perf_counter() - started
    placed = np.flatnonzero(assignment >= 0)
    used = np.zeros_like(given["cap"])
    np.add.at(used, assignment[placed], given["use"][placed])
    assert (used <= given["cap"]).all()
    assert given["elig"][placed, assignment[placed]].all()
    unplaced = int(given["size"][assignment < 0].sum())
    found = {
        "objective": float(given["v"][placed, assignment[placed]].sum()) - unplaced,
        "seconds": round(seconds, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "unplaced_persons": unplaced,
    }
    print(json.dumps(found))


def _greedy(np: Any, *, v: Any, size: Any, **room: Any) -> Any:
    """Give each household, in order of arrival, the best municipality that has room."""
    return _by_wish(np, v, np.arange(len(size)), room)


def _by_wish(np: Any, wish: Any, order: Any, room: Any, start: Any = None) -> Any:
    """Give who has no place yet, in order, the most wished municipality that has room."""
    elig, use, left = room["elig"], room["use"], room["cap"].copy()
    assignment = np.full(len(wish), -1) if start is None else start.copy()
    placed = np.flatnonzero(assignment >= 0)
    np.subtract.at(left, assignment[placed], use[placed])
    for i in order:
        fits = elig[i] & (use[i] <= left).all(axis=1) & np.isfinite(wish[i])
        if assignment[i] < 0 and fits.any():
            j = int(np.where(fits, wish[i], -np.inf).argmax())
            assignment[i] = j
            left[j] -= use[i]
    return assignment


def _assignment(np: Any, *, v: Any, elig: Any, use: Any, cap: Any, size: Any) -> Any:
    """Assign households to slots of their kind of dwelling, then repair what exceeds the quota."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - as above

    wish = np.full(v.shape, -1e6)
    single = size == 1
    mean = max(1.0, float(size[~single].mean())) if (~single).any() else 1.0
    for kind, row, persons in ((single, 1, 1.0), (~single, 2, mean)):
        who = np.flatnonzero(kind)
        share = size[kind].sum() / size.sum()
        slots = np.minimum(cap[:, row], np.ceil(cap[:, 0] * share / persons)).astype(int)
        place = np.repeat(np.arange(len(cap)), slots)
        cost = np.where(elig[who], -v[who], 1e3)[:, place]
        rows, columns = linear_sum_assignment(cost)
        wish[who[rows], place[columns]] = 1e6
    order = np.argsort(-size, kind="stable")
    return _by_wish(np, wish + v, order, {"elig": elig, "use": use, "cap": cap})


def _flow(np: Any, *, v: Any, elig: Any, use: Any, cap: Any, size: Any) -> Any:
    """Send households to homes for one or for more, at prices of the quota and of large homes.

    A flow knows one kind of room per arc, so the others are priced: first by the program's own
    prices, then dearer where the flow sends too many. The best plan of some rounds is kept.
    """
    from workflows.matching.ascent import ascend  # noqa: PLC0415 - needs the root on the path
    from workflows.matching.problem import Problem  # noqa: PLC0415 - as above

    room = {"elig": elig, "use": use, "cap": cap}
    prices = ascend(Problem.of(v, elig, use, cap, size), np.ones(len(v)))
    order = np.argsort(-size, kind="stable")
    best, reached = np.full(len(v), -1), -np.inf
    for _ in range(_ROUNDS):
        net = np.where(elig & (use[:, None] <= cap).all(axis=-1), v - use @ prices.T, -np.inf)
        wish = np.where(np.isfinite(net), net + use[:, 1:3] @ prices[:, 1:3].T, -np.inf)
        sent = _sent(np, wish, size, cap)
        only = np.full(v.shape, -np.inf)
        who = np.flatnonzero(sent >= 0)
        only[who, sent[who]] = 0.0
        found = _by_wish(np, net, order, room, _by_wish(np, only, order, room))
        at = np.flatnonzero(found >= 0)
        objective = v[at, found[at]].sum() - size[found < 0].sum()
        if objective > reached:
            best, reached = found, objective
        asked = np.zeros(cap.shape)
        np.add.at(asked, sent[who], use[who])
        excess = np.clip((asked - cap) / np.maximum(cap, use.max(axis=0)), -1, 1)
        excess[:, 1:3] = 0.0
        prices = np.maximum(0, prices + _STEP * excess)
    return best


def _sent(np: Any, wish: Any, size: Any, cap: Any) -> Any:
    """Return where a flow of least cost sends each household, -1 where it stays."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - not in each environment

    households, places = wish.shape
    near = min(_NEAR, places)
    place = np.argpartition(-wish, near - 1, axis=1)[:, :near].ravel()
    who = np.repeat(np.arange(households), near)
    kept = np.isfinite(wish[who, place])
    who, place = who[kept], place[kept]
    kind = np.where(size > 1, 1, 0)[who]
    flow = min_cost_flow.SimpleMinCostFlow()
    source, sink = 0, 1 + households + 2 * places
    everybody, homes = 1 + np.arange(households), 1 + households + np.arange(2 * places)
    add = flow.add_arcs_with_capacity_and_unit_cost
    one, free = np.ones(households, int), np.zeros(households, int)
    add(np.full(households, source), everybody, one, free)
    cost = np.round(-wish[who, place] * _SCALE).astype(int)
    arcs = add(1 + who, homes[2 * place + kind], np.ones(len(who), int), cost)
    add(everybody, np.full(households, sink), one, size * _SCALE)
    add(homes, np.full(2 * places, sink), cap[:, 1:3].ravel(), np.zeros(2 * places, int))
    flow.set_nodes_supplies(np.array([source, sink]), np.array([households, -households]))
    assert flow.solve() == flow.OPTIMAL
    used = flow.flows(arcs) > 0
    sent = np.full(households, -1)
    sent[who[used]] = place[used]
    return sent


if __name__ == "__main__":
    main()
