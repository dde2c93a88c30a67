# Two commands: `make demo` serves the whole product, `make test` proves it. `make help` lists the rest.
PYTHON ?= python3
PY := .venv/bin/python
WORKERS ?= 2
export PYTHONPATH := src:.

.PHONY: help demo demo-reset setup setup-dev test check lint types arch sizes messages migrations \
	front golden trust bench docs scene locks

help:            ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/\t/' | expand -t 16

demo: setup      ## set everything up and serve the product on 127.0.0.1
	@.venv/bin/bihuan serve

demo-reset: setup ## forget the demo's data and start over
	@.venv/bin/bihuan serve --fresh

setup:           ## environment, front end, message catalogues
	@$(PYTHON) tools/bootstrap.py

setup-dev:       ## the same, with what tests and checks need
	@$(PYTHON) tools/bootstrap.py --dev

test: setup-dev  ## run every test
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile

check: lint types arch sizes messages migrations ## style, types, walls, sizes, words, tables

lint: setup-dev  ## style
	@$(PY) -m ruff format --check -q . && $(PY) -m ruff check -q . && echo "style: kept"

types: setup-dev ## strict types
	@$(PY) -m mypy

arch: setup-dev  ## the walls of the house
	@.venv/bin/lint-imports --no-logo >.venv/walls.txt 2>&1; \
		code=$$?; grep -E 'KEPT|BROKEN|past the door|->|^Contracts' .venv/walls.txt; \
		[ $$code -eq 0 ] || cat .venv/walls.txt; exit $$code

sizes: setup-dev ## functions, files and templates that one can read at once
	@$(PY) -m tools.sizes

messages: setup-dev ## every word in Chinese too
	@$(PY) -m tools.messages check

migrations: setup-dev ## every change of a table has its migration
	@DJANGO_SETTINGS_MODULE=bihuan.config.settings.test $(PY) -W ignore manage.py makemigrations --check --dry-run

front: setup     ## build the front end again
	@$(PYTHON) tools/bootstrap.py --front

golden: setup-dev ## the golden tasks, in a browser: a line and a picture each, in var/golden
	@BIHUAN_PICTURES=var/golden $(PY) -m pytest tests/journeys -q -m golden

trust: setup-dev ## the trust tests in full; keeps what they found in docs/trust
	@BIHUAN_TRUST=full $(PY) -m pytest -q -s -m trust

bench: setup-dev ## what we claim about speed
	@$(PY) -m bench

docs: setup-dev  ## write docs/reference from the doors of the rooms
	@$(PY) -m tools.reference

scene: setup-dev ## begin a scene: make scene NAME=street_repairs
	@$(PY) -m tools.new_scene $(NAME)

locks:           ## resolve the requirements again, with hashes and without hosts
	@$(PY) -m tools.locks
