"""Make users from the command line: the first administrator of an installation above all."""

import click
from sqlalchemy import Connection, select

from config import settings
from config.settings import Settings
from models import Organisation, make_engine
from models.vocabulary import OrganisationKind, Role
from webapp.clock import Clock
from webapp.db import transaction
from webapp.embedded import engines
from webapp.installation import foundation
from webapp.passwords import generate_password, hash_password
from webapp.schema import require_head
from workflows.administration import FITTING
from workflows.errors import Refused
from workflows.installation import install, is_installed
from workflows.moment import Moment
from workflows.trail import record_audit
from workflows.users import NewUser, add_users


@click.group("user")
def command() -> None:
    """Manage users."""


@command.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--organisation", required=True, help="Name of the organisation, such as Utrecht.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
def add(email: str, name: str, role: str, organisation: str, language: str) -> None:
    """Add a user with a role; the generated password is printed once."""
    chosen = settings.load()
    password = generate_password()
    with engines(chosen) as urls:
        require_head(urls.database_url)
        engine = make_engine(urls.database_url, name="user")
        try:
            moment = Clock(engine, chosen).moment()
            with transaction(engine) as connection:
                _install_when_empty(connection, moment)
                place = _organisation(connection, Role(role), organisation)
                new = NewUser(
                    email=email,
                    name=name,
                    password_hash=hash_password(password),
                    grants=((Role(role), place),),
                    language=language,
                )
                _add(connection, new, moment)
        finally:
            engine.dispose()
    click.echo(f"User {email} was added. Password, shown once: {password}")
    _second_factor_note(chosen)


def _install_when_empty(connection: Connection, moment: Moment) -> None:
    """Fill a database of nobody's yet with the organisations and rules that all start from."""
    if not is_installed(connection):
        install(connection, foundation(moment.today), moment)
        click.echo("Organisations, municipalities, norms and count rules were installed.")


def _add(connection: Connection, new: NewUser, moment: Moment) -> None:
    if "@" not in new.email:
        raise click.ClickException("The e-mail address needs an @.")
    try:
        add_users(connection, [new], moment, valid_from=moment.today)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    record_audit(connection, moment, None, "user_added", fields=tuple(r for r, _ in new.grants))


def _organisation(connection: Connection, role: Role, name: str) -> int:
    rows = connection.execute(
        select(Organisation.id, Organisation.kind).where(Organisation.name == name)
    ).all()
    fitting = [row[0] for row in rows if OrganisationKind(row[1]) in FITTING[role]]
    if not fitting:
        kinds = ", ".join(sorted(FITTING[role]))
        raise click.ClickException(
            f"There is no organisation named {name!r} for the role {role} ({kinds})."
        )
    found: int = fitting[0]
    return found


def _second_factor_note(chosen: Settings) -> None:
    if chosen.second_factor:
        click.echo("At the first sign-in the user sets up a second factor, if the role asks one.")
