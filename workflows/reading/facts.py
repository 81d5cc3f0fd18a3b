"""Facts about this installation, such as the fixed day of a demo."""

from sqlalchemy import Connection, select

from models import ProgramFact


def program_facts(connection: Connection) -> dict[str, str]:
    """Return all facts by name."""
    return {
        row[0]: row[1] for row in connection.execute(select(ProgramFact.name, ProgramFact.value))
    }
