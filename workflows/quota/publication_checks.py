"""Makes publications again to see that they are still what was given out."""

from collections.abc import Iterator
from io import BytesIO

from sqlalchemy import Connection

from workflows.exchange.formats import Format
from workflows.exchange.sheet import DEFINITION
from workflows.quota.difference import Difference
from workflows.quota.publication import file_made, publications
from workflows.quota.table import read_standing


def published_otherwise(connection: Connection) -> Iterator[Difference]:
    """Make the text files of each publication again and name those with another hash.

    Spreadsheets hold the same rows; making them takes a library whose next version may write
    other bytes.
    """
    for each in publications(connection):
        if each.definition != DEFINITION:
            continue
        found = read_standing(connection, each.valid, each.known)
        for form in (Format.CSV, Format.JSON):
            with BytesIO() as stream:
                made = file_made(found, each.known, form, stream)
            if made.sha256 != (stored := each.hashes.get(form, "none")):
                subject = f"{each.reference} {form}"
                yield Difference("publication", subject, stored[:16], made.sha256[:16])
