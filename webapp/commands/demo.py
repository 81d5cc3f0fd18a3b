"""Build the demo: the Netherlands of 1 February 2017 with synthetic people."""

import os
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import Connection, make_url
from tqdm import tqdm

from config import settings as configuration
from config.settings import Settings
from models import filling, make_engine
from webapp.commands.migrate import migrate
from webapp.db import transaction
from webapp.demo.build import DemoState, build, state_of
from webapp.demo.users import SignIn
from webapp.embedded import EngineUrls, engines

SIGN_INS = "demo-sign-ins.txt"
OWN_DATABASE = (
    "A demo is never built in a database of your own. Unset DATABASE_URL and name an empty folder "
    "in THUISROUTE_DATA; the program then starts a database there."
)


@click.group("demo")
def command() -> None:
    """Build a demo with synthetic people."""


@command.command("build")
def build_command() -> None:
    """Build the demo in an empty data folder."""
    settings = configuration.load()
    if not settings.embedded_database:
        raise click.ClickException(OWN_DATABASE)
    with engines(settings) as urls:
        migrate(urls, settings)
        if not build_when_empty(settings, urls):
            raise click.ClickException(
                f"The data folder {settings.data} holds data already. Name another in "
                "THUISROUTE_DATA to build a demo there."
            )
    click.echo((settings.data / SIGN_INS).read_text())


def build_when_empty(settings: Settings, urls: EngineUrls) -> bool:
    """Build the demo in an embedded database without organisations; tells whether it did.

    A demo whose build broke off is built anew. Raises ClickException for a database of the user's
    own.
    """
    if not settings.embedded_database or urls.database_owner_url is None:
        raise click.ClickException(OWN_DATABASE)
    # A build that breaks off is made again from the start: no commit need wait for the disk.
    engine = make_engine(urls.database_url, filling=True)
    try:
        with engine.connect() as connection:
            state = state_of(connection)
        if state is DemoState.FILLED:
            return False
        if state is DemoState.BROKEN_OFF:
            click.echo("An earlier build of the demo broke off; it starts anew.")
            engine.dispose()
            _empty(urls, settings)
        click.echo("Building the demo: 1 February 2017, all people are synthetic.")
        _as_owner(urls.database_owner_url, filling.lay_aside)
        with tqdm(unit=" steps", smoothing=0.05) as bar:
            sign_ins = build(engine, settings.sealing_key(), bar)
    finally:
        engine.dispose()
    click.echo("Checking what refers to what, and making the indexes.")
    _as_owner(urls.database_owner_url, filling.complete)
    _keep(settings.data / SIGN_INS, sign_ins)
    return True


def _empty(urls: EngineUrls, settings: Settings) -> None:
    # Alembic is slow to import, and most commands never migrate.
    from models import migrations  # noqa: PLC0415

    role = make_url(urls.database_url).username
    if urls.database_owner_url is not None and role is not None:
        _as_owner(urls.database_owner_url, filling.complete)
        migrations.downgrade(urls.database_owner_url, role, "base")
        migrate(urls, settings)


def _as_owner(owner_url: str, change: Callable[[Connection], None]) -> None:
    """Change what only the owner of the tables may."""
    engine = make_engine(owner_url)
    try:
        with transaction(engine) as connection:
            change(connection)
    finally:
        engine.dispose()


def _keep(path: Path, sign_ins: list[SignIn]) -> None:
    lines = [
        f"{each.role.value:<19} {each.organisation:<38} {each.email:<46} {each.password}"
        for each in sign_ins
    ]
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - the rights come first
        file.write("\n".join(lines) + "\n")
