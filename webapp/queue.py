"""The queue of jobs: it rings the bell, the outbox in the database holds the truth."""

from redis import Redis
from rq import Queue

# Jobs carry ids only, and a pickle would run whatever somebody put into Redis.
SERIALIZER = "json"
DEFAULT = "default"
# Notices have a worker of their own, so that long work never holds them up.
NOTICES = "notices"
QUEUES = (DEFAULT, NOTICES)


def connect(redis_url: str, patience: float | None = None) -> Redis:
    """Return a connection for queue and worker, made on first use; `patience` in seconds."""
    return Redis.from_url(redis_url, socket_connect_timeout=patience, socket_timeout=patience)


def job_queue(connection: Redis, name: str = DEFAULT) -> Queue:
    """Return a queue whose jobs are stored as JSON."""
    return Queue(name, connection=connection, serializer=SERIALIZER)
