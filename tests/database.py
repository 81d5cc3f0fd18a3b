"""Databases for tests: migrated once, then copied file by file from a template."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, Engine, make_url

from config.settings import Settings
from models import make_engine, migrations
from webapp.embedded import EngineUrls

PROGRAM_ROLE = "thuisroute"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Database:
    """A database of its own: the URLs of the program's role and of the owner."""

    name: str
    url: str = field(repr=False)
    owner_url: str = field(repr=False)

    @contextmanager
    def engine(self, *, owner: bool = False, pool_size: int = 5) -> Iterator[Engine]:
        """Yield an engine as the program's role, or as the owner; closed at the end."""
        made = make_engine(self.owner_url if owner else self.url, pool_size=pool_size)
        try:
            yield made
        finally:
            made.dispose()


@dataclass(frozen=True, slots=True)
class Server:
    """The session's PostgreSQL, as its superuser."""

    superuser_url: str = field(repr=False)
    program: URL
    owner: URL

    def make(self, template: str | None = None) -> Database:
        """Make a database, empty or as a copy of another, owned by the owner's role."""
        name = f"test_{next(_numbers)}"
        self._run(
            "CREATE DATABASE {name} OWNER {owner} TEMPLATE {template} STRATEGY file_copy",
            name=name,
            owner=self.owner.username or "",
            template=template or "template0",
        )
        return Database(
            name,
            self.program.set(database=name).render_as_string(hide_password=False),
            self.owner.set(database=name).render_as_string(hide_password=False),
        )

    def drop(self, database: Database) -> None:
        """Remove a database with whatever is connected to it."""
        self._run("DROP DATABASE {name} WITH (FORCE)", name=database.name)

    def leave_nothing_to_the_public(self, database: Database) -> None:
        """Let only the program connect, as the embedded server and the manual do."""
        self._run("REVOKE ALL ON DATABASE {name} FROM PUBLIC", name=database.name)
        self._run(
            "GRANT CONNECT ON DATABASE {name} TO {program}",
            name=database.name,
            program=PROGRAM_ROLE,
        )

    @contextmanager
    def temporary(self, template: str | None = None) -> Iterator[Database]:
        """Yield a database that is removed at the end."""
        made = self.make(template)
        try:
            yield made
        finally:
            self.drop(made)

    def _run(self, statement: str, **names: str) -> None:
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            identifiers = {key: sql.Identifier(name) for key, name in names.items()}
            connection.execute(sql.SQL(statement).format(**identifiers))


@pytest.fixture(scope="session")
def server(engine_settings: Settings, engine_urls: EngineUrls) -> Server:
    """Return the session's PostgreSQL."""
    secret = (engine_settings.data / "secrets" / "postgres-superuser").read_text().strip()
    _, _, sockets = engine_urls.database_url.partition("?host=")
    return Server(
        f"postgresql://postgres:{quote(secret, safe='')}@/postgres?host={sockets}",
        make_url(engine_urls.database_url),
        make_url(engine_urls.database_owner_url or ""),
    )


@pytest.fixture(scope="session")
def migrated(server: Server) -> Database:
    """Return a database with all tables and no rows: a template, so never connect to it."""
    made = server.make()
    migrations.upgrade(made.owner_url, PROGRAM_ROLE)
    return made


@pytest.fixture
def database(server: Server, migrated: Database) -> Iterator[Database]:
    """Yield a database of this test alone, with all tables and no rows."""
    with server.temporary(migrated.name) as made:
        yield made


@pytest.fixture(scope="module")
def module_database(server: Server, migrated: Database) -> Iterator[Database]:
    """Yield a database of this module alone, with all tables and no rows."""
    with server.temporary(migrated.name) as made:
        yield made


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """Yield an engine on this test's database as the program's role."""
    with database.engine() as made:
        yield made


@pytest.fixture
def owner_engine(database: Database) -> Iterator[Engine]:
    """Yield an engine on this test's database as its owner."""
    with database.engine(owner=True) as made:
        yield made
