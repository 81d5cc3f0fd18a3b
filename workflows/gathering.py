"""Gathers the situations of a batch: each need is one query for all steps that have it."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from workflows.documents.files import load_documents, lock_sent_files
from workflows.errors import NotFound
from workflows.handover.contents import load_contents
from workflows.handover.loading import load_handovers
from workflows.keys import Keys
from workflows.loading import (
    Locked,
    load_later_quotas,
    load_members,
    load_offers,
    load_preparation,
    lock_balances,
)
from workflows.matching.proposed import load_proposals
from workflows.moment import Moment
from workflows.named import (
    load_case_keys,
    load_colleagues,
    load_places,
    lock_known_persons,
)
from workflows.opening import open_batch
from workflows.outcomes import load_outcomes
from workflows.payload import Payload
from workflows.quota.period import HalfYear
from workflows.records import KnownPerson, MemberRecord
from workflows.request import Request
from workflows.situation import Places, Situation, blank_case
from workflows.step import Need, Step
from workflows.surroundings import load_surroundings

Ready = tuple[Situation, Step, Payload]


class Gathering:
    """The situations of one batch and what they share.

    Making it opens the batch: `steps` is how many it has, `posting` how many post to the ledger.
    """

    def __init__(self, connection: Connection, moment: Moment, steps: int, posting: int) -> None:
        self.connection = connection
        self.moment = moment
        self.reference, keys = open_batch(connection, moment, events=steps, lines=posting)
        self.cases: dict[str, Locked] = {}
        self.keys = Keys(connection, steps, keys)
        self.known_persons: dict[str, KnownPerson] = {}

    def follow_clock(self) -> None:
        """Stamp the batch no earlier than the cases were locked: the clock follows the versions."""
        offset = self.moment.offset
        stamps = [at + offset for _, _, at in self.cases.values()]
        self.reference.recorded_at = max([self.reference.recorded_at, *stamps])

    def situation_for(
        self, request: Request, payload: Payload, targets: tuple[str, ...]
    ) -> Situation:
        """Return the situation of a request; raises `NotFound` when a case is not to be had."""
        if not request.step.opens_case and request.case is None:
            raise NotFound
        others = {
            reference: self._situation(request, reference)
            for reference in request.step.other_cases(payload)
            if reference in targets
        }
        if request.step.opens_case:
            situation = Situation(
                blank_case(self.moment), request.actor, self.moment, self.reference, self.keys
            )
        else:
            situation = self._situation(request, request.case or "")
        situation.others = others
        return situation

    def _situation(self, request: Request, reference: str) -> Situation:
        if reference not in self.cases:
            raise NotFound
        case, linked, _ = self.cases[reference]
        return Situation(
            case,
            request.actor,
            self.moment,
            self.reference,
            self.keys,
            linked_organisation_id=linked,
        )

    def load(self, ready: Sequence[Ready]) -> None:
        """Load what the steps need and lock the balances they will post to."""
        for situation, _, _ in ready:
            situation.known_persons = self.known_persons
        self._load_members(ready)
        self._load_offers(ready)
        self._load_handovers(ready)
        self._load_places(ready)
        self._load_regions(ready)
        self._load_sponsors(ready)
        self._load_documents(ready)
        self._load_proposals(ready)
        self._load_outcomes(ready)
        self._lock_balances(ready)

    def _load_members(self, ready: Sequence[Ready]) -> None:
        wanted = {
            each.case.id: each
            for situation, step, _ in ready
            for each in (situation, *situation.others.values())
            if Need.MEMBERS in step.needs and each.case.id
        }
        if not wanted:
            return
        for case_id, members in load_members(self.connection, sorted(wanted)).items():
            wanted[case_id].members = members
        prepared = _members_of(ready, Need.PREPARATION)
        if prepared:
            hours = load_preparation(self.connection, prepared)
            for situation, step, _ in ready:
                if Need.PREPARATION in step.needs:
                    situation.preparation_today = hours

    def _load_offers(self, ready: Sequence[Ready]) -> None:
        wanted = [
            situation
            for situation, step, _ in ready
            if Need.OFFER in step.needs and situation.case.offer_id is not None
        ]
        if wanted:
            keys = [each.case.offer_id for each in wanted if each.case.offer_id is not None]
            offers = load_offers(self.connection, keys)
            for situation in wanted:
                situation.offer = offers.get(situation.case.offer_id or 0)

    def _load_handovers(self, ready: Sequence[Ready]) -> None:
        wanted = [
            each
            for situation, step, _ in ready
            if Need.HANDOVER in step.needs
            for each in (situation, *situation.others.values())
            if each.case.handover_id is not None
        ]
        if wanted:
            keys = [each.case.handover_id for each in wanted if each.case.handover_id is not None]
            found = load_handovers(self.connection, keys)
            for situation in wanted:
                situation.handovers = found
        full = [each for each, step, _ in ready if Need.CONTENTS in step.needs]
        if full:
            contents = load_contents(self.connection, [each.case.id for each in full])
            for situation in full:
                situation.contents = contents[situation.case.id]

    def lock_persons(self, payloads: Sequence[Payload]) -> None:
        """Lock the persons whom payloads bring along, before any case."""
        numbers = {
            member.v_number
            for payload in payloads
            for member in payload.given("members_to_add", ())
            if member.v_number is not None
        }
        self.known_persons = lock_known_persons(self.connection, numbers)

    def _load_regions(self, ready: Sequence[Ready]) -> None:
        wanting = [(each, payload) for each, step, payload in ready if Need.REGIONS in step.needs]
        codes = {
            code
            for situation, payload in wanting
            for code in (
                *(str(criterion["municipality"]) for criterion in situation.case.hard_criteria),
                *(each.municipality for each in payload.given("hard_criteria", ())),
                payload.given("network_municipality"),
            )
            if code is not None
        }
        kinds = {
            str(care)
            for situation, _ in wanting
            for criterion in situation.case.hard_criteria
            if (care := criterion.get("care"))
        }
        found = load_surroundings(self.connection, codes, kinds, self.moment.today)
        for situation, _ in wanting:
            situation.surroundings = found

    def _load_sponsors(self, ready: Sequence[Ready]) -> None:
        """Find the cases that payloads name as sponsor; a sponsor may live anywhere by now."""
        named = {sponsor for _, _, payload in ready if (sponsor := payload.given("sponsor_case"))}
        found = load_case_keys(self.connection, named)
        if found:
            for situation, _, _ in ready:
                situation.sponsors = found

    def _load_proposals(self, ready: Sequence[Ready]) -> None:
        wanting = {each.case.id: each for each, step, _ in ready if Need.PROPOSALS in step.needs}
        if wanting:
            for case_id, proposals in load_proposals(self.connection, wanting.keys()).items():
                wanting[case_id].proposals = proposals

    def _load_outcomes(self, ready: Sequence[Ready]) -> None:
        wanting = {each.case.id: each for each, step, _ in ready if Need.OUTCOMES in step.needs}
        if wanting:
            for case_id, outcomes in load_outcomes(self.connection, wanting.keys()).items():
                wanting[case_id].outcomes = outcomes

    def _load_documents(self, ready: Sequence[Ready]) -> None:
        wanting = [(each, payload) for each, step, payload in ready if Need.DOCUMENTS in step.needs]
        uploads = {sent for _, payload in wanting if (sent := payload.given("upload"))}
        named = {found for _, payload in wanting if (found := payload.given("document"))}
        sent_files = lock_sent_files(self.connection, uploads)
        documents = load_documents(self.connection, named)
        for situation, _ in wanting:
            situation.sent_files, situation.documents = sent_files, documents

    def _load_places(self, ready: Sequence[Ready]) -> None:
        naming = [(each, payload) for each, step, payload in ready if Need.COLLEAGUES in step.needs]
        named = {reference for _, payload in naming if (reference := payload.given("colleague"))}
        if named:
            places = Places(colleagues=load_colleagues(self.connection, named, self.moment.today))
            for situation, _ in naming:
                situation.places = places
        wanted = [each for each, step, _ in ready if Need.PLACES in step.needs]
        if wanted:
            places = load_places(self.connection)
            for situation in wanted:
                situation.places = places

    def _lock_balances(self, ready: Sequence[Ready]) -> None:
        wanted: dict[str, list[Situation]] = defaultdict(list)
        for situation, step, payload in ready:
            for code in step.balances(situation, payload):
                wanted[code].append(situation)
        found = lock_balances(self.connection, wanted.keys(), self.moment.today)
        if any(Need.ROOM in step.needs for _, step, _ in ready):
            load_later_quotas(self.connection, found, str(HalfYear.of_date(self.moment.today)))
        for code, record in found.items():
            for situation in wanted[code]:
                for each in (situation, *situation.others.values()):
                    each.municipalities[code] = record


def _members_of(ready: Sequence[Ready], need: Need) -> list[MemberRecord]:
    return [
        member
        for situation, step, _ in ready
        if need in step.needs
        for each in (situation, *situation.others.values())
        for member in each.members
    ]
