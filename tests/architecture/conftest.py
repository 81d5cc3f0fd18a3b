"""The application as it is composed, over a database that no rule asks."""

import pytest
from flask import Flask
from sqlalchemy import create_engine

from config.settings import Settings


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return the application; its engine would fail at the first connection."""
    # Imported here, so that the rules of the other rooms hold also while a page is being made.
    from webapp.app import create_app  # noqa: PLC0415

    settings = Settings(
        data=tmp_path_factory.mktemp("data"),
        database_url=None,
        database_owner_url=None,
        redis_url=None,
        theme_css="",
    )
    return create_app(settings, create_engine("postgresql://nobody@127.0.0.1:1/nothing"))
