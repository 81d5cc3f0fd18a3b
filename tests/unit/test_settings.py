"""Settings: their example, their folder and their secrets."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from config import example
from config.settings import Settings, project_root


def test_the_example_equals_the_settings() -> None:
    written = (project_root() / "example.env").read_text()
    assert written == example.render(), "run: python -m config.example > example.env"


def test_the_example_gives_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(example.environment_name(field), raising=False)
    lines = (project_root() / "example.env").read_text().splitlines()
    used = [line.removeprefix("# ") for line in lines if "=" in line and " " not in line[2:]]
    assert len(used) == len(Settings.model_fields)
    (tmp_path / ".env").write_text("\n".join(used))
    assert Settings(_env_file=tmp_path / ".env") == Settings()


def test_a_relative_folder_starts_at_the_projects_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THUISROUTE_DATA", "elsewhere/data")
    monkeypatch.chdir("/")
    assert Settings().data == project_root() / "elsewhere" / "data"


def test_urls_have_no_prefix_and_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://program:geheim@db/thuisroute")
    settings = Settings()
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value().endswith("@db/thuisroute")
    assert not settings.embedded_database
    assert "geheim" not in repr(settings)


def test_a_mistake_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THUISROUTE_PORT", "eighty")
    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_keys_are_made_once_and_kept_closed(tmp_path: Path) -> None:
    first, second = Settings(data=tmp_path / "data"), Settings(data=tmp_path / "data")
    assert first.signing_key() == second.signing_key()
    assert first.sealing_key() == second.sealing_key()
    assert first.signing_key() != first.sealing_key().decode()
    kept = list((tmp_path / "data" / "secrets").iterdir())
    assert {path.name for path in kept} == {"signing-key", "sealing-key"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


def test_a_given_key_is_used_and_not_kept(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", secret_key="of my own")
    assert settings.signing_key() == "of my own"
    assert not (tmp_path / "data").exists()
