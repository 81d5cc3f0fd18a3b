"""Who of an organisation hears of a message: role and relation, from the one policy."""

from dataclasses import dataclass, replace
from datetime import date

from models.vocabulary import Role
from workflows import policy
from workflows.actor import Actor
from workflows.notices.topics import COORDINATION, Topic
from workflows.permissions import Permission
from workflows.policy import Located

# Who works on cases; a coordinator is told when there is none, or when a topic asks for it.
HANDLERS = frozenset(
    {Role.CASE_MANAGER, Role.PLACEMENT_OFFICER, Role.MUNICIPAL_OFFICER, Role.GUARDIAN}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A message as it stands in the outbox, with those to whom its case is assigned."""

    organisation_id: int
    user_id: int | None
    actor_id: int | None
    assigned: frozenset[int]


def recipients(
    message: Addressed, topic: Topic, case: Located, staff: list[Actor], today: date
) -> list[int]:
    """Return the keys of the users who hear of a message, whoever caused it left out.

    `staff` are the active users with a grant in the organisation today.
    """
    able = [
        actor
        for each in staff
        if _hears(actor := _in(each, message.organisation_id), topic, case, today)
    ]
    if message.user_id is not None:
        return [actor.user_id for actor in able if actor.user_id == message.user_id]
    chosen = _chosen(able, topic, message.assigned)
    return [actor.user_id for actor in chosen if actor.user_id != message.actor_id]


def _in(actor: Actor, organisation_id: int) -> Actor:
    """Return the actor with the rights that the organisation gives, and no others."""
    held = tuple(each for each in actor.grants if each.organisation_id == organisation_id)
    return replace(actor, grants=held)


def _hears(actor: Actor, topic: Topic, case: Located, today: date) -> bool:
    if topic.farewell:
        return policy.may(actor, Permission.VIEW_CASE)
    return policy.allows(actor, Permission.VIEW_CASE, case, today)


def _chosen(able: list[Actor], topic: Topic, assigned: frozenset[int]) -> list[Actor]:
    handlers = [actor for actor in able if HANDLERS & actor.roles]
    if topic.roles is not None:
        # Better somebody else of the organisation than nobody.
        return [actor for actor in able if topic.roles & actor.roles] or handlers
    # Whoever stands in for an absent colleague hears what the colleague would.
    named = [actor for actor in handlers if not assigned.isdisjoint(actor.stands_in_for)]
    return named or handlers or [actor for actor in able if COORDINATION & actor.roles]
