"""Problem pages in plain words; what went wrong inside is logged under a code, never shown."""

import secrets
from dataclasses import dataclass, field

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import BadRequest, HTTPException

from webapp.marking import N_
from workflows.errors import NotFound

log = structlog.get_logger()
LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK = "40P01"
BUSY = N_(
    "Iemand anders is hier net mee bezig. Er is niets opgeslagen; verstuur het formulier nog een "
    "keer."
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What happened and what the visitor can do."""

    title: str
    happened: str
    advice: list[str] = field(default_factory=list)


def install(app: Flask) -> None:
    """Answer every error with a page of the program's own."""
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(NotFound, lambda _error: not_found())
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(PoolTimeoutError, _database)
    app.register_error_handler(Exception, _unexpected)


def page(problem: Problem, status: int, *, reference: str | None = None) -> Response:
    """Return a problem page; plain text when even that cannot be made."""
    try:
        body = render_template(
            "errors/problem.html", problem=problem, reference=reference, back_url="/"
        )
    except Exception:
        log.exception("problem page failed")
        body = f"{problem.title}\n{problem.happened}\n"
        return make_response(body, status, {"Content-Type": "text/plain; charset=utf-8"})
    return make_response(body, status)


def not_found() -> Response:
    """Answer the same for what does not exist and for what is not the visitor's to see."""
    return page(
        Problem(
            gettext("Deze pagina is er niet"),
            gettext("Het adres klopt niet, of u mag deze pagina niet zien."),
            [
                gettext("Controleer het adres."),
                gettext("Zoek het dossier op met het V-nummer."),
            ],
        ),
        404,
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status == 404:  # noqa: PLR2004 - HTTP's own number
        return not_found()
    if error.response is not None:
        return make_response(error.response)
    problems = {
        405: Problem(
            gettext("Dit kan zo niet"),
            gettext("Deze pagina kan niet op deze manier worden geopend."),
        ),
        413: Problem(
            gettext("Dit is te groot"),
            gettext(
                "Wat u verstuurde is groter dan het programma aanneemt. Er is niets opgeslagen."
            ),
            [gettext("Ga terug en maak de tekst korter.")],
        ),
    }
    general = Problem(
        gettext("Dit is niet gelukt"),
        gettext("Het programma kon deze aanvraag niet lezen. Er is niets opgeslagen."),
        [gettext("Ga terug, ververs de pagina en probeer het opnieuw.")],
    )
    return page(problems.get(status, general), status)


def _form_too_old(_error: CSRFError) -> Response:
    return page(
        Problem(
            gettext("Dit formulier is verlopen"),
            gettext("Uw gegevens zijn niet opgeslagen, omdat u intussen opnieuw bent aangemeld."),
            [gettext("Ga terug, ververs de pagina en verstuur het formulier opnieuw.")],
        ),
        400,
    )


def _too_many(_error: RateLimitExceeded) -> Response:
    answer = page(
        Problem(
            gettext("Even wachten"),
            gettext("Er is te vaak achter elkaar geprobeerd aan te melden."),
            [gettext("Wacht een kwartier en probeer het dan opnieuw.")],
        ),
        429,
    )
    answer.headers["Retry-After"] = "900"
    return answer


def is_busy(error: OperationalError | PoolTimeoutError) -> bool:
    """Tell whether another transaction was in the way, so that trying again helps."""
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    return code in {LOCK_NOT_AVAILABLE, DEADLOCK}


def _unstorable(error: DataError) -> Response:
    """Answer what PostgreSQL cannot hold; a form says it beside its field, so this is noted."""
    log.warning("unstorable value", endpoint=request.endpoint, place=_place(error))
    return _http(BadRequest())


def _database(error: OperationalError | PoolTimeoutError) -> Response:
    if is_busy(error):
        return page(
            Problem(
                gettext("Iemand anders is hier net mee bezig"),
                gettext("Het dossier wordt op dit moment gewijzigd. Er is niets opgeslagen."),
                [gettext("Ga terug en verstuur het formulier nog een keer.")],
            ),
            409,
        )
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    # The message of a database error can quote values; its kind and the place say enough.
    log.error(
        "request failed",
        reference=reference,
        endpoint=request.endpoint,
        error=type(error).__name__,
        place=_place(error),
    )
    return page(
        Problem(
            gettext("Er ging iets mis"),
            gettext("Het ligt niet aan u. Er is niets opgeslagen."),
            [gettext("Probeer het over een paar minuten opnieuw.")],
        ),
        500,
        reference=reference,
    )


def _place(error: BaseException) -> list[str]:
    """Return where an error arose, as file names and lines without any values."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]
