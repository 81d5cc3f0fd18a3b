"""What a handover hands over: the mandatory set, its frozen snapshot, and what changed since.

Only fields that the municipality may see stand in it; a test holds it to the declarations.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, text

from workflows.rules.household import is_adult
from workflows.statement import Statement

Row = dict[str, Any]
FORMAT = "thuisroute-handover/1"

_CONTENTS = Statement(
    text(
        """
    WITH present AS (
        SELECT m.case_id, m.id AS membership_id, m.role, m.joined_on, p.*
          FROM household_membership m JOIN person p ON p.id = m.person_id
         WHERE m.case_id = ANY(:cases)
           AND (m.left_on IS NULL OR m.end_reason = 'case_closed')
    ), screened AS (
        SELECT DISTINCT ON (s.person_id) p.case_id, p.membership_id, p.reference AS member,
               s.held_on, s.absence, s.education_level, s.education_field, s.work_experience,
               s.ambitions, s.dutch_level
          FROM present p JOIN screening s ON s.person_id = p.id
         ORDER BY s.person_id, s.id DESC
    ), prepared AS (
        SELECT p.case_id, p.membership_id, p.reference AS member, r.module,
               sum(r.hours) AS hours, max(r.on_date) AS last_on, max(r.level) AS level,
               (array_agg(r.result ORDER BY r.on_date DESC, r.id DESC))[1] AS result
          FROM present p JOIN preparation r ON r.person_id = p.id
         GROUP BY 1, 2, 3, 4
    )
    SELECT c.id, jsonb_build_object(
        'household', jsonb_build_object(
            'type', c.household_type, 'permit_on', c.permit_on,
            'expected_members', c.expected_members, 'expected_month', c.expected_month),
        'members', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'member', p.reference, 'role', p.role, 'given_names', p.given_names,
                'family_name', p.family_name, 'v_number', p.v_number, 'bsn', p.bsn,
                'birth_date', p.birth_date, 'sex', p.sex, 'languages', to_jsonb(p.languages))
                ORDER BY p.membership_id), '[]')
              FROM present p WHERE p.case_id = c.id),
        'profile', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'member', s.member, 'held_on', s.held_on, 'absence', s.absence,
                'education_level', s.education_level, 'education_field', s.education_field,
                'work_experience', s.work_experience, 'ambitions', s.ambitions,
                'dutch_level', s.dutch_level) ORDER BY s.membership_id), '[]')
              FROM screened s WHERE s.case_id = c.id),
        'functional_needs', to_jsonb(c.functional_needs),
        'preparation', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'member', r.member, 'module', r.module, 'hours', r.hours, 'result', r.result,
                'level', r.level, 'last_on', r.last_on) ORDER BY r.membership_id, r.module), '[]')
              FROM prepared r WHERE r.case_id = c.id))::text
      FROM case_file c WHERE c.id = ANY(:cases)
        """
    )
)


def load_contents(connection: Connection, cases: Collection[int]) -> dict[int, Row]:
    """Return what there is to hand over of each case, as JSON values."""
    rows = _CONTENTS.run(connection, {"cases": sorted(cases)})
    return {row[0]: from_json(row[1]) for row in rows}


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of the mandatory set that is missing: its step, and of whom (reference)."""

    step: str
    member: str | None = None


def gaps(contents: Row, preparation_absence: str | None, today: date) -> list[Gap]:
    """Return what the mandatory set lacks: screening and preparation of each adult."""
    adults = [
        each["member"]
        for each in contents["members"]
        if is_adult(date.fromisoformat(each["birth_date"]), today)
    ]
    screened = {each["member"] for each in contents["profile"]}
    prepared = {each["member"] for each in contents["preparation"]}
    found = [Gap("screen", member) for member in adults if member not in screened]
    if preparation_absence is None:
        found += [Gap("record_preparation", member) for member in adults if member not in prepared]
    return found


def digest(snapshot: Row) -> bytes:
    """Return the SHA-256 of a snapshot as canonical JSON: sorted names, no spaces, UTF-8."""
    return sha256(to_json(_sorted(snapshot))).digest()


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_sorted(each) for each in value]
    return value


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that changed since the snapshot: its section, of whom, its name, then and now."""

    section: str
    member: str | None
    name: str
    then: Any
    now: Any


_KEYS = {"members": ("member",), "profile": ("member",), "preparation": ("member", "module")}


def differences(snapshot: Row, contents: Row) -> list[Difference]:
    """Return what is otherwise now than in the snapshot, in the order of the snapshot."""
    found: list[Difference] = []
    for section in ("household", *_KEYS, "functional_needs"):
        then, now = snapshot.get(section), contents.get(section)
        if section in _KEYS:
            found += _in_rows(section, then or [], now or [])
        elif section == "household":
            found += _in_row(section, None, then or {}, now or {})
        elif then != now:
            found.append(Difference(section, None, section, then, now))
    return found


def _in_rows(section: str, then: Sequence[Row], now: Sequence[Row]) -> Iterator[Difference]:
    names = _KEYS[section]
    before = {tuple(row[name] for name in names): row for row in then}
    after = {tuple(row[name] for name in names): row for row in now}
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        name = key[-1] if len(key) > 1 else section
        if old is None or new is None:
            yield Difference(section, key[0], name, old, new)
        else:
            yield from _in_row(section, key[0], old, new, key[1] if len(key) > 1 else None)


def _in_row(
    section: str, member: str | None, then: Row, now: Row, part: str | None = None
) -> Iterator[Difference]:
    for name in dict.fromkeys([*then, *now]):
        if then.get(name) != now.get(name):
            label = name if part is None else f"{part}.{name}"
            yield Difference(section, member, label, then.get(name), now.get(name))
