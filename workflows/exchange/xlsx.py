"""Tables as XLSX workbooks, written row by row."""

from datetime import date, datetime
from typing import BinaryIO

from xlsxwriter import Workbook

from workflows.exchange.sheet import Sheet, plain

# The instants of a workbook's own properties say nothing and must not change its bytes.
_WRITTEN = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no zones


def write_xlsx(sheet: Sheet, stream: BinaryIO) -> None:
    """Write a sheet with the table and one that says what it was made from."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(stream, options) as book:
        book.set_properties({"title": sheet.name, "created": _WRITTEN})
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        table = book.add_worksheet(sheet.name)
        table.freeze_panes(1, 1)
        table.write_row(0, 0, sheet.columns, bold)
        for number, row in enumerate(sheet.counted(), start=1):
            for column, cell in enumerate(map(plain, row)):
                if cell is not None:
                    table.write(number, column, cell, day if isinstance(cell, date) else None)
        about = book.add_worksheet("about")
        for number, (name, value) in enumerate(sheet.statements().items()):
            about.write_row(number, 0, (name, value))
