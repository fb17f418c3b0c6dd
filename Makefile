# make run · make test · make check · make bench: each makes .venv by itself, and again when requirements.lock has changed

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/ready
ARGS ?=

.PHONY: run test check bench lock
.DEFAULT_GOAL := run

run: $(READY)
	$(VENV)/bin/paintbot run $(ARGS)

test: $(READY)
	$(VENV)/bin/pytest -n 2 --dist loadfile $(ARGS)

check: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/deptry .

bench: $(READY)
	$(VENV)/bin/pytest -o addopts="-p nicegui.testing.user_plugin" -o timeout=900 -q -s tests/bench $(ARGS)

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Paintbot needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@echo "Making $(VENV), once: about a minute."
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

# for maintainers: resolve every pin again (needs uv)
lock:
	uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes --no-header --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
