"""Help: every term is explained, and leads there from the texts in which it stands."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Visitor
from webapp.terms import TERMS, with_terms

AsUser = Callable[[str], Visitor]
LINK = re.compile(r'<a class="term" href="/hulp#(begrip-[a-z-]+)">')


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("case_manager", "/werkvoorraad"),
        ("placement_officer", "/koppelen"),
        ("manager", "/doorstroom"),
        ("quota_officer", "/taakstelling/inwonertallen"),
        ("functional_manager", "/beheer/normen"),
    ],
)
def test_a_term_on_a_page_leads_to_its_meaning(as_user: AsUser, name: str, path: str) -> None:
    visitor = as_user(name)
    visitor.get(path)
    anchors = LINK.findall(visitor.page)
    assert anchors
    visitor.get("/hulp")
    for anchor in anchors:
        assert f'id="{anchor}"' in visitor.page


def test_every_term_is_explained_once_in_each_language(as_user: AsUser) -> None:
    visitor = as_user("utrecht")
    for language, words in (
        ("nl", "Een huishouden dat samen op een woning wacht."),
        ("en", "case"),
    ):
        visitor.post("/taal", {"language": language})
        visitor.get("/hulp")
        assert words in visitor.page
        found = re.findall(r'id="begrip-([a-z-]+)"', visitor.page)
        assert sorted(found) == sorted(term.anchor for term in TERMS)


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Een huishouden en nog een huishouden.", ["begrip-huishouden"]),
        ("De warme overdracht.", ["begrip-warme-overdracht"]),
        ("Een normaal gezin in een huishoudenslijst.", []),
        ("Mail naar taakstelling.rijk@example.org of norm@example.org.", []),
        ("<b> Ruimte </b> & meer", ["begrip-ruimte"]),
    ],
)
def test_a_text_links_each_term_once(application: Flask, text: str, linked: list[str]) -> None:
    with application.test_request_context():
        made = str(with_terms(text))
    assert LINK.findall(made) == linked
    assert "<b>" not in made
    assert (
        re.sub(r"</?a[^>]*>", "", made)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        == text
    )
