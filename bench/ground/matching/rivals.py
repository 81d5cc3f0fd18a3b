"""The methods to beat, run in an environment of their own: `rivals.py NAME INSTANCE`.

Stands alone, because highspy and ortools cannot be imported in one process.
"""

import json
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
_ROUNDS = 60


def environment() -> Path:
    """Return the Python of the rivals' environment, made at the first use."""
    folder = Path(__file__).resolve().parents[3] / "data" / "bench" / "rivals"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, *_WANTED], check=True, stdout=sys.stderr)
        (folder / "complete").touch()
    return python


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


def _greedy(np: Any, *, v: Any, elig: Any, use: Any, cap: Any, **_: Any) -> Any:
    """Give each household, in order of arrival, the best municipality that has room."""
    return _by_wish(np, v, range(len(v)), elig=elig, use=use, cap=cap)


def _by_wish(np: Any, wish: Any, order: Any, *, elig: Any, use: Any, cap: Any) -> Any:
    left, assignment = cap.copy(), np.full(len(wish), -1)
    for i in order:
        fits = elig[i] & (use[i] <= left).all(axis=1)
        if fits.any():
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
    return _by_wish(np, wish + v, np.argsort(-size, kind="stable"), elig=elig, use=use, cap=cap)


def _flow(np: Any, *, v: Any, elig: Any, use: Any, cap: Any, size: Any) -> Any:
    """Send households to municipalities at quota prices that are raised where too many go."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - as above

    prices = np.zeros(cap.shape)
    households, places = v.shape
    for step in range(_ROUNDS):
        net = np.where(elig, v - use @ prices.T, -np.inf)
        goes = net.argmax(axis=1)
        asked = np.zeros(cap.shape)
        np.add.at(asked, goes, use)
        excess = np.clip((asked - cap) / np.maximum(cap, use.max(axis=0)), -1, 1)
        prices = np.maximum(0, prices + 0.1 * 0.95**step * excess)
    net = np.where(elig, v - use @ prices.T, -np.inf)
    near = min(40, places)
    place = np.argpartition(-net, near - 1, axis=1)[:, :near]
    who = np.repeat(np.arange(households), near)
    kept = np.isfinite(net[who, place.ravel()])
    who, at = who[kept], place.ravel()[kept]
    kind = np.where(size > 1, 1, 0)[who]
    flow = min_cost_flow.SimpleMinCostFlow()
    source, sink = 0, 1 + households + 2 * places
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(households, source), 1 + np.arange(households), np.ones(households, int),
        np.zeros(households, int),
    )  # fmt: skip
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        1 + who, 1 + households + 2 * at + kind, np.ones(len(who), int),
        np.round(-net[who, at] * _SCALE).astype(int),
    )  # fmt: skip
    flow.add_arcs_with_capacity_and_unit_cost(
        1 + np.arange(households), np.full(households, sink), np.ones(households, int),
        size * _SCALE,
    )  # fmt: skip
    nodes = 1 + households + np.arange(2 * places)
    flow.add_arcs_with_capacity_and_unit_cost(
        nodes, np.full(2 * places, sink), cap[:, 1:3].ravel(), np.zeros(2 * places, int)
    )
    flow.set_nodes_supplies(np.array([source, sink]), np.array([households, -households]))
    assert flow.solve() == flow.OPTIMAL
    used = flow.flows(arcs) > 0
    wish = net.copy()
    wish[who[used], at[used]] += 10.0
    return _by_wish(np, wish, np.argsort(-size, kind="stable"), elig=elig, use=use, cap=cap)


if __name__ == "__main__":
    main()
