"""Secrets that the program makes once and keeps in its data folder."""

import os
import secrets
from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner enters; raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def read_or_make(path: Path) -> str:
    """Return the secret in `path`, made on first use with mode 0600; raises OSError."""
    if not path.exists():
        private_folder(path.parent)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        # Two processes may come here at once: link refuses the second, so both read the first's.
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
