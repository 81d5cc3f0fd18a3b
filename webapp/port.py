"""The port that the program listens on."""

import http.client
import socket
import time

import click

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, never bound here
_CLOSING_TAKES = 3.0


def require_free(host: str, port: int) -> None:
    """Refuse a port that another program listens on; raises ClickException.

    Waits a moment, because a web server of a program that was just killed still closes it.
    """
    until = time.monotonic() + _CLOSING_TAKES
    while (problem := _binding_problem(host, port)) is not None:
        if time.monotonic() > until:
            raise click.ClickException(
                f"Cannot listen on {host} port {port} ({problem}). Choose another port, for "
                f"instance: THUISROUTE_PORT={port + 1 if port < 65535 else 8000} make run"  # noqa: PLR2004 - the last port
            )
        time.sleep(0.1)


def answers(host: str, port: int) -> bool:
    """Whether the web server gives an answer, of whatever kind."""
    connection = http.client.HTTPConnection(_EVERYWHERE.get(host, host), port, timeout=5)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _binding_problem(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError as error:
            return error.strerror or str(error)
    return None
