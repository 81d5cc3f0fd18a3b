"""What ledger lines add to rollups and balances: pure sums."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from models.vocabulary import QuotaKind, RollupGrain
from workflows.quota.period import HalfYear

Row = dict[str, Any]
OBLIGING = frozenset(
    {QuotaKind.OPENING, QuotaKind.QUOTA, QuotaKind.TRANSFER_IN, QuotaKind.TRANSFER_OUT}
)
_RESERVATIONS = frozenset({QuotaKind.RESERVED, QuotaKind.RELEASED})


def rollup_rows(lines: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return the sums of lines per municipality, half-year, kind and grain, in key order.

    Reservations are in no standing: the balance holds their sum.
    """
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        if line["kind"] in _RESERVATIONS:
            continue
        booked_on = line["booked_on"]
        starts = {
            RollupGrain.HALF_YEAR: HalfYear.parse(line["half_year"]).starts_on,
            RollupGrain.MONTH: booked_on.replace(day=1),
            RollupGrain.DAY: booked_on,
        }
        for grain, starts_on in starts.items():
            total = sums[
                line["municipality_code"], line["half_year"], line["kind"], grain, starts_on
            ]
            total[0] += line["persons"]
            total[1] += 1
    return [
        {
            "municipality_code": key[0],
            "half_year": key[1],
            "kind": key[2],
            "grain": key[3],
            "starts_on": key[4],
            "persons": total[0],
            "lines": total[1],
        }
        for key, total in sorted(sums.items())
    ]


def balance_changes(lines: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return what lines add to the balance of each municipality, in code order."""
    sums: dict[str, Row] = {}
    for line in lines:
        code = line["municipality_code"]
        change = sums.setdefault(
            code, {"municipality_code": code, "obliged": 0, "realised": 0, "reserved": 0}
        )
        if line["kind"] in OBLIGING:
            change["obliged"] += line["persons"]
        elif line["kind"] == QuotaKind.REALISED:
            change["realised"] += line["persons"]
        else:
            change["reserved"] += line["persons"]
    return [sums[code] for code in sorted(sums)]
