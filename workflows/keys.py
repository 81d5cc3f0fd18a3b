"""Primary keys from the database's sequences, handed out before the rows are written."""

from collections import defaultdict

from sqlalchemy import Connection, text

from models import Base
from workflows.statement import Statement

_NEXT_KEYS = Statement(
    text("SELECT nextval(CAST(:sequence AS regclass)) FROM generate_series(1, :count)")
)


class Keys:
    """Hands out primary keys from the database's sequences, a batch's worth at a time."""

    def __init__(self, connection: Connection, batch: int, held: dict[str, list[int]]) -> None:
        self._connection = connection
        self._batch = batch
        self._held = defaultdict(list, held)

    def __call__(self, model: type[Base]) -> int:
        """Return a new key for a table."""
        held = self._held[model.__tablename__]
        if not held:
            held.extend(self.take(model, self._batch))
        return held.pop()

    def take(self, model: type[Base], count: int) -> list[int]:
        """Return `count` new keys for a table, the highest first."""
        sequence = f"{model.__tablename__}_id_seq"
        rows = _NEXT_KEYS.run(self._connection, {"sequence": sequence, "count": count})
        return sorted((row[0] for row in rows), reverse=True)
