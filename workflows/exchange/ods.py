"""Tables as ODS spreadsheets: the frame is odfdo's document, the rows are streamed into it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from odfdo import Cell as OdfCell
from odfdo import Document, Row, Table, XmlPart

from workflows.exchange.sheet import Cell, Sheet, plain

MIME = "application/vnd.oasis.opendocument.spreadsheet"
_PARTS = ("styles.xml", "meta.xml", "META-INF/manifest.xml")
_LISTED = frozenset({"/", "content.xml", "styles.xml", "meta.xml"})
_PLACE_OF_ROWS = "rows come here"
# The instants of a document's own properties say nothing and must not change its bytes.
_WRITTEN = datetime(2000, 1, 1)  # noqa: DTZ001 - a document's properties know no zones


def write_ods(sheet: Sheet, stream: BinaryIO) -> None:
    """Write a table with the rows and one that says what it was made from."""
    document = _frame(sheet)
    place = _row([_PLACE_OF_ROWS]).encode()
    before, _, after = _serialized(document, "content.xml").partition(place)
    with ZipFile(stream, "w") as archive:
        # First and not compressed, so that the kind of file can be read off its first bytes.
        archive.writestr(_member("mimetype", ZIP_STORED), MIME)
        with archive.open(_member("content.xml"), "w", force_zip64=True) as content:
            content.write(before)
            for row in sheet.counted():
                content.write(_row(row).encode())
            content.write(after)
        for part in _PARTS:
            archive.writestr(_member(part), _serialized(document, part))


def _frame(sheet: Sheet) -> Document:
    """Return a document with everything but the rows."""
    document = Document("spreadsheet")
    document.body.clear()
    document.body.append(_table(sheet.name, [sheet.columns, [_PLACE_OF_ROWS]]))
    document.body.append(_table("about", sheet.statements().items()))
    document.meta.set_title(sheet.name)
    document.meta.set_generator("Thuisroute")
    document.meta.set_creation_date(_WRITTEN)
    document.meta.set_language("nl-NL")
    manifest = document.manifest
    for path in set(manifest.get_paths()) - _LISTED:
        manifest.del_full_path(path)
    return document


def _serialized(document: Document, part: str) -> bytes:
    found = document.get_part(part)
    if not isinstance(found, XmlPart):
        raise TypeError(part)
    return found.serialize()


def _table(name: str, rows: Iterable[Sequence[Cell]]) -> Table:
    table = Table(name)
    for each in rows:
        row = Row()
        for cell in each:
            row.append(OdfCell(plain(cell)))
        table.append(row)
    return table


def _row(cells: Sequence[Cell]) -> str:
    row = Row()
    for cell in cells:
        row.append(OdfCell(plain(cell)))
    return row.serialize()


def _member(name: str, compressed: int = ZIP_DEFLATED) -> ZipInfo:
    """Return a member that bears no time of writing."""
    member = ZipInfo(name)
    member.compress_type = compressed
    return member
