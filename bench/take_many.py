"""Steps per second of `take_many`, and its share of what the same rows cost at the least.

Ten cohorts of households travel the whole way, each a step behind the next, so that every batch
mixes all ten steps from `register` to `sign_off`. The floor writes the same rows with COPY into a
twin of the database. Both are wall time of one client and the server, commit included.
"""

from statistics import median

from bench.ground.journey import JOURNEY, Household, households, note
from bench.ground.measure import Json, Spent, options, publish, ratios, spend, target
from bench.ground.replay import Change, Twin, twin
from bench.ground.world import World, installed
from workflows.engine import take_many

COHORT = 400


class Travellers:
    """Ten cohorts; one that has come to the end makes place for a new one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cohorts: list[list[Household]] = []

    def batch(self) -> list[Household]:
        """Return who travel next, in no order that follows the steps."""
        self._cohorts = [each for each in self._cohorts if each[0].done < len(JOURNEY)]
        self._cohorts.append(households(self._world, COHORT))
        return [each for together in zip(*self._cohorts, strict=True) for each in together]


def main() -> None:
    """Measure and publish."""
    asked = options("Steps per second of take_many.", rounds=7)
    with installed("take_many") as world, twin(world) as other:
        travellers = Travellers(world)
        ours, floor = [], []
        for turn in range(len(JOURNEY) + asked.rounds):
            mark = other.mark()
            done = _travel(world, travellers.batch())
            changes = other.changes(mark)
            again = spend(lambda changes=changes, n=done.units: _write(other, changes, n))  # type: ignore[misc] # mypy infers no default
            other.clear()
            # Until every cohort is underway the batches are not mixed yet.
            if turn >= len(JOURNEY):
                ours.append(done)
                floor.append(again)
        assert other.difference() == [], other.difference()
    share = [1 / ratio for ratio in ratios(ours, floor, "wall")]
    speed = median(each.units / each.wall for each in ours)
    content: Json = {
        "unit": "steps per second",
        "n": ours[0].units,
        "rounds": asked.rounds,
        "value": round(speed),
        "baseline": {
            "name": "floor: the same rows with COPY",
            "value": round(median(each.units / each.wall for each in floor)),
        },
        "ratio": round(median(share), 3),
        "client_cpu_share": round(median(each.cpu / each.wall for each in ours), 3),
        "targets": [
            target("steps per second", speed, least=3000),
            target("share of the floor", median(share), least=0.4),
        ],
    }
    publish("take_many", asked, content)


def _travel(world: World, batch: list[Household]) -> Spent:
    """Let a batch take its next steps; only `take_many` and its commit are timed."""
    requests = [household.next_request() for household in batch]
    done = []

    def take() -> int:
        with world.engine.begin() as connection:
            done.append(take_many(connection, requests, world.moment))
        return len(requests)

    spent = spend(take)
    with world.engine.connect() as connection:
        note(connection, batch, done[0])
    return spent


def _write(other: Twin, changes: list[Change], units: int) -> int:
    other.write(changes)
    return units


if __name__ == "__main__":
    main()
