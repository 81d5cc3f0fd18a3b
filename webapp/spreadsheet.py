"""Tables as CSV files that spreadsheets open without being fooled."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response, make_response

from workflows.exchange.formulas import unfooled


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return a CSV file in UTF-8; `name` is the file's name without its ending."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(map(unfooled, row) for row in rows)
    answer = make_response(text.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
