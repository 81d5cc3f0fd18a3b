"""The version and the key of a form that was sent for a step: read, and given anew."""

from wtforms import Form

from webapp import forms


def version_of(shown: Form) -> int | None:
    """Return the version that the form was made for; a broken one never matches."""
    typed = str(shown[forms.VERSION].data or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1  # noqa: PLR2004 - a version is a small number


def key_of(shown: Form) -> str:
    """Return the form's key; a form without one gets a new one, and so acts once as well."""
    return forms.usable_key(str(shown[forms.KEY].data or ""))


def renew(shown: Form, version: int) -> None:
    """Give a form a new key and the present version, so that sending it again acts."""
    shown[forms.KEY].data = forms.new_key()
    shown[forms.VERSION].data = str(version)
