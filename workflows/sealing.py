"""The keyed hash over the personal values of an event, which outlives their erasure."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any


def seal(values: Mapping[str, Any], key: bytes) -> bytes:
    """Return the 32-byte keyed hash of JSON values; the order of their names does not matter.

    The database keeps JSON in an order of its own, so the names are sorted before hashing.
    """
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return blake2b(text.encode(), key=key, digest_size=32).digest()
