"""What every test needs before anything is imported: a place for PostgreSQL's sockets (its wheel warns without one)."""

import os
import tempfile

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
