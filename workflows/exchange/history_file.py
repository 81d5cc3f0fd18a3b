"""Reads a CSV file line by line: its size and encoding are checked, and its hash is made."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from workflows.errors import Refused
from workflows.exchange.history_rows import COLUMNS

MOST_OCTETS = 50_000_000
_LONGEST_LINE = 2_000


class HistoryFile:
    """A file of which rows are read once; afterwards `sha256` is that of its bytes.

    Its head must be `columns`.
    """

    def __init__(self, stream: BinaryIO, columns: Sequence[str] = COLUMNS) -> None:
        self._stream = stream
        self._columns = tuple(columns)
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash in hexadecimal digits."""
        return self._hash.hexdigest()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number and the cells of each row after the head.

        Raises `Refused` for a file that is too large, is no CSV in UTF-8 or has another head.
        """
        if self._stream.seekable():
            size = self._stream.seek(0, 2)
            self._stream.seek(0)
            _demand_small(size)
        reader = csv.reader(self._lines(), strict=True)
        try:
            self._demand_head(next(reader, []))
            for cells in reader:
                if cells:
                    yield reader.line_num, cells
        except csv.Error as error:
            raise Refused(
                "no_csv", "Regel {line} is geen CSV.", "file", {"line": reader.line_num}
            ) from error

    def _demand_head(self, head: list[str]) -> None:
        columns: dict[str, object] = {"columns": ",".join(self._columns)}
        if not head:
            raise Refused(
                "empty",
                "Dit bestand is leeg. De eerste rij moet zijn: {columns}.",
                "file",
                columns,
            )
        if len(head) == 1 and ";" in head[0]:
            raise Refused(
                "semicolons",
                "Dit bestand heeft puntkomma's tussen de waarden. Bewaar het met komma's; de"
                " eerste rij moet zijn: {columns}.",
                "file",
                columns,
            )
        if tuple(head) != self._columns:
            raise Refused("head", "De eerste rij moet zijn: {columns}.", "file", columns)

    def _lines(self) -> Iterator[str]:
        octets, number = 0, 0
        while line := self._stream.readline(_LONGEST_LINE):
            number += 1
            octets += len(line)
            _demand_small(octets)
            if len(line) == _LONGEST_LINE:
                raise Refused("long", "Regel {line} is te lang.", "file", {"line": number})
            self._hash.update(line)
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                raise Refused(
                    "no_utf8", "Regel {line} is geen tekst in UTF-8.", "file", {"line": number}
                ) from error


def _demand_small(octets: int) -> None:
    if octets > MOST_OCTETS:
        raise Refused(
            "too_large",
            "Dit bestand is te groot: meer dan {most} MB. Splits het in kleinere bestanden.",
            "file",
            {"most": MOST_OCTETS // 1_000_000},
        )
