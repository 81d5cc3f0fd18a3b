"""The floor of one step: the same locks and the same rows as `take()`, in plain psycopg.

One prepared statement per table and no rules, policy or validation: what any program that keeps
these tables must spend at least.
"""

import json
from datetime import date, datetime
from hashlib import blake2b
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg

from workflows.opening import LEDGER_LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

_HALF_YEAR = "2017-I"
_REASON = "De zus van de aanvrager woont in deze gemeente."

_SUBMISSION = """
    INSERT INTO submission (actor_id, key, payload_hash) VALUES (%s, %s, %s)
    ON CONFLICT (actor_id, key) DO NOTHING RETURNING id"""
_CLOCK = "SELECT pg_advisory_xact_lock_shared(%s), clock_timestamp()"
_PLAIN_CLOCK = "SELECT clock_timestamp()"
_CASE = """
    SELECT id, version, state, region_id, centre_id, permit_on, municipality_code, reserved
      FROM case_file WHERE reference = %s FOR NO KEY UPDATE"""
_MEMBERS = """
    SELECT p.id, p.reference, m.id, m.role, p.birth_date
      FROM household_membership m JOIN person p ON p.id = m.person_id
     WHERE m.case_id = %s AND m.left_on IS NULL ORDER BY m.id"""
_BALANCE = """
    SELECT m.organisation_id, b.obliged, b.realised, b.reserved
      FROM municipality m JOIN quota_balance b ON b.municipality_code = m.code
     WHERE m.code = %s FOR NO KEY UPDATE OF b"""
_UPDATE = """
    UPDATE case_file
       SET state = %s, state_since = %s, version = %s, waiting_party = %s, due_on = %s,
           municipality_code = %s, linked_on = %s, linked_by = %s, reserved = %s,
           reserved_half_year = %s, scenario = %s, municipal_contact_id = %s
     WHERE id = %s"""
_LEAVE = """
    UPDATE stay
       SET left_at = %s,
           dwelt_tenths = floor(extract(epoch FROM %s - entered_at) / 8640 + 0.5)::integer
     WHERE case_id = %s AND left_at IS NULL"""
_STAY = """
    INSERT INTO stay (case_id, state, organisation_id, waiting_party, entered_at)
    VALUES (%s, %s, %s, %s, %s)"""
_EVENT = """
    INSERT INTO case_event (case_id, version, step, actor_id, organisation_id, recorded_at,
           from_state, to_state, facts, postings, detail_hash, submission_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s) RETURNING id"""
