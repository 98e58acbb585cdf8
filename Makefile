# Each target sets everything up from a bare checkout: its own .venv, nothing installed by hand.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
BENCH := .venv-bench
COVERAGE := --cov --cov-branch --cov-report=term
# As pip does with what it copies: where Python may not write bytecode, each process would compile 300 modules anew.
COMPILE := $(BIN)/python -m compileall -q src

.PHONY: demo test test-all lint format docs bench mutants clean chromium

demo: $(READY)
	$(BIN)/cytovigil demo -o demo-output

test: $(READY) chromium
	$(BIN)/python -m pytest -q -m "not slow" $(COVERAGE)

test-all: $(READY) chromium
	$(BIN)/python -m pytest -q $(COVERAGE)

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(READY)
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/hazards.py
	$(BIN)/mkdocs build --strict --quiet

# About an hour. A first impression in some minutes: make bench QUICK=--quick
bench: $(BENCH)/.ready
	$(COMPILE)
	$(BENCH)/bin/python -m benchmarks.compare $(QUICK)

# Libraries to compare with stay out of the package and its tests: an environment of their own.
$(BENCH)/.ready: benchmarks/requirements.txt $(READY)
	$(BIN)/python -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c requirements-dev.txt --editable .
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@touch $@

# All of the engine takes hours: make mutants SAMPLE=300 tries so many of each.
SAMPLE ?= 0
mutants: $(READY)
	$(BIN)/python tests/mutation/run.py --sample $(SAMPLE)

# The report is tried in a real browser.
chromium:
	@command -v chromium >/dev/null || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	  else echo "no chromium: tests in a browser are skipped; 'sudo apt-get install chromium' installs it" >&2; fi; }

clean:
	rm -rf .venv .venv-bench demo-output site mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

$(READY): pyproject.toml requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "cytovigil needs Python 3.11 or later: make PYTHON=python3.12 ..." >&2; exit 2; }
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv; \
	  else echo "Python's venv is missing: install it with 'sudo apt-get install python3-venv', then run make again" >&2; exit 2; fi; fi
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(COMPILE)
	@touch $@
