"""The set-up script: what it decides, without network."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project of its own, with one front-end package that npm already brought."""
    venv, vendor = tmp_path / ".venv", tmp_path / "webapp" / "static" / "vendor"
    for name, path in {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "thuisroute-stamp.json",
        "MODULES": tmp_path / "node_modules",
        "VENDOR": vendor,
    }.items():
        monkeypatch.setattr(bootstrap, name, path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "vendor.toml").write_text(
        '[files]\n"small.js" = "small/dist.js"\n[licences]\n"small.txt" = "small/LICENSE"\n'
    )
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "node_modules" / "small").mkdir(parents=True)
    (tmp_path / "node_modules" / "small" / "dist.js").write_text("let x;")
    (tmp_path / "node_modules" / "small" / "LICENSE").write_text("MIT")
    monkeypatch.setattr(bootstrap, "_fetch_modules", lambda: None)
    return tmp_path


def test_files_and_licences_are_copied_with_their_hashes(project: Path) -> None:
    bootstrap.make_vendor(whole=False)
    vendor = project / "webapp" / "static" / "vendor"
    manifest = json.loads((vendor / "manifest.json").read_text())
    assert (vendor / "small.js").read_text() == "let x;"
    assert set(manifest["sha256"]) == {"small.js", "licences/small.txt"}
    assert manifest["sha256"]["small.js"] == bootstrap.digest(vendor / "small.js")


def test_a_second_time_nothing_is_copied_until_the_list_changes(project: Path) -> None:
    bootstrap.make_vendor(whole=False)
    copied = project / "webapp" / "static" / "vendor" / "small.js"
    copied.write_text("as it was")
    bootstrap.make_vendor(whole=True)
    assert copied.read_text() == "as it was"
    (project / "package-lock.json").write_text("{ }")
    bootstrap.make_vendor(whole=False)
    assert copied.read_text() == "let x;"


def test_a_file_that_npm_did_not_bring_is_named(project: Path) -> None:
    (project / "node_modules" / "small" / "dist.js").unlink()
    with pytest.raises(bootstrap.SetupError, match=r"small/dist\.js"):
        bootstrap.make_vendor(whole=False)


def test_missing_venv_module_tells_the_debian_package(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not (project / ".venv").exists()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(bootstrap.SetupError, match="apt-get install python3-venv"):
        bootstrap._make_venv()


def test_no_network_is_said(project: Path) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to("/bin/false")
    with pytest.raises(bootstrap.SetupError, match="is there a network"):
        bootstrap._pip("install", "anything")


@pytest.mark.parametrize(
    "name",
    ["requirements.lock", "requirements-test.lock", "requirements-setup.lock", "package-lock.json"],
)
def test_locks_name_hashes_and_no_registry(name: str) -> None:
    text = (Path(bootstrap.__file__).parent / name).read_text()
    assert "--index-url" not in text
    assert '"resolved"' not in text
    assert not re.search(r"@ (https?|file):", text)
    if name.endswith(".lock"):
        pinned = len(re.findall(r"^[a-z0-9][^ \n]*==", text, re.MULTILINE))
        assert pinned == len(re.findall(r"^[a-z0-9].*\n    --hash=sha256:", text, re.MULTILINE))


def test_the_script_needs_no_package_at_all() -> None:
    code = "import bootstrap; bootstrap.vendor_files()"
    root = Path(bootstrap.__file__).parent
    subprocess.run([sys.executable, "-S", "-c", code], check=True, cwd=root)


def test_a_missing_browser_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(bootstrap.SetupError, match="apt-get install chromium"):
        bootstrap.find_browser()
