# Needs make and Python 3.11 or newer with pip; everything else goes into .venv.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
BASE := $(shell command -v python3.11 || command -v python3)
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install run test lint clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## make .venv with the pinned packages

$(INSTALLED): requirements.txt
	@test -n "$(BASE)" || { echo "Python 3.11 or newer is needed, and there is no python3 here."; exit 1; }
	@"$(BASE)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(BASE) is $$("$(BASE)" -V)."; exit 1; }
	"$(BASE)" -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

run: $(INSTALLED) ## start the whole desk; Ctrl-C stops it
	@exec $(PY) -m newsdesk

test: $(INSTALLED) ## run all tests, e.g. make test ARGS="-k claims -x"
	@exec $(PY) -m pytest -n 2 --dist loadfile $(ARGS)

lint: $(INSTALLED) ## check style, types and who imports whom
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy annotations articles
	$(VENV)/bin/lint-imports

clean: ## remove .venv and caches; the data in var/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
