# Needs make and Python 3.11 or newer with pip; everything else goes into .venv.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
BASE := $(shell command -v python3.11 || command -v python3)
INSTALLED := $(VENV)/.installed
TRAINING := annotations/nlp/training
MODEL := annotations/nlp/model
WORK := var/training

.DEFAULT_GOAL := help
.PHONY: help install run test lint train-tools train screenshots clean \
	bench-read bench-annotator bench-api bench-site

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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
	@# What is compiled is kept, whatever the shell says: all workers and desks need the same.
	@exec env PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(INSTALLED) ## check style, types and who imports whom
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy annotations articles
	$(VENV)/bin/lint-imports

bench-read: $(INSTALLED) ## time the reading of stories, e.g. make bench-read ARGS="--texts FOLDER"
	@exec $(PY) -m newsdesk.bench_read $(ARGS)

bench-site: $(INSTALLED) ## measure the readers' pages, e.g. make bench-site SIZES="1000 10000"
	@exec $(PY) -m newsdesk.site.bench $(SIZES) $(ARGS)

screenshots: $(INSTALLED) ## take the pictures in docs/screenshots anew
	$(PY) -m newsdesk.site.pictures docs/screenshots
	$(PY) -m newsdesk.desk.pictures docs/screenshots

train-tools: $(INSTALLED) ## install what training needs beside: torch and onnx
	$(PY) -m pip install --quiet --disable-pip-version-check -r $(TRAINING)/requirements.txt

train: train-tools ## make the weights anew, make train CORPORA=/path START=/path/of/all-MiniLM-L6-v2
	@test -d "$(CORPORA)" || { echo "CORPORA is to be the folder of the corpora."; exit 1; }
	@test -f "$(START)/model.safetensors" || \
	  { echo "START is to be the folder of all-MiniLM-L6-v2, with its model.safetensors."; exit 1; }
	$(PY) -m annotations.nlp.training.train --corpora "$(CORPORA)" --start "$(START)" --work "$(WORK)"
	@mkdir -p "$(WORK)/model"
	cp $(MODEL)/tokenizer.json $(MODEL)/gazetteer.txt.gz "$(WORK)/model"
	$(PY) -m annotations.nlp.training.export "$(WORK)/gold.pt" "$(WORK)/model"
	$(PY) -m annotations.nlp.training.calibrate --corpora "$(CORPORA)" --model "$(WORK)/model"
	$(PY) -m annotations.nlp.evaluate --corpora "$(CORPORA)" --model "$(WORK)/model" --against $(MODEL)

bench-annotator: $(INSTALLED) ## measure the annotator in Chromium: opening, and key to paint
	$(PY) -m newsdesk.desk.bench $(ARGS)

bench-api: $(INSTALLED) ## measure the API, make bench-api ARGS="--stories 50000"
	@exec $(PY) -m newsdesk.api.bench $(ARGS)

clean: ## remove .venv and caches; the data in var/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
