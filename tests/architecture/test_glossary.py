"""Each code has a Dutch word, and stands in docs/glossary.md with it."""

from collections.abc import Iterable
from enum import StrEnum

import pytest

from models.vocabulary import CaseState
from tests.architecture.sources import ROOT
from webapp import glossary
from workflows.permissions import Permission

GLOSSARY = ROOT / "docs" / "glossary.md"


def missing(text: str, enumerations: Iterable[type[StrEnum]]) -> list[str]:
    """Find codes that a glossary does not hold in the section of their enumeration."""
    found = []
    for each in enumerations:
        _, _, rest = text.partition(f"### {each.__name__}\n")
        section = rest.partition("### ")[0]
        found += [f"{each.__name__}.{code}" for code in each if f"| `{code}` |" not in section]
    return found


def test_every_code_stands_in_the_glossary_holds() -> None:
    text = GLOSSARY.read_text()
    assert missing(text, glossary.enumerations()) == []
    assert text == glossary.renew(text), "run: python -m webapp.glossary"


def test_every_code_stands_in_the_glossary_catches_a_planted_violation() -> None:
    class CaseState(StrEnum):
        REGISTERED = "registered"
        FORGOTTEN = "forgotten"

    assert missing(GLOSSARY.read_text(), [CaseState]) == ["CaseState.forgotten"]
    with pytest.raises(KeyError):
        glossary.word(CaseState.FORGOTTEN)
    with pytest.raises(ValueError, match="lost the line"):
        glossary.renew("# Glossary\n")


def test_the_words_are_those_of_the_screens() -> None:
    assert glossary.word(CaseState.HOUSED) == "Gehuisvest"
    assert glossary.word(Permission.SIGN_OFF) == "Afmelden"
