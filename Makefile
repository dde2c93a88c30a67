# Two commands: `make demo` serves the whole product, `make test` proves it. `make help` lists the rest.
PYTHON ?= python3
PY := .venv/bin/python
export PYTHONPATH := src:.

.PHONY: help demo demo-reset setup setup-dev test check lint types arch sizes messages front golden trust bench

help:            ## list these commands
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/\t/' | expand -t 16

demo: setup      ## set everything up and serve the product on 127.0.0.1
	@.venv/bin/bihuan serve

demo-reset: setup ## forget the demo's data and start over
	@.venv/bin/bihuan serve --fresh

setup:           ## environment, front end, message catalogues
	@$(PYTHON) tools/bootstrap.py

setup-dev:       ## the same, with what tests and checks need
	@$(PYTHON) tools/bootstrap.py --dev

test: setup-dev  ## run every test
	@$(PY) -m pytest -n 2 --dist loadfile

check: lint types arch sizes messages migrations ## style, types, walls, sizes, words

lint: setup-dev  ## style
	@$(PY) -m ruff format --check -q . && $(PY) -m ruff check -q .

types: setup-dev ## strict types
	@$(PY) -m mypy

arch: setup-dev  ## the walls of the house
	@.venv/bin/lint-imports --no-logo 2>/dev/null | grep -vE '^$$' || (.venv/bin/lint-imports; exit 1)

sizes: setup-dev ## functions, files and templates that one can read at once
	@$(PY) -m tools.sizes

messages: setup-dev ## every word in Chinese too
	@$(PY) -m tools.messages check

migrations: setup-dev
	@DJANGO_SETTINGS_MODULE=bihuan.config.settings.test $(PY) -W ignore manage.py makemigrations --check --dry-run

front: setup     ## build the front end
	@npm run build

golden: setup-dev ## the golden tasks, in a browser
	@$(PY) -m pytest tests/journeys -q -rA -m golden

trust: setup-dev ## the trust tests
	@$(PY) -m pytest -q -m trust

bench: setup-dev ## what we claim about speed
	@$(PY) -m bench
