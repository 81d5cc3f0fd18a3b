"""Passwords: Argon2id, and the same work for an account that does not exist."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
LONGEST = 200
SHORTEST = 12
GENERATED_BYTES = 12


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password (64 MiB, three passes, one lane)."""
    return _HASHER.hash(password)


def generate_password() -> str:
    """Return a random password of 16 characters."""
    return secrets.token_urlsafe(GENERATED_BYTES)


def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password is right; `stored` None costs the same time and is never right."""
    try:
        _HASHER.verify(stored or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe())


def prepare() -> None:
    """Do once, at the start, what would make the first unknown account slower than the next."""
    _nobodys_hash()
