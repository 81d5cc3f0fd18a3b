"""Whether the database has the tables that this version of the program expects."""


class SchemaMismatchError(Exception):
    """The database stands at another migration than the program; the message says what to do."""


def require_head(database_url: str) -> None:
    """Refuse to go on with a database of another version; raises SchemaMismatchError.

    A program that ran on would fail later and at a worse place.
    """
    # Alembic is slow to import, and only the start of a process needs it.
    from models import migrations  # noqa: PLC0415

    there, expected = migrations.current(database_url), migrations.head()
    if there is None:
        raise SchemaMismatchError("The database is empty. Initialise it with: thuisroute migrate")
    if there != expected:
        raise SchemaMismatchError(
            f"The database stands at migration {there}, this program expects {expected}. "
            "Bring it up to date with: thuisroute migrate"
        )
