"""Throttling of sign-in per address and per account; without Redis, per process."""

from hashlib import blake2b

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from config.settings import Settings

PER_ADDRESS = "60 per 5 minutes"
PER_ACCOUNT = "10 per 15 minutes"
PER_USER = "10 per 15 minutes"

limiter = Limiter(
    get_remote_address,
    in_memory_fallback_enabled=True,
    headers_enabled=False,
    key_prefix="thuisroute-throttle",
)


def install(app: Flask, settings: Settings) -> None:
    """Count in Redis, where one is configured."""
    url = None if settings.redis_url is None else settings.redis_url.get_secret_value()
    app.config["RATELIMIT_STORAGE_URI"] = _storage(url)
    app.config["RATELIMIT_STORAGE_OPTIONS"] = (
        {} if url is None else {"socket_connect_timeout": 1, "socket_timeout": 1}
    )
    limiter.init_app(app)


def _storage(url: str | None) -> str:
    if url is None:
        return "memory://"
    # The name of the scheme for a socket differs between redis-py and limits.
    return url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url


def account_key() -> str:
    """Return a key for the account that is tried; Redis never holds an address."""
    email = request.form.get("email", "").strip().lower().encode(errors="replace")
    return blake2b(email, digest_size=16, person=b"sign-in").hexdigest()
