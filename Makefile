# `make run` and `make test` are all that a newcomer needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run setup test test-full lint bench lock

run: setup
	@exec $(BIN)/thuisroute run --prepare

setup:
	@$(PYTHON) bootstrap.py

test: lint
	@$(BIN)/pytest --numprocesses 2 --dist loadfile

test-full:
	@$(PYTHON) bootstrap.py --browser
	@$(BIN)/pytest -m "full or browser"

lint:
	@$(PYTHON) bootstrap.py --test
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# Each file of bench/ prints its figures as JSON.
bench:
	@$(PYTHON) bootstrap.py --test
	@for file in bench/[a-z]*.py; do $(BIN)/python $$file || exit 1; done

# After a change of dependencies in pyproject.toml or package.json; commit what it writes.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header
lock:
	@$(PYTHON) bootstrap.py
	$(COMPILE) pyproject.toml --group build --output-file requirements.lock
	$(COMPILE) pyproject.toml --group build --group test --constraints requirements.lock \
		--output-file requirements-test.lock
	$(COMPILE) --group setup --output-file requirements-setup.lock
	$(COMPILE) --group node --output-file requirements-node.lock
	npm install --package-lock-only --ignore-scripts
