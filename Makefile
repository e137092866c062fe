# Everything runs from the project root, in a virtual environment made from requirements.lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help build test test-postgres mutasjon feil docs demo-data lint clean

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

build: $(STAMP) ## Build and test the warehouse, then publish it as warehouse/kommunale_boliger.duckdb
	@$(BIN)/python -m scripts build

test: lint build test-postgres ## Everything that must hold: the lints, the build on both engines, the Python tests
	$(BIN)/python -m scripts lint columns
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

test-postgres: $(STAMP) ## Build on a PostgreSQL server of its own (installed if missing) and compare every mart
	@$(BIN)/python -m scripts postgres-test

mutasjon: $(STAMP) ## Change one thing at a time in rules, controls and models; a test must notice every change
	@$(BIN)/python -m scripts mutate

feil: $(STAMP) ## Print what failed in the newest build: the rule, the first row and where the rest are
	@$(BIN)/python -m scripts failures

docs: $(STAMP) ## Write the documentation of the statistic, a page for each rule and each national figure
	@$(BIN)/python -m scripts docs

demo-data: $(STAMP) ## Generate the synthetic demonstration delivery again (data/demo)
	@$(BIN)/python -m scripts demo-data

lint: $(STAMP) ## Style and portability: Python, SQL, YAML, doc blocks, engine-only functions
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/sqlfluff lint $$(find models tests -name '*.sql' -not -path 'tests/generic/*')
	$(BIN)/python -m scripts lint yaml
	$(BIN)/python -m scripts lint engine

clean: ## Remove what can be made again; the published warehouse and the environment stay
	rm -rf target logs docs/_site warehouse/.bygger data/demo/inndata data/demo/kildedata/iplos
	rm -rf .pytest_cache .ruff_cache .hypothesis
	find scripts tests -type d -name __pycache__ -exec rm -rf {} +

$(STAMP): requirements.lock
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "Error: $(PYTHON) is not found; install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Error: $(PYTHON) is $$($(PYTHON) --version 2>&1); Python 3.11 or newer is needed, name one: make PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@echo "Installing the packages of requirements.lock in $(VENV) (the first time takes a minute) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@
