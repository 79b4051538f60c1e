# make demo        builds the graph of the sample papers and asks it one question
# make notebooks   executes notebooks/ anew and keeps what they show
# make test        checks format, lint and types, then runs every test
# All three work in .venv, which they make first, from the versions in constraints.txt.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
GRAPH := demo/graph
PAGE := demo/graph.html
QUESTION := MATCH (m:Method)<-[e:USES|COMPARES|PROPOSES]-(p:Paper) \
	RETURN m.name AS method, count(DISTINCT p) AS papers ORDER BY papers DESC, method LIMIT 10

.PHONY: help demo test env notebooks readme clean

help:
	@sed -n '1,4s/^# //p' Makefile

# A stamp says what is installed; an edited list of dependencies installs anew.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("kg needs Python 3.11 or newer; $(PYTHON) is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The venv module is missing; on Debian: apt install python3-venv" >&2; exit 1; }

$(VENV)/.runs: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing kg and what it needs into $(VENV) …"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.runs
	@echo "Installing what the tests need into $(VENV) …"
	@$(INSTALL) --editable '.[dev]'
	@touch $@

env: $(VENV)/.tests

demo: $(VENV)/.runs
	$(BIN)/kg build seeds/ --out $(GRAPH)
	$(BIN)/kg stats $(GRAPH)
	$(BIN)/kg query $(GRAPH) "$(QUESTION)"
	$(BIN)/kg view $(GRAPH) --out $(PAGE)
	@printf '%s\n' '' \
		'the graph        $(GRAPH)' \
		'its tables       $(GRAPH)/*.parquet' \
		'what was read    $(GRAPH)/report.json' \
		'look at it       $(PAGE), in any browser' \
		'ask it           $(BIN)/kg query $(GRAPH) "MATCH (p:Paper)-[e:PROPOSES]->(c) RETURN p.title, c.name, e.quote LIMIT 5"' \
		'its schema       $(BIN)/kg schema'

test: $(VENV)/.tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest

# Executes the notebooks from top to bottom, in place; the first one builds the graph in demo/.
# Takes the README's pictures of its page anew, where there is a browser.
notebooks: $(VENV)/.tests
	$(BIN)/python tests/test_notebooks.py
	$(BIN)/python tests/viewing/readme_pictures.py $(GRAPH) docs

# Writes the answers in README.md, docs/schema.md and docs/cookbook.md anew.
readme: $(VENV)/.tests
	$(BIN)/kg schema --format markdown > docs/schema.md
	$(BIN)/kg build seeds/ --out $(GRAPH)
	$(BIN)/kg cookbook --page $(GRAPH) > docs/cookbook.md
	mkdir -p $(GRAPH).cache
	$(BIN)/python tests/cli/readme_blocks.py $(GRAPH).cache

clean:
	rm -rf demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
