"""Renews the English catalogue: `python -m webapp.translating` after any text has changed.

New texts come without translation; a test tells which those are.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from webapp.extraction import ROOT, catalogue

ENGLISH = ROOT / "webapp" / "translations" / "en" / "LC_MESSAGES" / "messages.po"


def read(path: Path = ENGLISH) -> Catalog:
    """Return the catalogue of a file."""
    with path.open("rb") as file:
        return read_po(file, locale="en")


def renew(path: Path = ENGLISH) -> Catalog:
    """Bring the catalogue up to date with the texts, and compile it."""
    kept = read(path) if path.exists() else Catalog(locale="en")
    kept.update(catalogue(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, kept, width=100, no_location=True, sort_output=True, include_previous=False)
    compile_catalogue(kept, path.with_suffix(".mo"))
    return kept


def compile_catalogue(kept: Catalog, path: Path) -> None:
    """Write the form that the program reads."""
    with path.open("wb") as file:
        write_mo(file, kept)


if __name__ == "__main__":
    renew()
