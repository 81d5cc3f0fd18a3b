"""The queue of jobs: it rings the bell, the outbox in the database holds the truth."""

from redis import Redis
from rq import Queue

# Jobs carry ids only, and a pickle would run whatever somebody put into Redis.
SERIALIZER = "json"
DEFAULT = "default"


def connect(redis_url: str) -> Redis:
    """Return a connection for queue and worker; it is made on first use."""
    return Redis.from_url(redis_url)


def job_queue(connection: Redis, name: str = DEFAULT) -> Queue:
    """Return a queue whose jobs are stored as JSON."""
    return Queue(name, connection=connection, serializer=SERIALIZER)
