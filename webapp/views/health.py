"""Whether the program works, for whoever watches it."""

from flask import Blueprint, Response, current_app, jsonify
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from models import migrations
from webapp.bell import bell
from webapp.db import database

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """Answer 200 when the database answers, 503 otherwise."""
    try:
        with database().connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return jsonify(database=False), 503
    return jsonify(database=True), 200


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Answer 200 when visitors can be sent here: the database stands at this program's migration.

    `queue` tells whether Redis answers; without it everything works, notices only later.
    """
    try:
        with database().connect() as connection:
            stands_at = connection.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        stands_at = None
    ready = stands_at == _head()
    return jsonify(ready=ready, queue=_queue_answers()), 200 if ready else 503


def _head() -> str:
    # Read from files once: the program cannot change under its own feet.
    if "head" not in current_app.extensions:
        current_app.extensions["head"] = migrations.head()
    found: str = current_app.extensions["head"]
    return found


def _queue_answers() -> bool:
    found = bell()
    try:
        return found is not None and bool(found.redis.ping())
    except RedisError:
        return False
