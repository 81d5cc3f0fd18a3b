"""Alembic's entry: one connection as the owner, under a session lock."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from models import Base
from models.grants import grant_rights
from models.migrations import LOCK_TIMEOUT, MIGRATION_LOCK


def run() -> None:
    """Run the migrations in one transaction and renew the program's rights after them."""
    attributes = context.config.attributes
    engine = create_engine(attributes["owner_url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
        connection.commit()
        context.configure(
            connection=connection, target_metadata=Base.metadata, transaction_per_migration=False
        )
        with context.begin_transaction():
            context.run_migrations()
            grant_rights(connection, attributes["program_role"])
        connection.commit()
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})
        connection.commit()
    engine.dispose()


run()
