"""Opens a batch: the ledger's lock, the database's clock, the rules that hold and new keys."""

import json
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, text

from workflows.moment import Moment
from workflows.situation import Reference
from workflows.statement import Statement

LEDGER_LOCK = 7_401_002


class StoredNorm:
    """A version of a norm as the administrators keep it."""

    __slots__ = ("amount", "code", "valid_from", "valid_until")

    def __init__(self, code: str, amount: int, valid_from: date, valid_until: date | None) -> None:
        self.code = code
        self.amount = amount
        self.valid_from = valid_from
        self.valid_until = valid_until


_OPENING = Statement(
    text(
        """
    SELECT CASE WHEN :posts THEN pg_advisory_xact_lock_shared(:ledger) END,
           clock_timestamp() + :offset,
           (SELECT json_agg(json_build_array(code, amount, valid_from, valid_until))::text
              FROM norm),
           (SELECT json_agg(json_build_array(housing_kind, valid_from, valid_until, counts))::text
              FROM count_rule),
           ARRAY(SELECT nextval('case_event_id_seq') FROM generate_series(1, :events)),
           ARRAY(SELECT nextval('quota_entry_id_seq') FROM generate_series(1, :lines))
        """
    )
)


def open_batch(
    connection: Connection, moment: Moment, *, events: int = 0, lines: int = 0
) -> tuple[Reference, dict[str, list[int]]]:
    """Take the ledger's shared lock when lines will be posted, then stamp the database's clock.

    Returns the rules that hold, and by table new keys for so many events and lines.
    """
    [row] = _OPENING.run(
        connection,
        {
            "posts": lines > 0,
            "ledger": LEDGER_LOCK,
            "offset": moment.offset,
            "events": events,
            "lines": lines,
        },
    )
    rules = Reference(recorded_at=row[1], norms=_norms(row[2]), counting=_counting(row[3]))
    return rules, {"case_event": row[4][::-1], "quota_entry": row[5][::-1]}


@lru_cache(maxsize=4)
def _norms(stored: str | None) -> tuple[StoredNorm, ...]:
    return tuple(
        StoredNorm(code, amount, date.fromisoformat(start), _optional_date(end))
        for code, amount, start, end in json.loads(stored or "[]")
    )


@lru_cache(maxsize=4)
def _counting(stored: str | None) -> tuple[tuple[str, date, date | None, bool], ...]:
    return tuple(
        (kind, date.fromisoformat(start), _optional_date(end), counts)
        for kind, start, end, counts in json.loads(stored or "[]")
    )


def _optional_date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def read_rules(connection: Connection, moment: Moment) -> Reference:
    """Return the rules that hold, and the instant."""
    return open_batch(connection, moment)[0]
