"""Start the servers of a data folder, say where they are, and wait: `engine_script.py FOLDER`."""

import json
import sys
from pathlib import Path

from config.settings import Settings
from webapp.embedded import EngineError, engines


def main() -> int:
    """Hold the servers until standard input closes; return 1 with a message when refused."""
    settings = Settings(
        data=Path(sys.argv[1]), database_url=None, database_owner_url=None, redis_url=None
    )
    try:
        with engines(settings, exclusive=True) as urls:
            sys.stdout.write(json.dumps(urls._asdict()) + "\n")
            sys.stdout.flush()
            sys.stdin.read()
    except EngineError as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
