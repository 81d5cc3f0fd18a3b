"""The due list over all open cases: its counts and its first page, for who sees all of them.

Households are registered by the engine on as many days; their rows are then copied inside the
database under new keys, so that they pass `verify`.
"""

from datetime import timedelta
from time import perf_counter

from sqlalchemy import Connection, Engine, text

from bench.ground.measure import Json, options, percentile, publish, target
from bench.ground.world import World, installed
from models import Base, make_engine
from models.vocabulary import Role
from workflows.actor import Actor, HeldGrant
from workflows.engine import take_many
from workflows.quota.verify import verify
from workflows.reading.due import DueFilters, Window, due_counts
from workflows.reading.due_page import due_page
from workflows.request import Request, Result
from workflows.rules.identifiers import synthetic_v_number
from workflows.steps import BY_CODE

SEEDS = 2_000
SIZES = (100_000, 1_000_000)
# How many of the seeds nobody has in hand.
IDLE = 20
# Tables of a household, those that others refer to first, and their columns that hold keys.
TABLES: dict[str, tuple[str, ...]] = {
    "person": ("id",),
    "case_file": ("id",),
    "case_event": ("id", "case_id"),
    "event_detail": ("event_id",),
    "household_membership": ("id", "case_id", "person_id"),
    "stay": ("id", "case_id"),
    "audit_entry": ("id", "case_id", "event_id"),
}
# Keys of a copy lie so far from those of the one before.
APART = 10_000_000
WARM = 5


def main() -> None:
    """Measure and publish."""
    asked = options("The due list over all open cases.", rounds=20)
    with installed("due_list") as world:
        _register(world)
        owner = make_engine(world.urls.database_owner_url or "")
        sizes = [_measure(world, owner, size, asked.rounds) for size in SIZES]
        owner.dispose()
    small, large = sizes
    content: Json = {
        "unit": "p95 of the counts and the first page over 100,000 open cases, ms",
        "n": asked.rounds,
        "rounds": asked.rounds,
        "value": small["p95_ms"],
        "baseline": {"name": "count(*) of the open cases, p95", "value": small["bare_p95_ms"]},
        "ratio": round(small["p95_ms"] / small["bare_p95_ms"], 2),
        "targets": [
            target("p95 over 100,000 open cases, ms", small["p95_ms"], most=300),
            target("differences that verify finds", small["differences"] + 1, most=1),
            target("the page at 1,000,000 reads an index", float(large["index"]), least=1),
        ],
        "sizes": sizes,
    }
    publish("due_list", asked, content)


def _register(world: World) -> None:
    centre = world.centres[0]
    step = BY_CODE["register"]
    requests = [
        Request(
            step,
            centre.case_manager,
            {
                "centre": centre.reference,
                "permit_on": world.moment.today - timedelta(days=number % 90),
                "members_to_add": [_member(number)],
            },
        )
        for number in range(SEEDS)
    ]
    with world.engine.begin() as connection:
        made = take_many(connection, requests, world.moment, all_or_nothing=True)
        idle = [each.case for each in made if isinstance(each, Result)][: SEEDS // IDLE]
        assign, actor = BY_CODE["assign"], centre.case_manager
        returned = [Request(assign, actor, {"colleague": None}, case) for case in idle]
        take_many(connection, returned, world.moment, all_or_nothing=True)


def _member(number: int) -> Json:
    return {
        "v_number": synthetic_v_number(number + 1),
        "given_names": "Noor",
        "family_name": "Voorbeeld",
        "birth_date": "1990-01-01",
        "sex": "female",
        "nationality": "SYR",
        "languages": [],
        "role": "head",
    }


def _measure(world: World, owner: Engine, size: int, rounds: int) -> Json:
    with owner.begin() as connection:
        _copy_until(connection, size)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # As autovacuum does by itself after so many new rows.
        connection.execute(text("VACUUM ANALYZE case_file"))
        connection.execute(text("ANALYZE"))
    actor = _who_sees_all(world)
    today = world.moment.today
    listed: list[float] = []
    bare: list[float] = []
    with world.engine.connect() as connection:
        for _ in range(rounds + WARM):
            started = perf_counter()
            connection.scalar(text("SELECT count(*) FROM case_file WHERE finished_on IS NULL"))
            bare.append(perf_counter() - started)
            started = perf_counter()
            due_counts(connection, actor, DueFilters(), today)
            due_page(connection, actor, Window.WEEK, DueFilters(), today)
            listed.append(perf_counter() - started)
        index = _reads_index(connection)
    differences = 0
    if size == SIZES[0]:
        with world.engine.connect() as connection:
            # The world of the benchmarks gives municipalities room without lines.
            found = verify(connection, world.moment.seal)
            differences = sum(each.kind != "balance" for each in found)
    return {
        "open_cases": size,
        "p50_ms": round(percentile(listed[WARM:], 0.5) * 1e3, 1),
        "p95_ms": round(percentile(listed[WARM:], 0.95) * 1e3, 1),
        "bare_p95_ms": round(percentile(bare[WARM:], 0.95) * 1e3, 1),
        "differences": differences,
        "index": index,
    }


def _who_sees_all(world: World) -> Actor:
    with world.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT id, name FROM organisation WHERE kind = 'coa_region'")
        ).all()
    officer = world.centres[0].placement_officer
    grants = tuple(HeldGrant(Role.PLACEMENT_OFFICER, row[0], row[1]) for row in rows)
    return Actor(officer.user_id, officer.name, grants)


def _reads_index(connection: Connection) -> bool:
    """Tell whether the first rows by their day come from an index."""
    plan = connection.scalars(
        text(
            "EXPLAIN SELECT id FROM case_file WHERE finished_on IS NULL AND due_term IS NOT NULL"
            " AND state IN ('registered', 'screened', 'linked', 'preparing', 'offered', 'refused',"
            " 'moving', 'housed') AND due_on > '2017-01-10' ORDER BY due_on, id LIMIT 26"
        )
    )
    return any("Index" in line and "ix_case_file_due" in line for line in plan)


def _copy_until(connection: Connection, size: int) -> None:
    """Copy the seeds under new keys until there are so many open cases."""
    found = text("SELECT count(*) FROM case_file WHERE finished_on IS NULL")
    have = connection.execute(found).scalar_one()
    for copy in range(have // SEEDS, size // SEEDS):
        for table, keys in TABLES.items():
            connection.execute(text(_copied(table, keys)), {"shift": copy * APART})


def _copied(table: str, keys: tuple[str, ...]) -> str:
    """Return the statement that copies the seeds of a table; references are made anew."""
    made = {key: f"{key} + :shift" for key in keys}
    made["reference"] = "substr(translate(md5(random()::text), '0189', 'ghij'), 1, 16)"
    made["v_number"] = "NULL"
    columns = [
        column.name for column in Base.metadata.tables[table].columns if column.computed is None
    ]
    values = ", ".join(made.get(name, name) for name in columns)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"  # noqa: S608 - names of this file
        f" WHERE {keys[0]} < {APART}"
    )


if __name__ == "__main__":
    main()