_DETAIL = "INSERT INTO event_detail (event_id, payload) VALUES (%s, %s::jsonb)"
_LINE = """
    INSERT INTO quota_entry (municipality_code, half_year, kind, persons, booked_on, recorded_at,
           case_id, event_id, recorded_by)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_COUNT = "UPDATE quota_balance SET reserved = reserved + %s WHERE municipality_code = %s"
_OUTBOX = """
    INSERT INTO outbox (case_id, event_id, organisation_id, topic, recorded_at)
    VALUES (%s, %s, %s, %s, %s)"""
_AUDIT = """
    INSERT INTO audit_entry (recorded_at, actor_id, action, case_id, event_id, fields)
    VALUES (%s, %s, %s, %s, %s, %s)"""

Values = dict[str, Any]


class Floor:
    """Takes link, take_up and release_link on cases, one transaction per step."""

    def __init__(self, url: str, today: date, seal: bytes) -> None:
        # As the program's own sessions, and every statement prepared at its first use.
        self.connection = psycopg.connect(url, options="-c timezone=UTC", prepare_threshold=0)
        self._today = today
        self._seal = seal
        self._numbers: Iterator[int] = count(1)

    def link(self, case: str, municipality: str, actor: int, organisation: int) -> None:
        """Link a case and reserve room for its members."""
        with self.connection.cursor() as cursor:
            start = self._start(cursor, case, "link", actor, posts=True)
            persons = len(cursor.execute(_MEMBERS, [start["case"][0]]).fetchall())
            target = _row(cursor, _BALANCE, municipality)
            assert target[1] - target[2] - target[3] >= persons
            tied = [municipality, self._today, actor, persons, _HALF_YEAR, None, None]
            event = self._move(
                cursor,
                start | {"actor": actor, "organisation": organisation, "step": "link"},
                ("linked", target[0], "municipality"),
                tied,
                {"municipality": municipality},
                {"override_reason": _REASON},
                ("reserved", municipality, persons),
            )
            self._finish(cursor, start, event, actor, "link", (target[0], "linked"))
        self.connection.commit()

    def take_up(self, case: str, actor: int, organisation: int) -> None:
        """Take a link up, which posts nothing."""
        with self.connection.cursor() as cursor:
            start = self._start(cursor, case, "take_up", actor, posts=False)
            _, _, _, _, centre, _, municipality, reserved = start["case"]
            tied = [
                municipality, self._today, actor, reserved, _HALF_YEAR, "combined", actor,
            ]  # fmt: skip
            event = self._move(
                cursor,
                start | {"actor": actor, "organisation": organisation, "step": "take_up"},
                ("preparing", organisation, "municipality"),
                tied,
                {"scenario": "combined"},
                {},
                None,
            )
            self._finish(cursor, start, event, actor, "take_up", (centre, "taken_up"))
        self.connection.commit()

    def release_link(self, case: str, actor: int, organisation: int) -> None:
        """Release a link and its room."""
        with self.connection.cursor() as cursor:
            start = self._start(cursor, case, "release_link", actor, posts=True)
            _, _, _, region, _, _, municipality, reserved = start["case"]
            target = _row(cursor, _BALANCE, municipality)
            event = self._move(
                cursor,
                start | {"actor": actor, "organisation": organisation, "step": "release_link"},
                ("screened", region, "region"),
                [None, None, None, 0, None, None, None],
                {"reason": "linked_in_error", "municipality": municipality},
                {"explanation": _REASON},
                ("released", municipality, -reserved),
            )
            told = (target[0], "link_ended")
            self._finish(cursor, start, event, actor, "release_link", told)
        self.connection.commit()

    def _start(
        self, cursor: "psycopg.Cursor[Any]", case: str, step: str, actor: int, *, posts: bool
    ) -> Values:
        key = f"floor-{next(self._numbers)}-{case}"
        digest = blake2b(json.dumps([step, case]).encode(), digest_size=32).digest()
        submission = _row(cursor, _SUBMISSION, actor, key, digest)[0]
        at = _row(cursor, _CLOCK, LEDGER_LOCK)[1] if posts else _row(cursor, _PLAIN_CLOCK)[0]
        return {"submission": submission, "at": at, "case": _row(cursor, _CASE, case)}

    def _move(  # noqa: PLR0913, PLR0917 - the rows of one step, table by table
        self,
        cursor: "psycopg.Cursor[Any]",
        start: Values,
        stay: tuple[str, int, str],
        tied: list[Any],
        facts: Values,
        detail: Values,
        posting: tuple[str, str, int] | None,
    ) -> int:
        case, at = start["case"], start["at"]
        case_id, version, before = case[0], case[1] + 1, case[2]
        state, organisation, party = stay
        due = case[5].replace(year=case[5].year + 1)
        cursor.execute(_UPDATE, [state, at, version, party, due, *tied, case_id])
        cursor.execute(_LEAVE, [at, at, case_id])
        cursor.execute(_STAY, [case_id, state, organisation, party, at])
        told = [_told(*posting, self._today)] if posting else []
        sealed = json.dumps(detail).encode()
        digest = blake2b(sealed, key=self._seal, digest_size=32).digest() if detail else None
        event: int = _row(
            cursor, _EVENT, case_id, version, start["step"], start["actor"],
            start["organisation"], at, before, state, json.dumps(facts), json.dumps(told), digest,
            start["submission"],
        )[0]  # fmt: skip
        if detail:
            cursor.execute(_DETAIL, [event, sealed.decode()])
        if posting:
            self._post(cursor, case_id, event, start["actor"], at, posting)
        return event

    def _post(  # noqa: PLR0917 - the columns of a ledger line
        self,
        cursor: "psycopg.Cursor[Any]",
        case_id: int,
        event: int,
        actor: int,
        at: datetime,
        posting: tuple[str, str, int],
    ) -> None:
        kind, municipality, persons = posting
        today = self._today
        cursor.execute(
            _LINE,
            [municipality, _HALF_YEAR, kind, persons, today, at, case_id, event, actor],
        )
        cursor.execute(_COUNT, [persons, municipality])

    def _finish(  # noqa: PLR0917 - the rows of one step, table by table
        self,
        cursor: "psycopg.Cursor[Any]",
        start: Values,
        event: int,
        actor: int,
        step: str,
        message: tuple[int, str],
    ) -> None:
        cursor.execute(_OUTBOX, [start["case"][0], event, *message, start["at"]])
        fields = ["reason", "explanation"]
        cursor.execute(_AUDIT, [start["at"], actor, step, start["case"][0], event, fields])


def _row(cursor: "psycopg.Cursor[Any]", statement: str, *values: Any) -> tuple[Any, ...]:
    found: tuple[Any, ...] | None = cursor.execute(statement, values).fetchone()
    assert found is not None
    return found


def _told(kind: str, municipality: str, persons: int, today: date) -> Values:
    return {
        "municipality": municipality,
        "half_year": _HALF_YEAR,
        "kind": kind,
        "persons": persons,
        "booked_on": today.isoformat(),
    }
