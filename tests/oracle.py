"""What must hold of any history, said again in plain Python from the steps that were taken.

The model knows nothing of the engine: it follows households by the words of process.md and
reckons what the ledger must come to. `check` compares it with the whole database.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from models.vocabulary import CaseState
from tests.factories import Row
from tests.handover_oracle import handover_after
from tests.world import ROOM, SEAL
from workflows.quota.verify import verify
from workflows.request import Result

FINISHED = {CaseState.CLOSED, CaseState.ENDED}
ARRIVES = {
    "complete_screening": CaseState.SCREENED,
    "link": CaseState.LINKED,
    "take_up": CaseState.PREPARING,
    "release_link": CaseState.SCREENED,
    "offer_housing": CaseState.OFFERED,
    "withdraw_offer": CaseState.PREPARING,
    "accept_offer": CaseState.MOVING,
    "refuse_offer": CaseState.REFUSED,
    "house": CaseState.HOUSED,
    "place_minor": CaseState.HOUSED,
    "close": CaseState.CLOSED,
    "end": CaseState.ENDED,
}
JUDGED = {
    "justified": CaseState.PREPARING,
    "accepted_after_all": CaseState.MOVING,
    "unjustified": CaseState.REFUSED,
    "ended": CaseState.ENDED,
    "link_upheld": None,
    "contest_granted": CaseState.SCREENED,
}


@dataclass(slots=True)
class Dossier:
    """A household in the model."""

    state: CaseState
    members: list[str]
    town: str | None = None
    handover: str | None = None
    version: int = 1
    stays: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Model:
    """All households, and for which municipality each person is realised."""

    dossiers: dict[str, Dossier] = field(default_factory=dict)
    realised: dict[str, str] = field(default_factory=dict)
    housed: set[str] = field(default_factory=set)

    def reserved(self, town: str) -> int:
        """Return the persons who are linked to a municipality and not realised."""
        return sum(self.waiting(each) for each in self.dossiers.values() if each.town == town)

    def waiting(self, dossier: Dossier) -> int:
        """Return the members of a household who still take up room."""
        if dossier.state in FINISHED:
            return 0
        return sum(member not in self.realised for member in dossier.members)

    def room(self, town: str) -> int:
        """Return the persons whom a municipality can still take."""
        return ROOM[town] - Counter(self.realised.values())[town] - self.reserved(town)

    def follow(self, connection: Connection, step: str, payload: Row, result: Result) -> None:
        """Follow a step that was taken, and compare where it led."""
        if step == "register":
            self.dossiers[result.case] = Dossier(
                CaseState.REGISTERED, _live_members(connection, result.case)
            )
        else:
            self._move(connection, step, payload, result)
        for reference, dossier in self.dossiers.items():
            _note_stay(connection, reference, dossier)
        dossier = self.dossiers[result.case]
        assert (result.state, result.version) == (dossier.state, dossier.version), step

    def _move(self, connection: Connection, step: str, payload: Row, result: Result) -> None:
        dossier = self.dossiers[result.case]
        dossier.version += 1
        town = dossier.town
        dossier.state = ARRIVES.get(step, dossier.state)
        if step in {"judge_contest", "judge_refusal"}:
            dossier.state = JUDGED[payload["judgment"]] or dossier.state
        if step == "link":
            dossier.town = payload["municipality"]
        if step == "house":
            dossier.town = payload.get("self_housed_in") or dossier.town
        if dossier.state in {CaseState.SCREENED, CaseState.ENDED}:
            dossier.town = None
        linked = dossier.town is not None and town in {None, dossier.town}
        dossier.handover = handover_after(dossier.handover, step, payload, linked=linked)
        follow = _FOLLOWED.get(step)
        if follow is not None:
            follow(self, connection, dossier, payload, result)

    def _sign_off(self, _c: Connection, dossier: Dossier, payload: Row, _result: Result) -> None:
        named = payload.get("signed_off") or [
            member
            for member in dossier.members
            if member in self.housed and member not in self.realised
        ]
        for member in named:
            assert member not in self.realised
            assert dossier.town is not None
            self.realised[member] = dossier.town

    def _house(self, _c: Connection, dossier: Dossier, payload: Row, _result: Result) -> None:
        self.housed |= set(payload.get("moved") or dossier.members)

    def _correct(self, _c: Connection, dossier: Dossier, payload: Row, _result: Result) -> None:
        if payload["subject"] != "sign_off":
            return
        assert payload["member"] in self.realised
        del self.realised[payload["member"]]
        if payload.get("right_date") is not None:
            assert dossier.town is not None
            self.realised[payload["member"]] = dossier.town

    def _add(self, c: Connection, dossier: Dossier, _payload: Row, result: Result) -> None:
        found = _live_members(c, result.case)
        assert set(dossier.members) < set(found)
        dossier.members = found

    def _remove(self, _c: Connection, dossier: Dossier, payload: Row, _result: Result) -> None:
        dossier.members.remove(payload["member"])

    def _split(self, c: Connection, dossier: Dossier, payload: Row, result: Result) -> None:
        fresh = str(_newest_facts(c, result.event_id)["new_case"])
        taken_up = _scalar(c, "SELECT scenario FROM case_file WHERE reference = :r", r=fresh)
        state = dossier.state
        if dossier.town is not None:
            state = CaseState.LINKED if taken_up is None else CaseState.PREPARING
        leaving = list(dict.fromkeys(payload["leaving"]))
        dossier.members = [member for member in dossier.members if member not in leaving]
        carried = dossier.handover if dossier.handover == "completed" else None
        self.dossiers[fresh] = Dossier(state, leaving, dossier.town, carried)

    def _merge(self, _c: Connection, dossier: Dossier, payload: Row, _result: Result) -> None:
        other = self.dossiers[payload["other_case"]]
        dossier.members += other.members
        other.state, other.members = CaseState.ENDED, []
        other.version += 1

    def check(self, connection: Connection) -> None:
        """Compare the model with the whole database, and the database with itself."""
        self._check_cases(connection)
        self._check_balances(connection)
        self._check_stays(connection)
        for name, statement in MUST_BE_EMPTY.items():
            rows = connection.execute(text(statement)).all()
            assert not rows, f"{name}: {rows[:3]}"
        _check_sums(connection)
        differences = list(verify(connection, SEAL))
        assert not differences, differences[:3]

    def _check_cases(self, connection: Connection) -> None:
        rows = connection.execute(
            text(
                "SELECT reference, state, version, municipality_code, reserved, handover_state"
                " FROM case_file"
            )
        ).all()
        assert {row.reference for row in rows} == set(self.dossiers)
        for row in rows:
            dossier = self.dossiers[row.reference]
            reserved = self.waiting(dossier) if dossier.town else 0
            expected = (dossier.state, dossier.version, dossier.town, reserved, dossier.handover)
            assert tuple(row)[1:] == expected, row.reference
            if dossier.state not in FINISHED:
                assert sorted(dossier.members) == sorted(_live_members(connection, row.reference))

    def _check_balances(self, connection: Connection) -> None:
        counted = Counter(self.realised.values())
        for code, obliged, realised, reserved in connection.execute(
            text("SELECT municipality_code, obliged, realised, reserved FROM quota_balance")
        ):
            expected = (ROOM.get(code, 0), counted[code], self.reserved(code))
            assert (obliged, realised, reserved) == expected, code

    def _check_stays(self, connection: Connection) -> None:
        rows = connection.execute(
            text(
                "SELECT c.reference, s.state, s.organisation_id, s.waiting_party, s.left_at"
                " FROM stay s JOIN case_file c ON c.id = s.case_id ORDER BY s.id"
            )
        )
        found: dict[str, list[Any]] = defaultdict(list)
        for reference, *stay, left_at in rows:
            found[reference].append((tuple(stay), left_at is None))
        for reference, dossier in self.dossiers.items():
            live = dossier.state not in FINISHED
            expected = [
                (stay, live and index == len(dossier.stays))
                for index, stay in enumerate(dossier.stays, 1)
            ]
            assert found[reference] == expected, reference


_FOLLOWED = {
    "sign_off": Model._sign_off,
    "house": Model._house,
    "place_minor": lambda model, c, dossier, _payload, result: model._house(c, dossier, {}, result),
    "correct": Model._correct,
    "add_member": Model._add,
    "remove_member": Model._remove,
    "split_household": Model._split,
    "merge_household": Model._merge,
}

# Each names what may never be, in words of its own; `verify` says much of it in other words.
MUST_BE_EMPTY = {
    "events are numbered 1, 2, 3 and each starts where the one before it ended": """
        SELECT case_id, version FROM (
            SELECT case_id, version, from_state,
                   row_number() OVER each_case AS n, lag(to_state) OVER each_case AS earlier
              FROM case_event WINDOW each_case AS (PARTITION BY case_id ORDER BY version)) e
         WHERE version <> n OR from_state IS DISTINCT FROM earlier""",
    "the newest event gives state and version": """
        SELECT c.reference FROM case_file c LEFT JOIN case_event e
            ON (e.case_id, e.version, e.to_state) = (c.id, c.version, c.state)
         WHERE e.id IS NULL OR EXISTS (
            SELECT FROM case_event f WHERE f.case_id = c.id AND f.version > c.version)""",
    "each line of a case was posted by an event that says so": """
        SELECT q.id FROM quota_entry q LEFT JOIN case_event e ON e.id = q.event_id
         WHERE q.case_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM jsonb_array_elements(e.postings) p
             WHERE p->>'municipality' = q.municipality_code AND p->>'half_year' = q.half_year
               AND p->>'kind' = q.kind AND (p->>'persons')::int = q.persons
               AND (p->>'booked_on')::date = q.booked_on
               AND (p->>'person')::bigint IS NOT DISTINCT FROM q.person_id
               AND (p->>'reverses')::bigint IS NOT DISTINCT FROM q.reverses)""",
    "each event posted as many lines as it says": """
        SELECT e.id FROM case_event e
         WHERE jsonb_array_length(e.postings)
            <> (SELECT count(*) FROM quota_entry q WHERE q.event_id = e.id)""",
    "each live case stands in the queue of its centre or region, or of who took it over": """
        SELECT reference FROM case_file c LEFT JOIN municipality m ON m.code = c.municipality_code
         WHERE state NOT IN ('closed', 'ended') AND responsible_id IS DISTINCT FROM
           CASE WHEN handover_state IN ('accepted', 'completed') THEN m.organisation_id
                ELSE coalesce(centre_id, region_id) END""",
    "at most one handover of a case is open": """
        SELECT case_id FROM handover
         WHERE state IN ('draft', 'offered', 'question', 'answered', 'accepted')
         GROUP BY case_id HAVING count(*) > 1""",
    "an assignee works for the agency": """
        SELECT reference FROM case_file c
         WHERE state NOT IN ('closed', 'ended') AND assignee_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM access_grant g
             WHERE g.user_id = c.assignee_id
               AND g.organisation_id = coalesce(c.centre_id, c.region_id))""",
    "a municipal contact works for the linked municipality": """
        SELECT c.reference FROM case_file c LEFT JOIN municipality m ON m.code = c.municipality_code
         WHERE municipal_contact_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM access_grant g
             WHERE g.user_id = c.municipal_contact_id AND g.organisation_id = m.organisation_id)""",
    "a person is a member of one live case": """
        SELECT person_id FROM household_membership WHERE left_on IS NULL
         GROUP BY person_id HAVING count(*) > 1""",
    "a live membership belongs to a live case": """
        SELECT m.id FROM household_membership m JOIN case_file c ON c.id = m.case_id
         WHERE (m.left_on IS NULL) AND c.state IN ('closed', 'ended')""",
    "a case counts its members, and its permit date is the earliest of theirs": """
        SELECT c.reference FROM case_file c
          JOIN household_membership m ON m.case_id = c.id AND m.left_on IS NULL
          JOIN person p ON p.id = m.person_id
         GROUP BY c.id HAVING c.persons <> count(*) OR c.permit_on <> min(p.permit_on)
             OR count(*) FILTER (WHERE m.role = 'head') <> 1""",
    "what a case reserves is what its lines reserve": """
        SELECT c.reference FROM case_file c LEFT JOIN quota_entry q
            ON q.case_id = c.id AND q.kind IN ('reserved', 'released')
         GROUP BY c.id HAVING c.reserved <> coalesce(sum(q.persons), 0)""",
    "what is released was reserved in that municipality and half-year": """
        SELECT case_id, municipality_code, half_year FROM quota_entry
         WHERE kind IN ('reserved', 'released')
         GROUP BY case_id, municipality_code, half_year HAVING sum(persons) < 0""",
    "a realisation is the person's one line that was not reversed": """
        SELECT q.person_id FROM quota_entry q
          LEFT JOIN quota_entry r ON r.reverses = q.id
          FULL JOIN realisation live ON live.entry_id = q.id
         WHERE (q.kind = 'realised' AND q.reverses IS NULL AND r.id IS NULL AND q.person_id > 0)
            <> (live.entry_id IS NOT NULL)""",
    "a contest waits only where it can be judged": """
        SELECT reference FROM case_file
         WHERE contested_on IS NOT NULL AND state NOT IN ('linked', 'preparing')""",
    "an open offer belongs to the case that has it in hand": """
        SELECT o.id FROM housing_offer o JOIN case_file c ON c.id = o.case_id
         WHERE o.status = 'open' AND (c.state <> 'offered' OR c.offer_id <> o.id)""",
    "every step leaves one line in the audit trail": """
        SELECT e.id FROM case_event e LEFT JOIN audit_entry a ON a.event_id = e.id
         GROUP BY e.id HAVING count(a.id) <> 1""",
}


def _check_sums(connection: Connection) -> None:
    """Add the ledger up again, line by line, and compare with rollups and balances."""
    rollups: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    balances: dict[str, Counter[str]] = defaultdict(Counter)
    for code, half_year, kind, persons, booked_on in connection.execute(
        text("SELECT municipality_code, half_year, kind, persons, booked_on FROM quota_entry")
    ):
        first = date(int(half_year[:4]), 7 if half_year.endswith("-II") else 1, 1)
        starts = (("half_year", first), ("month", booked_on.replace(day=1)), ("day", booked_on))
        for grain, start in () if kind in {"reserved", "released"} else starts:
            total = rollups[code, half_year, kind, grain, start]
            total[0] += persons
            total[1] += 1
        column = {"realised": "realised", "reserved": "reserved", "released": "reserved"}
        balances[code][column.get(kind, "obliged")] += persons
    stored = connection.execute(
        text(
            "SELECT municipality_code, half_year, kind, grain, starts_on, persons, lines"
            " FROM quota_rollup"
        )
    )
    assert {tuple(row[:5]): list(row[5:]) for row in stored} == dict(rollups)
    for code, *found in connection.execute(
        text("SELECT municipality_code, obliged, realised, reserved FROM quota_balance")
    ):
        sums = balances[code]
        assert found == [sums["obliged"], sums["realised"], sums["reserved"]], code


def _live_members(connection: Connection, case: str) -> list[str]:
    return list(
        connection.scalars(
            text(
                "SELECT p.reference FROM household_membership m JOIN person p ON p.id = m.person_id"
                " JOIN case_file c ON c.id = m.case_id"
                " WHERE c.reference = :case AND m.left_on IS NULL ORDER BY m.id"
            ),
            {"case": case},
        )
    )


def _note_stay(connection: Connection, reference: str, dossier: Dossier) -> None:
    """Note with whom the household waits now: whoever is to act next."""
    row = connection.execute(
        text(
            "SELECT c.state, c.waiting_party, c.centre_id, c.region_id, m.organisation_id"
            " FROM case_file c LEFT JOIN municipality m ON m.code = c.municipality_code"
            " WHERE c.reference = :reference"
        ),
        {"reference": reference},
    ).one()
    if row.state in FINISHED:
        return
    at = {"centre": row.centre_id, "region": row.region_id, "municipality": row.organisation_id}
    stay = (row.state, at[row.waiting_party], row.waiting_party)
    if not dossier.stays or dossier.stays[-1] != stay:
        dossier.stays.append(stay)


def _newest_facts(connection: Connection, event_id: int) -> Row:
    facts: Row = _scalar(connection, "SELECT facts FROM case_event WHERE id = :id", id=event_id)
    return facts


def _scalar(connection: Connection, statement: str, **values: Any) -> Any:
    return connection.scalar(text(statement), values)
