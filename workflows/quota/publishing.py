"""Publishing on a page: the table of a date at this instant, unless it was published so already."""

from datetime import date

from sqlalchemy import Connection

from workflows.actor import Actor
from workflows.moment import Moment
from workflows.payload import Payload, Widget, entry
from workflows.quota.publication import Place, Published, close_ledger, publications, publish
from workflows.quota.restate import restate


class TableToPublish(Payload):
    """The table that is to be published, as it is known at this instant."""

    valid: date = entry(
        "Geldig op",
        Widget.DATE,
        help_text="Geteld wordt wat voor deze dag is afgemeld. De stand van 1 februari loopt dus "
        "t/m 31 januari.",
    )


def publish_changes(
    connection: Connection, actor: Actor, valid: date, moment: Moment, place: Place
) -> tuple[Published, bool]:
    """Publish a table, and tell whether it is a new publication.

    When no figure changed since the last publication of the date, that one holds still, so that a
    form sent twice publishes once. Raises what `publish` raises.
    """
    instant = close_ledger(connection, moment)
    last = next(iter(publications(connection, valid)), None)
    if last and not any(restate(connection, actor, valid, last.known, instant).rows.values()):
        return last, False
    return publish(connection, actor, valid, None, moment, place), True
