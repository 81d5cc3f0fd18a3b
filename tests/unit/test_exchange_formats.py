"""The four formats hold the same numbers, say what they are, and do not change."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from odfdo import Document

from workflows.exchange import formats
from workflows.exchange.formats import Format, TooManyRows, write
from workflows.exchange.sheet import About, Cell, Sheet

ABOUT = About(valid=date(2017, 2, 1), known=datetime(2017, 2, 1, 8, 30, tzinfo=UTC))
COLUMNS = ("code", "name", "remaining", "late", "booked_on", "known", "done")
ROWS: list[tuple[Cell, ...]] = [
    ("GM0344", "Utrecht & <Vleuten>", 15_101, -800.67, date(2017, 1, 31), ABOUT.known, True),
    ("GM0363", "=1+1", -409, 0.5, date(2016, 7, 1), None, False),
]
STATED = {
    "valid": "2017-02-01",
    "known": "2017-02-01T08:30:00+00:00",
    "date_kind": "booked_on",
    "definition": "1",
    "rows": 2,
}
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet(rows: list[tuple[Cell, ...]] | None = None, count: int = 2) -> Sheet:
    return Sheet(
        name="standing",
        about=ABOUT,
        columns=COLUMNS,
        count=count,
        rows=iter(ROWS if rows is None else rows),
    )


def written(form: Format, made: Sheet | None = None) -> bytes:
    stream = io.BytesIO()
    write(made or sheet(), form, stream)
    assert not stream.closed
    return stream.getvalue()


def xlsx_rows(content: bytes, number: int) -> list[list[str]]:
    """Read the cells of a sheet as text, without the program that wrote them."""
    with ZipFile(io.BytesIO(content)) as archive:
        shared = []
        if "xl/sharedStrings.xml" in archive.namelist():
            shared = [
                "".join(item.itertext())
                for item in ET.fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314 - ours
            ]
        tree = ET.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314 - ours
    rows = []
    for row in tree.iter(f"{SHEET}row"):
        cells = []
        for cell in row:
            text = "".join(cell.itertext())
            cells.append(shared[int(text)] if cell.get("t") == "s" else text)
        rows.append(cells)
    return rows


def test_csv_states_its_dates_on_each_row() -> None:
    found = list(csv.DictReader(io.StringIO(written(Format.CSV).decode())))
    assert [row["remaining"] for row in found] == ["15101", "-409"]
    assert [row["late"] for row in found] == ["-800.67", "0.5"]
    assert {key: found[0][key] for key in STATED if key != "known"} | {"rows": 2} == {
        key: value for key, value in STATED.items() if key != "known"
    }
    assert found[1]["name"] == "'=1+1"


def test_json_holds_values_as_they_are() -> None:
    found = json.loads(written(Format.JSON))
    assert found["about"] == STATED
    assert [list(row) for row in found["rows"]] == [list(COLUMNS)] * 2
    assert found["rows"][0]["remaining"] == 15_101
    assert found["rows"][0]["booked_on"] == "2017-01-31"
    assert found["rows"][1]["done"] is False
    assert json.loads(written(Format.JSON, sheet([], 0)))["rows"] == []


def test_xlsx_holds_numbers_as_numbers_and_no_formula() -> None:
    content = written(Format.XLSX)
    head, first, second = xlsx_rows(content, 1)
    assert head == list(COLUMNS)
    assert first[:4] == ["GM0344", "Utrecht & <Vleuten>", "15101", "-800.67"]
    assert second[1:3] == ["=1+1", "-409"]
    assert dict(xlsx_rows(content, 2)) == {key: str(value) for key, value in STATED.items()}
    with ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_ods_opens_again_with_the_same_values() -> None:
    content = written(Format.ODS)
    document = Document(io.BytesIO(content))
    table, about = document.body.tables
    assert [table.name, about.name] == ["standing", "about"]
    head, first, second = table.get_values()
    assert head == list(COLUMNS)
    assert first[:3] == ["GM0344", "Utrecht & <Vleuten>", 15_101]
    assert float(first[3]) == pytest.approx(-800.67)
    assert second[1:3] == ["=1+1", -409]
    assert dict(about.get_values()) == STATED
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert set(document.manifest.get_paths()) <= {*archive.namelist(), "/"}


@pytest.mark.parametrize("form", Format)
def test_a_file_has_the_same_bytes_each_time(form: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    before = written(form)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert written(form) == before
    assert form.media_type


@pytest.mark.parametrize("form", Format)
def test_a_file_never_states_another_number_of_rows(form: Format) -> None:
    with pytest.raises(ValueError, match="3 rows were announced and 2 came"):
        written(form, sheet(count=3))


@pytest.mark.parametrize("form", [Format.XLSX, Format.ODS])
def test_a_spreadsheet_refuses_what_it_cannot_hold(form: Format) -> None:
    with pytest.raises(TooManyRows):
        written(form, sheet(count=formats.MOST_ROWS + 1))


@pytest.mark.parametrize("form", Format)
def test_memory_does_not_grow_with_the_rows(form: Format) -> None:
    def many(count: int) -> Iterator[tuple[Cell, ...]]:
        for number in range(count):
            yield (f"GM{number:06}", "a municipality", number, None, None, None, None)

    def peak(count: int) -> int:
        with io.BytesIO() as kept:
            made = Sheet(name="m", about=ABOUT, columns=COLUMNS, count=count, rows=many(count))
            tracemalloc.start()
            write(made, form, kept)
            size = len(kept.getvalue())
            found = tracemalloc.get_traced_memory()[1] - 3 * size
            tracemalloc.stop()
            return found

    written(form)
    assert peak(1_000) < peak(200) + 200_000
