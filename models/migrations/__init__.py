"""Migrations: run by the owner of the database, checked by the program."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

MIGRATION_LOCK = 7_401_001
LOCK_TIMEOUT = "30s"


def configuration(owner_url: str = "", program_role: str = "thuisroute") -> Config:
    """Return the Alembic configuration for a database owner's URL and the program's role."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["owner_url"] = owner_url
    config.attributes["program_role"] = program_role
    return config


def upgrade(owner_url: str, program_role: str, revision: str = "head") -> None:
    """Bring the database to a revision as its owner, and give the program's role its rights.

    Waits at most thirty seconds for a lock; raises `sqlalchemy.exc.OperationalError` after it.
    """
    command.upgrade(configuration(owner_url, program_role), revision)


def downgrade(owner_url: str, program_role: str, revision: str) -> None:
    """Take the database back to an earlier revision (used by tests and by a roll-back)."""
    command.downgrade(configuration(owner_url, program_role), revision)


def head() -> str:
    """Return the newest revision that this program knows."""
    found = ScriptDirectory.from_config(configuration()).get_current_head()
    if found is None:
        message = "The program has no migrations; its installation is damaged."
        raise LookupError(message)
    return found


def current(url: str) -> str | None:
    """Return the revision that a database stands at; None when it was never initialised."""
    engine = create_engine(url, poolclass=pool.NullPool)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
