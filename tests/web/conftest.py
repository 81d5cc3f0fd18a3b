"""The application over a small world, and visitors who sign in as its users."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from pydantic import SecretStr
from sqlalchemy import text
from werkzeug.test import TestResponse

from config.settings import Settings
from tests.world import TODAY, World
from webapp.app import create_app
from webapp.throttle import limiter

PASSWORD = "een lang wachtwoord"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_HIDDEN = re.compile(r'name="(form_version|form_key)"[^>]*value="([^"]*)"')


class CompiledTemplates(BytecodeCache):
    """What one application compiled of the templates, for the next one of this session."""

    def __init__(self) -> None:
        self._compiled: dict[str, tuple[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket when its template was compiled from the same text."""
        checksum, code = self._compiled.get(bucket.key, ("", b""))
        if checksum == bucket.checksum:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key] = (bucket.checksum, bucket.bytecode_to_string())


_COMPILED = CompiledTemplates()


@dataclass
class Visitor:
    """A browser without scripts: it keeps cookies and sends forms with their hidden fields."""

    client: FlaskClient
    page: str = ""
    status: int = 0
    hidden: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> TestResponse:
        """Open a page and remember its form."""
        return self.read(self.client.get(path))

    def post(self, path: str, values: Mapping[str, Any] | None = None) -> TestResponse:
        """Send a form with the token of the last page."""
        sent = {"csrf_token": self.token(), **self.hidden, **(values or {})}
        return self.read(self.client.post(path, data=sent))

    def token(self) -> str:
        """Return the token of the last page, or of the page for signing in."""
        found = _TOKEN.search(self.page)
        if found is None:
            self.read(self.client.get("/hulp", follow_redirects=True))
            found = _TOKEN.search(self.page)
        assert found is not None
        return found.group(1)

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        """Sign in as a user of the world."""
        self.get("/aanmelden")
        return self.post("/aanmelden", {"email": f"{name}@example.org", "password": password})

    def step(self, case: str, code: str, values: Mapping[str, Any]) -> TestResponse:
        """Open the form of a step and send it."""
        self.get(f"/dossiers/{case}/{code}")
        assert self.status == 200, self.page[-2000:]
        return self.post(f"/dossiers/{case}/{code}", values)

    def read(self, response: TestResponse) -> TestResponse:
        """Remember the status, the page and the form of an answer."""
        body = response.get_data(as_text=True)
        self.status = response.status_code
        if body.lstrip().startswith("<!doctype"):
            self.page = unescape(body)
            self.hidden = {name: unescape(value) for name, value in _HIDDEN.findall(body)}
        response.close()
        return response


def make_application(world: World, settings: Settings) -> Flask:
    """Return the application over a world whose day stands still."""
    with world.database.engine(owner=True) as engine, engine.begin() as connection:
        connection.execute(
            text("UPDATE user_account SET password_hash = :hash"), {"hash": _hashed()}
        )
        connection.execute(
            text(
                "INSERT INTO program_fact (name, value, recorded_at)"
                " VALUES ('demo_today', :day, now()), ('clock_offset_seconds', '0', now())"
            ),
            {"day": TODAY.isoformat()},
        )
    made = create_app(settings, world.engine)
    made.jinja_env.bytecode_cache = _COMPILED
    return made


# A hash names its own cost: what protects people from guessing would be waited for at each sign-in.
@cache
def _hashed() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def settings_without_redis(data: Path) -> Settings:
    """Return settings of a data folder without Redis, so that throttling counts in this process."""
    return Settings(
        data=data,
        database_url=SecretStr("postgresql://unused"),
        redis_url=None,
        secret_key=SecretStr("the signing key of the tests"),
        seal_key=SecretStr("the seal of the tests, 32 bytes."),
    )


@pytest.fixture
def web_settings(tmp_path: Path) -> Settings:
    """Return the settings of this test alone."""
    return settings_without_redis(tmp_path)


@pytest.fixture
def application(world: World, web_settings: Settings) -> Flask:
    """Return the application of this test alone."""
    made = make_application(world, web_settings)
    with made.app_context():
        limiter.reset()
    return made


@pytest.fixture
def visitor(application: Flask) -> Visitor:
    """Return a visitor who has not signed in."""
    return Visitor(application.test_client())


@pytest.fixture
def as_user(application: Flask) -> Callable[[str], Visitor]:
    """Return a function that signs a user of the world in."""

    def signed_in(name: str) -> Visitor:
        made = Visitor(application.test_client())
        answer = made.sign_in(name)
        assert answer.status_code == 302, made.page
        return made

    return signed_in
