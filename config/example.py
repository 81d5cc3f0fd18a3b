"""Write the settings as `example.env`: `python -m config.example > example.env`."""

import sys

from config.settings import Settings

_HEADING = """\
# Copy to `.env` and take the number sign away where a value should differ.
# Made from config/settings.py by `python -m config.example > example.env`.
"""


def render() -> str:
    """Return each setting with its description and default, commented out."""
    return _HEADING + "".join(_entry(name) for name in Settings.model_fields)


def environment_name(field: str) -> str:
    """Return the variable of a field, with the prefix unless it has a name of its own."""
    alias = Settings.model_fields[field].validation_alias
    return field.upper() if alias is not None else f"THUISROUTE_{field.upper()}"


def _entry(field: str) -> str:
    info = Settings.model_fields[field]
    default = "" if info.default is None else str(info.default)
    if isinstance(info.default, bool):
        default = default.lower()
    return f"\n# {info.description}\n# {environment_name(field)}={default}\n"


if __name__ == "__main__":
    sys.stdout.write(render())
