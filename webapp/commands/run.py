"""Start everything: databases, web server, worker and clock."""

import os
import signal
import sys
from importlib import import_module
from threading import Event

import click

from config.settings import Settings, load
from webapp.commands.migrate import migrate
from webapp.demo.loopback import require_loopback
from webapp.embedded import EngineUrls, engines, fallen, initialised
from webapp.port import answers, require_free
from webapp.queue import DEFAULT, NOTICES
from webapp.schema import require_head
from webapp.supervise import Supervisor, Watched

# The web server is given up before its first answer after so many ends in a row.
_HOPELESS = 3
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command("run")
@click.option(
    "--prepare", is_flag=True, help="First make the tables, and a demo where all is empty."
)
@click.option("--application", default="webapp.wsgi:application", hidden=True)
def command(*, prepare: bool, application: str) -> None:
    """Run the program until Ctrl-C or SIGTERM."""
    settings = load()
    _end_on_signal()
    if settings.embedded_database and not prepare and not initialised(settings):
        raise click.ClickException(
            f"The data folder {settings.data} is not initialised. `thuisroute migrate` makes an "
            "empty program there, `thuisroute demo build` or `make run` one with synthetic people."
        )
    with engines(settings, exclusive=True) as urls:
        require_free(settings.host, settings.port)
        if prepare:
            _prepare(settings, urls)
        require_head(urls.database_url)
        require_loopback(settings.host, urls.database_url)
        _serve(_processes(settings, urls, application), settings, _stop_on_signal())


def _end_on_signal() -> None:
    # While it prepares, an end comes at once; the way out still stops the servers in order.
    for number in _ENDINGS:
        signal.signal(number, lambda got, _frame: sys.exit(128 + got))


def _stop_on_signal() -> Event:
    stop = Event()
    for number in _ENDINGS:
        signal.signal(number, lambda *_: stop.set())
    return stop


def _prepare(settings: Settings, urls: EngineUrls) -> None:
    if urls.database_owner_url is not None:
        migrate(urls, settings)
    # A demo never enters a database of the user's own.
    if settings.embedded_database:
        import_module("webapp.commands.demo").build_when_empty(settings, urls)


def _serve(processes: list[Watched], settings: Settings, stop: Event) -> None:
    supervisor = Supervisor(processes)
    announced = False
    try:
        while not stop.wait(0.2):
            supervisor.tend()
            if not announced and answers(settings.host, settings.port):
                _announce(settings)
                announced = True
            _give_up_when_hopeless(supervisor, announced=announced)
    finally:
        click.echo("Stopping.")
        supervisor.end()


def _processes(settings: Settings, urls: EngineUrls, application: str) -> list[Watched]:
    environment = {
        name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"
    }
    environment |= {
        "DATABASE_URL": urls.database_url,
        "REDIS_URL": urls.redis_url,
        "THUISROUTE_DATA": str(settings.data),
    }
    python = [sys.executable, "-m"]
    web = [
        *python, "granian", "--interface", "wsgi", "--no-ws", "--http", "auto",
        "--host", settings.host, "--port", str(settings.port),
        "--workers", str(settings.workers),
        # A request holds one thread and at most one connection to the database.
        "--blocking-threads", str(settings.threads),
        "--log-level", "warning", "--respawn-failed-workers", "--workers-kill-timeout", "10",
        application,
    ]  # fmt: skip
    return [
        Watched("web", web, environment),
        Watched("worker", [*python, "webapp.worker", "jobs", DEFAULT], environment),
        Watched("notices", [*python, "webapp.worker", "jobs", NOTICES], environment),
        Watched("clock", [*python, "webapp.worker", "clock"], environment),
    ]


def _give_up_when_hopeless(supervisor: Supervisor, *, announced: bool) -> None:
    server = fallen()
    if server is not None:
        raise click.ClickException(f"{server} ended by itself; its log is in the data folder.")
    web = supervisor.processes[0]
    if not announced and web.failures >= _HOPELESS:
        raise click.ClickException("The web server does not start; the lines above say why.")


def _announce(settings: Settings) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"\nThuisroute runs on http://{host}:{settings.port}  (Ctrl-C stops it)")
    sign_ins = settings.data / "demo-sign-ins.txt"
    if sign_ins.is_file():
        click.echo(f"\nSign-ins of the demo, also in {sign_ins}:\n{sign_ins.read_text()}")
