"""Years of finished cases behind a demo: its own finished households again under new keys.

Their persons, memberships, stays, lines and realisations come along, each copy some years earlier;
what only the page of one case reads (events, handovers, documents) does not.
"""

from sqlalchemy import Connection, Engine, text

from models import Base, filling

# Keys of a copy lie so far from those of the one before.
APART = 10_000_000
YEARS = 20
_FINISHED = "id < :apart AND finished_on IS NOT NULL"
_OF_CASES = (
    "id < :apart AND case_id IN"
    " (SELECT id FROM case_file WHERE id < :apart AND finished_on IS NOT NULL)"
)
_OF_MEMBERS = (
    "id IN (SELECT m.person_id FROM household_membership m JOIN case_file c ON c.id = m.case_id"
    " WHERE m.id < :apart AND c.finished_on IS NOT NULL)"
)
_OF_LINES = (
    "entry_id IN (SELECT l.id FROM quota_entry l JOIN case_file c ON c.id = l.case_id"
    " WHERE l.id < :apart AND c.finished_on IS NOT NULL)"
)
# Tables in the order of their references: the columns that hold keys, and which rows.
_TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "person": (("id",), _OF_MEMBERS),
    "case_file": (("id",), _FINISHED),
    "household_membership": (("id", "case_id", "person_id"), _OF_CASES),
    "stay": (("id", "case_id"), _OF_CASES),
    "quota_entry": (("id", "case_id", "person_id", "reverses"), _OF_CASES),
    "realisation": (("person_id", "entry_id"), _OF_LINES),
}
_COUNT = text("SELECT count(*) FROM case_file WHERE finished_on IS NOT NULL")
_ANEW = {
    "reference": "substr(translate(md5(random()::text), '0189', 'ghij'), 1, 16)",
    **dict.fromkeys(("v_number", "bsn", "offer_id", "handover_id", "handover_state"), "NULL"),
}


def lay_behind(owner: Engine, cases: int) -> None:
    """Copy finished cases until there are so many more, and gather statistics.

    Raises IntegrityError when a copy does not fit the tables.
    """
    with owner.begin() as connection:
        have = connection.execute(_COUNT).scalar_one()
        filling.lay_aside(connection)
        for table in _TABLES:
            _copy(connection, table, -(-cases // have))
        filling.complete(connection)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # As autovacuum does by itself after so many new rows.
        for table in _TABLES:
            connection.execute(text(f"VACUUM ANALYZE {table}"))


def _copy(connection: Connection, name: str, copies: int) -> None:
    keys, chosen = _TABLES[name]
    table = Base.metadata.tables[name]
    made = {
        column.name: _earlier(column.name, str(column.type), keys)
        for column in table.columns
        if column.computed is None
    }
    connection.execute(
        text(
            f"INSERT INTO {name} ({', '.join(made)}) SELECT {', '.join(made.values())}"  # noqa: S608 - names of the models
            f" FROM {name} CROSS JOIN generate_series(1, :copies) AS copy WHERE {chosen}"
        ),
        {"copies": copies, "apart": APART},
    )


def _earlier(name: str, kind: str, keys: tuple[str, ...]) -> str:
    """Return the expression of a column in a copy: another key, some years earlier, or the same."""
    years = f"(copy % {YEARS} + 1)"
    if name in keys:
        return f"{name} + copy * {APART}"
    if name in _ANEW:
        return _ANEW[name]
    if name.endswith("half_year"):
        return f"(substr({name}, 1, 4)::int - {years}) || substr({name}, 5)"
    if kind == "DATE":
        return f"({name} - make_interval(years => {years}))::date"
    if kind.startswith("TIMESTAMP") or kind == "DATETIME":
        return f"{name} - make_interval(years => {years})"
    return name
