"""Behind the `dataref` of an event: what happened, and the case as its organisation may see it."""

from flask import Blueprint, Response, request
from flask_limiter.errors import RateLimitExceeded
from pydantic_core import to_json
from werkzeug.exceptions import HTTPException

from webapp.api.keys import problem, system, system_key
from webapp.clock import moment
from webapp.db import transaction
from webapp.throttle import limiter
from workflows.errors import NotFound
from workflows.reading.told import told

blueprint = Blueprint("events", __name__, url_prefix="/api/v1")
PER_KEY = "120 per minute"
PER_ADDRESS = "600 per minute"


@blueprint.get("/gebeurtenissen/<reference:reference>")
@limiter.limit(PER_KEY, key_func=system_key)
@limiter.limit(PER_ADDRESS)
def event(reference: str) -> Response:
    """Return an event with its case; the reading is logged."""
    with transaction() as connection:
        found = told(connection, system(), reference, moment())
    return Response(to_json(found), mimetype="application/json")


@blueprint.errorhandler(NotFound)
def _not_found(_error: NotFound) -> Response:
    return problem(404, "Not Found", "No such event, or not yours to see (any more).")


@blueprint.errorhandler(RateLimitExceeded)
def _too_many(_error: RateLimitExceeded) -> Response:
    answer = problem(429, "Too Many Requests", f"At most {PER_KEY}; wait a minute.")
    answer.headers["Retry-After"] = "60"
    return answer


@blueprint.errorhandler(HTTPException)
def _other(error: HTTPException) -> Response:
    return problem(error.code or 500, error.name, f"{request.method} is not possible here.")
