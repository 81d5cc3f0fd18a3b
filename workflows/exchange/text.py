"""Tables as CSV and JSON, row by row."""

import csv
import json
from collections.abc import Sequence
from datetime import date
from io import TextIOWrapper
from typing import BinaryIO

from workflows.exchange.formulas import unfooled
from workflows.exchange.sheet import Cell, Sheet, plain


def write_csv(sheet: Sheet, stream: BinaryIO) -> None:
    """Write CSV in UTF-8; what the file states of itself are the last columns of each row."""
    text = TextIOWrapper(stream, "utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    about = sheet.statements()
    writer.writerow([*sheet.columns, *about])
    for row in sheet.counted():
        writer.writerow([*map(unfooled, map(plain, row)), *about.values()])
    text.detach()


def write_json(sheet: Sheet, stream: BinaryIO) -> None:
    """Write one JSON object: `about`, and `rows` with an object on a line each."""
    head = json.dumps(sheet.statements(), ensure_ascii=False)
    stream.write(f'{{"about": {head},\n"rows": ['.encode())
    separator = "\n"
    for row in sheet.counted():
        stream.write(f"{separator}{_object(sheet.columns, row)}".encode())
        separator = ",\n"
    stream.write(b"\n]}\n")


def _object(columns: Sequence[str], row: Sequence[Cell]) -> str:
    named = {
        name: cell.isoformat() if isinstance(cell, date) else cell
        for name, cell in zip(columns, row, strict=True)
    }
    return json.dumps(named, ensure_ascii=False)
