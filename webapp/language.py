"""The language of a request: the user's own choice, the browser session's, or the setting."""

from flask import Flask, has_request_context, session
from flask_babel import Babel

from config.settings import Settings
from webapp.auth import signed_in

LANGUAGES = ("nl", "en")


def install(app: Flask, settings: Settings) -> None:
    """Let Flask-Babel ask for the language at every request."""

    def choose() -> str:
        visitor = signed_in() if has_request_context() else None
        if visitor is not None:
            return visitor.session.language
        chosen = session.get("language") if has_request_context() else None
        return chosen if chosen in LANGUAGES else settings.locale

    Babel(
        app,
        default_locale=settings.locale,
        default_timezone=settings.timezone,
        locale_selector=choose,
    )
