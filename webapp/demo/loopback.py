"""A demo answers this machine only: whoever reads its sign-ins gets in without a second factor."""

from ipaddress import ip_address

import click

from models import make_engine
from workflows.reading.facts import program_facts


def is_loopback(host: str) -> bool:
    """Tell whether an address is reached from this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def require_loopback(host: str, database_url: str) -> None:
    """Refuse to serve a demo to others; raises ClickException."""
    if is_loopback(host):
        return
    engine = make_engine(database_url)
    try:
        with engine.connect() as connection:
            demo = "demo_started" in program_facts(connection)
    finally:
        engine.dispose()
    if demo:
        raise click.ClickException(
            f"A demo answers this machine only, and THUISROUTE_HOST is {host}. Set it to 127.0.0.1."
        )
