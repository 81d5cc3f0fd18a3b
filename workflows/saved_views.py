"""Saved views: a user's named filters of the work queue, at will shared with an organisation."""

import re
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection, delete, insert, select

from models import Organisation, SavedView, User
from workflows.actor import Actor
from workflows.errors import NotFound, Refused
from workflows.moment import Moment
from workflows.trail import record_audit

MOST_VIEWS = 50
_LONGEST_NAME = 80
_LONGEST_QUERY = 1_000
# The work queue's own filters, as its address names them, and what each may hold.
FILTERS = {
    "tab": re.compile(r"mine|unassigned|team"),
    "stand": re.compile(r"[a-z_]{1,30}"),
    "huishouden": re.compile(r"[a-z_]{1,30}"),
    "te_laat": re.compile(r"1"),
    "aan_zet": re.compile(r"1"),
    "plaats": re.compile(r"GM[0-9]{4}|[a-z2-7]{16}"),
}
_REFERENCE = re.compile(r"[a-z2-7]{16}")
# So many digits may be a person's number.
_NUMBER = re.compile(r"[0-9]{7,}")


def save_view(
    connection: Connection,
    actor: Actor,
    name: str,
    query: str,
    moment: Moment,
    *,
    share_with: str | None = None,
) -> str:
    """Keep a query of the work queue under a name; returns the view's reference.

    `share_with` is the reference of an organisation of the actor's. Raises `Refused` beside the
    field that is at fault.
    """
    kept_name = _name(name)
    kept_query = clean_query(query)
    organisation_id = None if share_with is None else _own(connection, actor, share_with)
    _demand_place(connection, actor, kept_name)
    reference = moment.new_reference()
    connection.execute(
        insert(SavedView).values(
            reference=reference,
            user_id=actor.user_id,
            organisation_id=organisation_id,
            name=kept_name,
            query=kept_query,
            shared=organisation_id is not None,
        )
    )
    fields = ("name", "query", "shared")
    record_audit(connection, moment, actor.user_id, "save_view", subject=reference, fields=fields)
    return reference


def delete_view(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """Delete a view of the actor's own; raises `NotFound` for all others."""
    deleted = connection.execute(
        delete(SavedView).where(
            SavedView.reference == reference, SavedView.user_id == actor.user_id
        )
    )
    if deleted.rowcount == 0:
        raise NotFound
    record_audit(connection, moment, actor.user_id, "delete_view", subject=reference)


def clean_query(query: str) -> str:
    """Return a query with the queue's own filters only, in a fixed order.

    Empty filters are dropped. Raises `Refused` for any other name, such as that of a search, and
    for a value that the filter cannot hold.
    """
    try:
        pairs = parse_qsl(query.removeprefix("?"), strict_parsing=bool(query), max_num_fields=50)
    except ValueError as error:
        raise _no_filter() from error
    for key, value in pairs:
        if key not in FILTERS or not FILTERS[key].fullmatch(value):
            raise _no_filter()
    kept = urlencode(sorted(set(pairs)))
    if len(kept) > _LONGEST_QUERY:
        raise _no_filter()
    return kept


def _no_filter() -> Refused:
    return Refused(
        "no_filter",
        "Alleen de filters van de werkvoorraad kunnen worden bewaard, geen zoekopdracht.",
        "query",
    )


def _name(name: str) -> str:
    kept = " ".join(name.split())
    if not kept or not kept.isprintable():
        raise Refused("name", "Geef de weergave een naam.", "name")
    if len(kept) > _LONGEST_NAME:
        raise Refused(
            "name_too_long",
            "Gebruik hier ten hoogste {max_length} tekens.",
            "name",
            {"max_length": _LONGEST_NAME},
        )
    if _NUMBER.search(kept.replace(" ", "").replace(".", "")):
        raise Refused("personal", "Zet geen nummer van een persoon in de naam.", "name")
    return kept


def _own(connection: Connection, actor: Actor, reference: str) -> int:
    own = {grant.organisation_id for grant in actor.grants}
    found = None
    if _REFERENCE.fullmatch(reference):
        wanted = Organisation.reference == reference
        found = connection.scalar(select(Organisation.id).where(wanted))
    if found is None or found not in own:
        raise Refused(
            "not_your_organisation",
            "Delen kan alleen met een organisatie waar u werkt.",
            "share_with",
        )
    return int(found)


def _demand_place(connection: Connection, actor: Actor, name: str) -> None:
    """Refuse a name that is taken and a view too many; the lock makes saves take turns."""
    connection.execute(
        select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True)
    )
    names = set(
        connection.scalars(select(SavedView.name).where(SavedView.user_id == actor.user_id))
    )
    if name in names:
        raise Refused(
            "name_taken", "U heeft al een weergave met deze naam. Kies een andere.", "name"
        )
    if len(names) >= MOST_VIEWS:
        raise Refused(
            "too_many_views",
            "U kunt ten hoogste {most} weergaven bewaren. Verwijder er eerst een.",
            "name",
            {"most": MOST_VIEWS},
        )
