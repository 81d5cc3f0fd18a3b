"""The client profile as a tagged PDF that a screen reader follows (PDF/UA-1)."""

import json
from dataclasses import asdict
from pathlib import Path

import typst

from webapp.client_profile import Section

SOURCE = Path(__file__).resolve().parent.parent / "templates" / "handover" / "profile.typ"


def profile_pdf(
    title: str, lines: list[str], sections: list[Section], *, language: str, footer: str
) -> bytes:
    """Return the document; its title, language and structure are set for assistive technology.

    A name in a script for which no font is at hand makes a document that is tagged as well, but
    cannot claim the standard, since it would be unreadable in part.
    """
    data = {
        "title": title,
        "author": "Thuisroute",
        "language": language,
        "lines": lines,
        "footer": footer,
        "sections": [asdict(section) for section in sections],
    }
    source = SOURCE.read_bytes()
    given = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        return typst.compile(source, sys_inputs=given, pdf_standards="ua-1")
    except typst.TypstError:
        return typst.compile(source, sys_inputs=given)
