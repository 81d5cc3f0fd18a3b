"""Logs hold no personal data, in either form."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from config.logging import configure
from config.settings import Settings


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_personal_fields_are_hidden(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings.model_validate({"log_format": log_format}))
    structlog.get_logger().info("case registered", case="K7M2Q", bsn="999990019")
    line = capsys.readouterr().err
    assert "K7M2Q" in line
    assert "(hidden)" in line
    assert "999990019" not in line


def test_a_traceback_shows_no_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure(Settings(log_format="json"))
    people = {"given name": "Amina".upper()}
    try:
        people["family name"]
    except KeyError:
        structlog.get_logger().exception("step failed")
    line = capsys.readouterr().err
    assert json.loads(line)["exception"][0]["exc_type"] == "KeyError"
    assert "AMINA" not in line
