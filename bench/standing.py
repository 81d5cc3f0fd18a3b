"""Standing, restatement and drill-down at two sizes, beside a GROUP BY over the ledger.

The small ledger has the persons of the demo in two half-years, the large one 1,000,000 realised
persons in twenty. Dates are drawn anew for each unit of work; times are wall time of one client
on a quiet connection. What a realisation costs in its step is measured as pairs of sign-offs, with
and without the sums that move along.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from statistics import median

from sqlalchemy import Connection, text

from bench.ground.ledger import Size, load, until
from bench.ground.measure import (
    Json,
    Spent,
    in_turns,
    options,
    percentile,
    publish,
    ratios,
    spend,
    target,
)
from bench.ground.realisation import extra
from bench.ground.world import World, installed
from workflows.quota.booked import booked, sums
from workflows.quota.figures import Figure
from workflows.quota.period import HalfYear
from workflows.quota.restate import changed_lines, restate
from workflows.quota.table import Level, read_standing
from workflows.reading.behind import Behind

LAST = HalfYear(2016, 2)
SIZES = {
    "demo": Size(26_181, until(LAST, 2)),
    "million": Size(1_000_000, until(LAST, 20)),
}
PAIRS = 20
PAGE = 100
STEP_ROUNDS = 4
FORTNIGHT = timedelta(days=14)
# The same five sums for every municipality, from the lines themselves.
_GROUPED = text(
    """
    SELECT municipality_code,
           sum(CASE WHEN kind = 'realised' THEN -persons ELSE persons END)
               FILTER (WHERE kind = 'opening' OR half_year < :previous),
           sum(persons) FILTER (
               WHERE half_year = :previous AND kind NOT IN ('opening', 'realised')),
           sum(persons) FILTER (WHERE half_year = :previous AND kind = 'realised'),
           sum(persons) FILTER (
               WHERE half_year = :half_year AND kind NOT IN ('opening', 'realised')),
           sum(persons) FILTER (WHERE half_year = :half_year AND kind = 'realised')
      FROM quota_entry
     WHERE booked_on < :valid AND recorded_at <= :known AND half_year <= :half_year
       AND kind NOT IN ('reserved', 'released')
     GROUP BY 1 ORDER BY 1
    """
)


class Asker:
    """Asks one installation for any two dates, the same ones in each round of a kind."""

    def __init__(self, world: World, connection: Connection, size: Size) -> None:
        self._world, self._connection, self._size = world, connection, size
        self.times: dict[str, list[float]] = {}

    def dates(self, seed: int) -> Iterator[tuple[date, datetime]]:
        """Yield pairs of dates: known a while before, or up to two years after, the valid one."""
        draw = Random(seed)  # noqa: S311 - the same dates for each side
        for _ in range(PAIRS):
            valid = self._size.first_day + timedelta(days=draw.randrange(40, self._size.days))
            known = valid + timedelta(days=draw.randrange(-30, 700))
            yield valid, datetime(known.year, known.month, known.day, 12).astimezone()

    def tables(self) -> int:
        """Ask for the five sums of each municipality, of which every level is made."""
        return self._each("table", lambda *two: sums(self._connection, *two))

    def levels(self) -> int:
        """Ask for the whole table of every level."""

        def ask(valid: date, known: datetime) -> None:
            found = read_standing(self._connection, valid, known)
            assert found.at(Level.NATION)
            assert found.at(Level.MUNICIPALITY)

        return self._each("levels", ask)

    def grouped(self) -> int:
        """Ask the ledger itself for the same sums."""

        def ask(valid: date, known: datetime) -> None:
            self._connection.execute(_GROUPED, _asked(valid, known)).all()

        return self._each("grouped", ask)

    def restatements(self) -> int:
        """Ask what a fortnight changed, with its lines."""

        def ask(valid: date, known: datetime) -> None:
            restate(self._connection, None, valid, known, known + FORTNIGHT)
            list(changed_lines(self._connection, valid, known, known + FORTNIGHT))

        return self._each("restatement", ask)

    def pages(self, figure: Figure, level: Level) -> int:
        """Open the list behind a figure and read its first page."""
        officer = self._world.centres[0].case_manager

        def ask(valid: date, known: datetime) -> None:
            code = "NL" if level is Level.NATION else self._world.towns[0].code
            asked = Behind(figure=figure, valid=valid, known=known, level=level, code=code)
            opened = asked.open(self._connection, officer, self._world.moment)
            opened.page(after=None, size=PAGE)

        return self._each(f"page of {figure}, {level}", ask)

    def check(self) -> None:
        """Raise AssertionError unless both sides give the same figures."""
        for valid, known in self.dates(7):
            rows = self._connection.execute(_GROUPED, _asked(valid, known))
            theirs = {row[0]: tuple(int(each or 0) for each in row[1:]) for row in rows}
            for row in booked(self._connection, valid, known):
                assert tuple(row.figures) == theirs.get(row.code, (0,) * 5)

    def _each(self, kind: str, ask: Callable[[date, datetime], object]) -> int:
        for valid, known in self.dates(1):
            spent = spend(lambda valid=valid, known=known: (ask(valid, known), 1)[1])  # type: ignore[misc] # mypy infers no default
            self.times.setdefault(kind, []).append(spent.wall)
        return PAIRS


LISTS = [
    (figure, level)
    for figure in (Figure.REALISED, Figure.REMAINING, Figure.BACKLOG)
    for level in (Level.NATION, Level.MUNICIPALITY)
]


def _asked(valid: date, known: datetime) -> dict[str, object]:
    half_year = HalfYear.of_standing(valid)
    return {
        "valid": valid,
        "known": known,
        "half_year": str(half_year),
        "previous": str(half_year.previous),
    }


def main() -> None:
    """Measure and publish."""
    asked = options("Standing, restatement and drill-down; cost of a realisation.", rounds=5)
    found = {name: _measured(name, size, asked.rounds) for name, size in SIZES.items()}
    with installed("standing") as world:
        step = extra(world, STEP_ROUNDS * asked.rounds)
    million = found["million"]["ms"]
    content: Json = {
        "unit": "ms per table of two dates, at 1,000,000 persons",
        "n": PAIRS,
        "rounds": asked.rounds,
        "value": million["table"]["median"],
        "baseline": {"name": "GROUP BY over the ledger", "value": million["grouped"]["median"]},
        "ratio": found["million"]["ratio"],
        "targets": [
            *(each for size in found.values() for each in size.pop("targets")),
            *(
                target(f"a realisation's extra {kind} in the step", step[kind]["extra"], most=0.2)
                for kind in ("wall", "cpu")
            ),
        ],
        "sizes": found,
        "step": step,
    }
    publish("standing", asked, content)


def _measured(name: str, size: Size, rounds: int) -> Json:
    with installed("standing") as world:
        lines = load(world, size)
        with world.engine.connect() as connection:
            asker = Asker(world, connection, size)
            asker.check()
            sides: dict[str, Callable[[], Spent]] = {
                "table": lambda: spend(asker.tables),
                "grouped": lambda: spend(asker.grouped),
                "levels": lambda: spend(asker.levels),
                "restatement": lambda: spend(asker.restatements),
            }
            for figure, level in LISTS:
                sides[f"{figure} {level}"] = lambda figure=figure, level=level: spend(  # type: ignore[misc] # the same
                    lambda: asker.pages(figure, level)
                )
            found = in_turns(sides, rounds)
    ratio = 1 / median(ratios(found["table"], found["grouped"], "wall"))
    times = {kind: _figures(each[PAIRS:]) for kind, each in asker.times.items()}
    worst = max(figures["median"] for kind, figures in times.items() if kind.startswith("page"))
    return {
        "persons": size.persons,
        "lines": lines,
        "ratio": round(ratio, 1),
        "ms": times,
        "targets": [
            target(f"{name}: table of any two dates, ms", times["table"]["median"], most=10),
            target(f"{name}: restatement, ms", times["restatement"]["median"], most=200),
            target(f"{name}: first page of the slowest list, ms", worst, most=50),
            target(f"{name}: times GROUP BY", ratio, least=20),
        ],
    }


def _figures(seconds: list[float]) -> Json:
    return {
        "median": round(median(seconds) * 1e3, 2),
        "p95": round(percentile(seconds, 0.95) * 1e3, 2),
    }


if __name__ == "__main__":
    main()
