"""The quotas and the opening balance of the demo, on the days that they became known."""

from datetime import date

from sqlalchemy import Engine

from models.vocabulary import ApportionMethod, QuotaKind
from webapp.db import transaction
from webapp.demo.calendar import QUOTA_ANNOUNCED, SECOND_QUOTA_ANNOUNCED
from webapp.demo.figures import EXEMPT
from webapp.demo.past import Past
from webapp.demo.plan import Plan
from webapp.demo.rooms import OPENING_ON
from workflows.actor import Actor
from workflows.quota.assignment import Announcement, assign_quota
from workflows.quota.ledger import Line, post_lines
from workflows.quota.period import HalfYear

PREVIOUS, PRESENT = HalfYear(2016, 2), HalfYear(2017, 1)


class Quotas:
    """What the quota officer of the demo does."""

    def __init__(self, engine: Engine, officer: Actor, past: Past, plan: Plan) -> None:
        self._engine, self._officer, self._past, self._plan = engine, officer, past, plan

    def first(self) -> None:
        """Assign the quota of the second half of 2016."""
        self._assign(
            QUOTA_ANNOUNCED,
            Announcement(
                half_year=PREVIOUS,
                persons=self._plan.nation.quota_previous,
                method=ApportionMethod.GIVEN,
                source="Demonstratie: taakstelling tweede helft 2016",
                exempt=EXEMPT,
                figures={each.code: each.quota_previous for each in self._plan.figures},
            ),
        )

    def opening(self) -> None:
        """Post what each municipality was behind or ahead when the program began."""
        lines = [
            Line(
                municipality_code=each.code,
                half_year=PREVIOUS,
                kind=QuotaKind.OPENING,
                persons=each.opening_previous,
                reason="Beginstand bij ingebruikname",
            )
            for each in self._plan.figures
        ]
        with transaction(self._engine) as connection:
            post_lines(connection, self._officer, lines, self._past.on(OPENING_ON))

    def second(self) -> None:
        """Assign the quota of the first half of 2017."""
        self._assign(
            SECOND_QUOTA_ANNOUNCED,
            Announcement(
                half_year=PRESENT,
                persons=self._plan.nation.quota,
                method=ApportionMethod.PUBLISHED_HALF_UP,
                source="Demonstratie: taakstelling eerste helft 2017",
                exempt=EXEMPT,
            ),
        )

    def _assign(self, day: date, announced: Announcement) -> None:
        with transaction(self._engine) as connection:
            assign_quota(connection, self._officer, announced, self._past.on(day))
