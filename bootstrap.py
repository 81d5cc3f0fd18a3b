"""Make everything that `thuisroute` needs, with nothing but Python: `python3 bootstrap.py`.

Packages come from whatever registries pip, uv and npm use on this machine, and each must have
the hash that the lock files name. What is made already is not made again.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "thuisroute-stamp.json"
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "webapp" / "static" / "vendor"
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class SetupError(Exception):
    """Something that a person must mend; the message says what."""


def main(words: "list[str]") -> int:
    """Set up for `run`, or with `--test` for the tests, or with `--browser` for all of them."""
    if sys.version_info < OLDEST:
        return _with_newer_python()
    purpose = "test" if {"--test", "--browser"} & set(words) else "run"
    try:
        make_python(purpose)
        make_vendor(whole=purpose == "test")
        if "--browser" in words:
            find_browser()
    except SetupError as error:
        print(f"\nSet-up stopped: {error}", file=sys.stderr)
        return 1
    return 0


def make_python(purpose: str) -> None:
    """Make `.venv` with the locked packages and the project in it; raises SetupError."""
    locks = {
        "run": digest(ROOT / "requirements.lock", ROOT / "pyproject.toml"),
        "test": digest(ROOT / "requirements-test.lock", ROOT / "pyproject.toml"),
    }
    made = _read_stamp()
    if made.get(purpose) == locks[purpose] and made.get("root") == str(ROOT):
        return
    _make_venv()
    say("uv, which installs the rest")
    _pip("install", "--require-hashes", "--no-deps", "-r", "requirements-setup.lock")
    lock = "requirements.lock" if purpose == "run" else "requirements-test.lock"
    say(f"Python packages of {lock}")
    _install("--require-hashes", "--no-deps", "-r", lock)
    _install("--no-deps", "--no-build-isolation", "--editable", ".")
    # The packages of the tests include those of the program.
    done = {"root": str(ROOT), **(locks if purpose == "test" else {"run": locks["run"]})}
    STAMP.write_text(json.dumps(done))


def make_vendor(*, whole: bool) -> None:
    """Copy the front-end files into `webapp/static/vendor`; raises SetupError.

    With `whole`, node_modules must be there too: tests read axe-core from it.
    """
    manifest = VENDOR / "manifest.json"
    wanted = digest(ROOT / "package-lock.json", ROOT / "config" / "vendor.toml")
    fresh = manifest.is_file() and json.loads(manifest.read_text())["made_from"] == wanted
    if not fresh or (whole and not MODULES.is_dir()):
        _fetch_modules()
    if not fresh:
        say("front-end files into webapp/static/vendor")
        copied = {name: _copy(source, VENDOR / name) for name, source in vendor_files().items()}
        manifest.write_text(json.dumps({"made_from": wanted, "sha256": copied}, indent=1) + "\n")


def vendor_files() -> "dict[str, str]":
    """Return the path in node_modules of each file of the vendor folder, by its name there."""
    import tomllib  # noqa: PLC0415 - an older Python must get as far as the message about it

    listed = tomllib.loads((ROOT / "config" / "vendor.toml").read_text())
    licences = {f"licences/{name}": source for name, source in listed["licences"].items()}
    return {**listed["files"], **licences}


def digest(*paths: Path) -> str:
    """Return one SHA-256 over the contents of some files."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def find_browser() -> None:
    """Make sure of a Chromium for the browser tests; raises SetupError."""
    if any(map(shutil.which, BROWSERS)):
        return
    remedy = "Install Chromium for the browser tests (Debian: apt-get install chromium)."
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise SetupError(remedy)
    say("Chromium")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        _run([apt, "-qq", *words], "apt-get could not install Chromium. " + remedy, quiet)


def say(what: str) -> None:
    """Tell what is being made, since the first time takes a minute."""
    print(f"[{time.strftime('%H:%M:%S')}] {what}", flush=True)


def _with_newer_python() -> int:
    for minor in range(20, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 - this very script, other Python
    print("thuisroute needs Python 3.11 or newer; this is " + sys.version, file=sys.stderr)
    return 1


def _read_stamp() -> "dict[str, str]":
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def _make_venv() -> None:
    usable = PYTHON.exists() and _succeeds([str(PYTHON), "-m", "pip", "--version"])
    if usable:
        return
    say("Python environment in .venv")
    remedy = (
        "Python could not make a virtual environment. On Debian and Ubuntu its module comes apart: "
        "apt-get install python3-venv."
    )
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)], remedy)


def _pip(*words: str) -> None:
    remedy = "pip could not fetch packages: is there a network, and are pip's settings right?"
    _run([str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", *words], remedy)


def _install(*words: str) -> None:
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]
    if not _succeeds([*uv, "--compile-bytecode", *words]):
        # A machine may have told pip of its own registry, and not uv.
        _pip("install", *words)


def _fetch_modules() -> None:
    npm = shutil.which("npm") or str(VENV / "bin" / "npm")
    if not Path(npm).exists():
        say("Node, since this machine has no npm")
        _install("--require-hashes", "--no-deps", "-r", "requirements-node.lock")
    say("front-end packages of package-lock.json")
    remedy = "npm could not fetch packages: is there a network, and are npm's settings right?"
    _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], remedy)


def _copy(source: str, target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(MODULES / source, target)
    except FileNotFoundError as error:
        raise SetupError(f"config/vendor.toml names {source}, which npm did not bring") from error
    return digest(target)


def _surroundings() -> "dict[str, str]":
    # A system account often has no home; the caches then stay within the environment.
    homeless = {
        "UV_CACHE_DIR": str(VENV / "cache" / "uv"),
        "npm_config_cache": str(VENV / "cache" / "npm"),
    }
    with_node = os.pathsep.join((os.environ.get("PATH", os.defpath), str(VENV / "bin")))
    base = {**os.environ, "PATH": with_node}
    return base if os.access(Path.home(), os.W_OK) else {**homeless, **base}


def _succeeds(command: "list[str]") -> bool:
    done = subprocess.run(command, cwd=ROOT, env=_surroundings(), check=False, capture_output=True)
    return done.returncode == 0


def _run(command: "list[str]", remedy: str, env: "dict[str, str] | None" = None) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env=env or _surroundings(), check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise SetupError(f"{remedy}\n\n{said}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
