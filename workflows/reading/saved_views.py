"""The saved views that a user may open: own ones, and those shared within the organisations."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select

from models import Organisation, SavedView, User
from workflows.actor import Actor


@dataclass(frozen=True, slots=True)
class View:
    """A saved view; `shared_with` names the organisation, `owner` the user who made it."""

    reference: str
    name: str
    query: str
    own: bool
    owner: str
    shared_with: str | None


@dataclass(frozen=True, slots=True)
class Workplace:
    """An organisation of the actor's with which a view can be shared."""

    reference: str
    name: str


def views(connection: Connection, actor: Actor) -> list[View]:
    """Return the actor's own views and those shared in the actor's organisations, by name."""
    rows = connection.execute(
        select(
            SavedView.reference,
            SavedView.name,
            SavedView.query,
            SavedView.user_id == actor.user_id,
            User.name,
            Organisation.name,
        )
        .join(User, User.id == SavedView.user_id)
        .outerjoin(Organisation, Organisation.id == SavedView.organisation_id)
        .where(
            or_(
                SavedView.user_id == actor.user_id,
                and_(SavedView.shared, SavedView.organisation_id.in_(_organisations(actor))),
            )
        )
        .order_by(func.lower(SavedView.name), SavedView.id)
    )
    return [View(*row) for row in rows]


def workplaces(connection: Connection, actor: Actor) -> list[Workplace]:
    """Return the organisations in which the actor holds a role, by name."""
    rows = connection.execute(
        select(Organisation.reference, Organisation.name)
        .where(Organisation.id.in_(_organisations(actor)))
        .order_by(Organisation.name)
    )
    return [Workplace(*row) for row in rows]


def _organisations(actor: Actor) -> list[int]:
    return sorted({grant.organisation_id for grant in actor.grants})
