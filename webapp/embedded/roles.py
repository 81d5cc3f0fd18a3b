"""The database and the roles of the embedded PostgreSQL."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg
from psycopg import sql

DATABASE = "thuisroute"
OWNER = "thuisroute_owner"
PROGRAM = "thuisroute"


class Urls(NamedTuple):
    """Where the program's role and the owner connect."""

    program: str
    owner: str


def ensure(sockets: Path, password_of: Callable[[str], str]) -> Urls:
    """Make the roles and the database where they are missing; raises psycopg.Error."""
    with psycopg.connect(
        host=str(sockets),
        user="postgres",
        dbname="postgres",
        password=password_of("superuser"),
        autocommit=True,
    ) as connection:
        for role, kept_as in ((OWNER, "owner"), (PROGRAM, "program")):
            _ensure_role(connection, role, password_of(kept_as))
        _ensure_database(connection)
    return Urls(
        program=_url(PROGRAM, password_of("program"), sockets),
        owner=_url(OWNER, password_of("owner"), sockets),
    )


def _ensure_role(
    connection: "psycopg.Connection[tuple[object, ...]]", role: str, word: str
) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if found is None:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), word)
        )


def _ensure_database(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if found.fetchone() is not None:
        return
    names = {"database": sql.Identifier(DATABASE), "owner": sql.Identifier(OWNER)}
    for statement in (
        "CREATE DATABASE {database} OWNER {owner}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {program}",
    ):
        text = sql.SQL(statement)
        connection.execute(text.format(**names, program=sql.Identifier(PROGRAM)))


def _url(role: str, password: str, sockets: Path) -> str:
    return f"postgresql://{role}:{password}@/{DATABASE}?host={quote(str(sockets), safe='')}"
