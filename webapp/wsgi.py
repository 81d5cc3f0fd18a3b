"""What the web server starts: `application`; it refuses a database of another version."""

import gc
import sys

from config import logging
from config.settings import load
from models import make_engine
from webapp.app import create_app
from webapp.schema import SchemaMismatchError, require_head

_settings = load()
logging.configure(_settings)
if _settings.database_url is None:
    sys.stderr.write("The web server needs DATABASE_URL; thuisroute run gives it.\n")
    sys.exit(2)
_url = _settings.database_url.get_secret_value()
try:
    require_head(_url)
except SchemaMismatchError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(3)

application = create_app(_settings, make_engine(_url, pool_size=_settings.threads, name="web"))
# What the start made lives as long as the process: a request need not wait for a walk past it.
gc.collect()
gc.freeze()
