"""The commands of `thuisroute`."""

from importlib import import_module
from importlib.util import find_spec
from keyword import iskeyword

import click

from config import logging, settings
from webapp.embedded.errors import EngineError
from webapp.schema import SchemaMismatchError

# Each is a file of webapp/commands with a click command named `command`, imported when asked for.
COMMANDS = (
    "run",
    "migrate",
    "demo",
    "standing",
    "publish",
    "restate",
    "import",
    "export",
    "quota",
    "match",
    "verify",
    "rebuild",
    "process",
    "user",
)


def _module(name: str) -> str:
    """Return the module of a command; one that bears a word of Python ends with an underscore."""
    return f"webapp.commands.{name}_" if iskeyword(name) else f"webapp.commands.{name}"


class Commands(click.Group):
    """The list above as a click group."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order in which they are needed."""
        return [name for name in COMMANDS if find_spec(_module(name))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None when there is none of that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = import_module(_module(cmd_name)).command
        return found

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what a person must mend becomes a message instead of a traceback."""
        try:
            return super().invoke(ctx)
        except (EngineError, SchemaMismatchError) as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise click.FileError(str(error.filename), error.strerror) from error


@click.group(cls=Commands)
@click.version_option(package_name="thuisroute")
def main() -> None:
    """From reception centre to a home: linking, handover and housing of permit holders."""
    logging.configure(settings.load())
