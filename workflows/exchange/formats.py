"""The formats in which a table leaves the program: the same numbers in each.

Bytes depend on the table alone, and memory does not depend on the number of rows.
"""

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import BinaryIO

from workflows.exchange.sheet import Sheet

Writer = Callable[[Sheet, BinaryIO], None]


class Format(StrEnum):
    """A format; its value is the ending of the file's name."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """The media type, as a server names it."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Format.JSON: "application/json",
}
_WRITERS = {
    Format.CSV: ("text", "write_csv"),
    Format.JSON: ("text", "write_json"),
    Format.XLSX: ("xlsx", "write_xlsx"),
    Format.ODS: ("ods", "write_ods"),
}
# The rows of an XLSX sheet and of an ODS table in the common programs, less the head.
MOST_ROWS = 1_048_575


class TooManyRows(ValueError):
    """A spreadsheet cannot hold this many rows; CSV and JSON can."""


def write(sheet: Sheet, form: Format, stream: BinaryIO) -> None:
    """Write a table to a stream of bytes.

    Raises `TooManyRows` for a spreadsheet, and ValueError when other than the announced number of
    rows came.
    """
    if form in {Format.XLSX, Format.ODS} and sheet.count > MOST_ROWS:
        raise TooManyRows(f"{sheet.count} rows do not fit in a spreadsheet")
    module, name = _WRITERS[form]
    # Loaded when asked for: the libraries of spreadsheets take half a second.
    writer: Writer = getattr(import_module(f"workflows.exchange.{module}"), name)
    writer(sheet, stream)
