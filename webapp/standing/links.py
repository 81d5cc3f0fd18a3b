"""What each figure of the table opens: the lines, and so the persons, behind it."""

from flask import url_for

from webapp.standing.question import Question
from workflows.quota.figures import Figure


def line_addresses(question: Question) -> dict[str, str]:
    """Return the address of the lines behind each figure, but for the code of the area."""
    return {
        figure.value: url_for(
            "standing_lines.lines", cijfer=figure.value, **question.dates.arguments
        )
        + "&gebied="
        for figure in Figure
    }
