"""Who acts: a user with the grants that hold today."""

from dataclasses import dataclass
from functools import cached_property

from models.vocabulary import Role


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A role in an organisation; `area_code` is its municipality's or province's code.

    `absent_id` is the colleague for whom it is held by a substitute, None for one's own.
    """

    role: Role
    organisation_id: int
    organisation_name: str
    area_code: str | None = None
    absent_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """A signed-in user and the grants that hold at the moment of use."""

    user_id: int
    name: str
    grants: tuple[HeldGrant, ...]

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles that the actor holds anywhere."""
        return frozenset(grant.role for grant in self.grants)

    @cached_property
    def stands_in_for(self) -> tuple[int, ...]:
        """The users whose work is the actor's now: oneself, and those who are absent."""
        absent = {grant.absent_id for grant in self.grants if grant.absent_id is not None}
        return (self.user_id, *sorted(absent))

    def organisations(self, role: Role) -> list[int]:
        """Return the organisations in which the actor holds a role."""
        return self._organisations.get(role, [])

    def areas(self, role: Role) -> list[str]:
        """Return the municipality or province codes for which the actor holds a role."""
        return self._areas.get(role, [])

    def organisation_for(self, roles: frozenset[Role]) -> int | None:
        """Return the first organisation in which the actor holds one of the roles."""
        return next((grant.organisation_id for grant in self.grants if grant.role in roles), None)

    @cached_property
    def _organisations(self) -> dict[Role, list[int]]:
        found: dict[Role, list[int]] = {}
        for grant in self.grants:
            found.setdefault(grant.role, []).append(grant.organisation_id)
        return found

    @cached_property
    def _areas(self) -> dict[Role, list[str]]:
        found: dict[Role, list[str]] = {}
        for grant in self.grants:
            if grant.area_code is not None:
                found.setdefault(grant.role, []).append(grant.area_code)
        return found
