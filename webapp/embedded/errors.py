"""What a person must mend before the embedded servers can run."""


class EngineError(Exception):
    """A server cannot run; the message says why and what to do."""
