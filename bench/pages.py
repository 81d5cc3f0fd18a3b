"""Server time and queries of the pages of daily work, for who sees most and who sees least.

The demo is built at two sizes; neither figure may depend on which. A third time it has a million
finished cases behind it, as after many years of use. Requests go through the whole
WSGI application in this process. Queries are what the driver was asked to execute, begin, commit
and the pool's ping aside.
"""

import gc
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from time import perf_counter
from typing import Any

from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, event, func, select
from tqdm import tqdm

from bench.ground.history import lay_behind
from bench.ground.measure import Json, options, publish, target
from bench.ground.visits import Visits, ask, count_queries
from bench.ground.world import servers
from config.settings import Settings
from models import Case, User, filling, make_engine
from models.vocabulary import LIVE_STATES
from webapp.app import create_app
from webapp.auth import COOKIE
from webapp.demo.build import build
from webapp.demo.figures import TODAY
from webapp.embedded import EngineUrls
from workflows import policy
from workflows.actor import Actor
from workflows.permissions import Permission
from workflows.policy import may
from workflows.sign_in import open_session
from workflows.users import load_actors

SIZES = ((0.1, 0), (1.0, 0), (1.0, 1_000_000))
CASES = 40
WARM = 5
# Pages without a case in their address, and what one must be permitted to open them.
PAGES = {
    "queue": ("/werkvoorraad?tab=team", Permission.VIEW_CASE),
    "tasks": ("/taken", Permission.VIEW_CASE),
    "inbox": ("/gemeente", Permission.TAKE_UP),
    "standing": ("/taakstelling", Permission.VIEW_STANDING),
    "flow": ("/doorstroom", Permission.VIEW_COUNTS),
}
# What is held to the target: the others are reported beside them.
HELD = ("queue", "case")
FLOW_MS = 50


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in user with some of the cases that they may see."""

    role: str
    visible: int
    client: FlaskClient
    cases: list[str]
    pages: dict[str, str]

    def addresses(self, turn: int) -> dict[str, str]:
        """Return the pages to ask for in a turn, a case in its turn among them."""
        if not self.cases:
            return self.pages
        return self.pages | {"case": f"/dossiers/{self.cases[turn % len(self.cases)]}"}


def main() -> None:
    """Measure and publish."""
    asked = options("Server time and queries of the queue and a case.", rounds=40)
    sizes = [_measure(scale, behind, asked.rounds) for scale, behind in SIZES]
    pages = [
        page
        for size in sizes
        for visitor in size["visitors"]
        for page in visitor["pages"]
        if page["page"] in HELD
    ]
    slowest = max(page["p95_ms"] for page in pages)
    queries = max(page["queries"] for page in pages)
    base = max(size["baseline"]["p95_ms"] for size in sizes)
    content: Json = {
        "unit": "p95 of server time, ms",
        "n": asked.rounds,
        "rounds": asked.rounds,
        "value": slowest,
        "baseline": {"name": "healthz by the same application, p95", "value": base},
        "ratio": round(slowest / base, 2),
        "targets": [
            target("slowest p95, ms", slowest, most=100),
            target("most queries of a page", queries, most=15),
            target("queries more at the larger size", _growth(sizes) + 1.0, most=1),
            *(
                target(f"Doorstroom at {size['cases']} cases, p50, ms", _flow(size), most=FLOW_MS)
                for size in sizes[1:]
            ),
        ],
        "sizes": sizes,
    }
    publish("pages", asked, content)


def _growth(sizes: list[Json]) -> int:
    """Return by how many queries any page grows from the smaller to the larger demo."""
    small, *larger = (
        [
            page["queries"]
            for visitor in size["visitors"]
            for page in visitor["pages"]
            if page["page"] in HELD
        ]
        for size in sizes
    )
    return max(
        int(after) - int(before)
        for large in larger
        for before, after in zip(small, large, strict=True)
    )


def _flow(size: Json) -> float:
    """Return the p50 of Doorstroom for whom it takes longest."""
    return max(
        float(page["p50_ms"])
        for visitor in size["visitors"]
        for page in visitor["pages"]
        if page["page"] == "flow"
    )


def _measure(scale: float, behind: int, rounds: int) -> Json:
    with servers("pages") as (settings, urls):
        started = perf_counter()
        emails = _fill(settings, urls, scale, behind)
        built = perf_counter() - started
        engine = make_engine(urls.database_url)
        event.listen(engine, "do_connect", count_queries)
        with engine.connect() as connection:
            total = connection.scalar(select(func.count()).select_from(Case))
        app = create_app(_configured(settings, urls), engine)
        app.testing = True
        # As wsgi.py does; here what was built would be walked too.
        gc.collect()
        gc.freeze()
        visitors = [_visitor(engine, app.test_client(), who) for who in _chosen(engine, emails)]
        health, visits = _visit(app.test_client(), visitors, rounds)
        engine.dispose()
    return {
        "scale": scale,
        "cases": total,
        "build_seconds": round(built, 1),
        "baseline": health.figure(),
        "visitors": [
            {
                "role": visitor.role,
                "visible_live_cases": visitor.visible,
                "pages": [{"page": name, **pages[name].figure()} for name in pages],
            }
            for visitor, pages in zip(visitors, visits, strict=True)
        ],
    }


def _visit(
    anybody: FlaskClient, visitors: list[Visitor], rounds: int
) -> tuple[Visits, list[dict[str, Visits]]]:
    """Let the visitors take turns page by page, with the baseline in between."""
    health = Visits()
    visits: list[dict[str, Visits]] = [
        {name: Visits() for name in visitor.addresses(0)} for visitor in visitors
    ]
    for turn in range(rounds + WARM):
        kept = turn >= WARM
        ask(anybody, "/healthz", health if kept else Visits())
        for visitor, pages in zip(visitors, visits, strict=True):
            for name, address in visitor.addresses(turn).items():
                ask(visitor.client, address, pages[name] if kept else Visits())
    return health, visits


def _fill(settings: Settings, urls: EngineUrls, scale: float, behind: int) -> list[str]:
    """Build a demo as `thuisroute demo build` does, with history, and return who can sign in."""
    owner = make_engine(urls.database_owner_url or "")
    engine = make_engine(urls.database_url, filling=True)
    with owner.begin() as connection:
        filling.lay_aside(connection)
    made = build(engine, settings.sealing_key(), tqdm(disable=True), scale=scale)
    with owner.begin() as connection:
        filling.complete(connection)
    if behind:
        lay_behind(owner, behind)
    engine.dispose()
    owner.dispose()
    return [each.email for each in made]


def _configured(settings: Settings, urls: EngineUrls) -> Settings:
    return Settings(
        data=settings.data,
        database_url=SecretStr(urls.database_url),
        database_owner_url=None,
        redis_url=SecretStr(urls.redis_url),
    )


def _chosen(engine: Engine, emails: list[str]) -> list[Actor]:
    """Return who sees most live cases, who sees least but some, and who sees counts only."""
    with engine.connect() as connection:
        keys = connection.scalars(select(User.id).where(User.email.in_(emails))).all()
        actors = load_actors(connection, list(keys), TODAY).values()
        seen = [(_visible(connection, actor), actor.user_id, actor) for actor in actors]
    some = sorted(each for each in seen if each[0] > 0)
    counts = [each for each in seen if each[0] == 0 and may(each[2], Permission.VIEW_COUNTS)]
    return [some[-1][2], some[0][2], *(each[2] for each in counts[:1])]


def _visible(connection: Connection, actor: Actor) -> int:
    return connection.scalar(_cases(actor, func.count())) or 0


def _cases(actor: Actor, *columns: Any) -> Any:
    return (
        select(*columns)
        .where(
            Case.state.in_(sorted(LIVE_STATES)), policy.visible(actor, Permission.VIEW_CASE, TODAY)
        )
        .select_from(Case)
    )


def _visitor(engine: Engine, client: FlaskClient, actor: Actor) -> Visitor:
    token = f"bench-{actor.user_id}"
    with engine.begin() as connection:
        digest = sha256(token.encode()).digest()
        open_session(connection, actor.user_id, digest, timedelta(hours=1), second_factor=True)
        number = _visible(connection, actor)
        cases = list(connection.scalars(_cases(actor, Case.reference).order_by(Case.reference)))
    client.set_cookie(COOKIE, token)
    role = actor.grants[0]
    return Visitor(
        f"{role.role} {role.organisation_name}",
        number,
        client,
        cases[:: max(len(cases) // CASES, 1)],
        {name: address for name, (address, needed) in PAGES.items() if may(actor, needed)},
    )


if __name__ == "__main__":
    main()
