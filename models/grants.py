"""What the program's own database role may do: it owns nothing and rewrites no history."""

from sqlalchemy import Connection, text

from models.base import Base

APPEND_ONLY = frozenset(
    {
        "alert",
        "case_event",
        "event_detail",
        "publication",
        "publication_file",
        "quota_entry",
        "quota_transfer",
        "quota_transfer_answer",
        "ladder_proposal",
        "ladder_decision",
        "excusability",
        "standing_import",
        "audit_entry",
        "read_entry",
        "score_weights",
        "score_model",
        "score_model_choice",
    }
)
DELETABLE = frozenset(
    {
        "realisation",
        "submission",
        "sign_in_session",
        "saved_view",
        "quota_rollup",
        "stored_file",
        "history_upload",
        "matching_run",
    }
)
READ_ONLY = frozenset({"alembic_version"})


def grant_rights(connection: Connection, role: str) -> None:
    """Give `role` select and insert everywhere, update where history is not kept.

    It may make temporary tables as well, in which an import stands until it is checked.
    Raises `sqlalchemy.exc.ProgrammingError` when the role does not exist.
    """
    quoted_role = connection.dialect.identifier_preparer.quote(role)
    existing = set(
        connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        )
    )
    name = connection.scalar(text("SELECT quote_ident(current_database())"))
    connection.execute(text(f"GRANT TEMPORARY ON DATABASE {name} TO {quoted_role}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quoted_role}"))
    for table in sorted(existing & (set(Base.metadata.tables) | READ_ONLY)):
        connection.execute(text(f'REVOKE ALL ON "{table}" FROM {quoted_role}'))
        connection.execute(text(f'GRANT {_rights(table)} ON "{table}" TO {quoted_role}'))
    connection.execute(
        text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted_role}")
    )


def _rights(table: str) -> str:
    if table in READ_ONLY:
        return "SELECT"
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    if table in DELETABLE:
        return "SELECT, INSERT, UPDATE, DELETE"
    return "SELECT, INSERT, UPDATE"
