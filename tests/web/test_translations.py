"""The English catalogue is complete, keeps every named place, and is compiled."""

import re
from io import BytesIO

from babel.messages.mofile import write_mo

from webapp.extraction import catalogue
from webapp.translating import ENGLISH, read

_PLACES = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def test_every_text_has_an_english_translation() -> None:
    english = read()
    missing = []
    for message in catalogue():
        if not message.id:
            continue
        key = texts(message.id)[0]
        found = english.get(key)
        if found is None or not all(texts(found.string)):
            missing.append(key)
    assert missing == [], "add them to the catalogue: python -m webapp.translating"


def test_translations_keep_every_named_place() -> None:
    for message in read():
        if message.id:
            wanted = {name for text in texts(message.id) for name in _PLACES.findall(text)}
            given = {name for text in texts(message.string) for name in _PLACES.findall(text)}
            assert wanted == given, message.id


def test_the_compiled_catalogue_is_that_of_the_texts() -> None:
    made = BytesIO()
    write_mo(made, read())
    assert ENGLISH.with_suffix(".mo").read_bytes() == made.getvalue()
