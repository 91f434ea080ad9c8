# The commands people type. Each one sets up what it needs: a fresh clone needs nothing before it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.ready
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make the virtual environment and install every package, pinned

# Folders with packages of their own from npm; infra/setup.sh installs what their lock files name.
WEB := functions/dashboard/web
LOCKS := $(WEB)/package-lock.json tests/functions/realtime/client/package-lock.json

$(STAMP): requirements.txt requirements-dev.txt constraints.txt infra/setup.sh $(LOCKS)
	@PYTHON=$(PYTHON) VENV=$(VENV) bash infra/setup.sh $(dir $(LOCKS)) && touch $@

# The dashboard's pages, built anew when something that they are made of has changed.
PAGES := functions/dashboard/dist/index.html
PAGE_SOURCES := $(shell find $(WEB)/src $(WEB)/public -type f) $(WEB)/index.html $(WEB)/vite.config.ts $(WEB)/package-lock.json

demo: $(PAGES) ## play one whole class through the local stack and stay up (ONCE=1 ends after it)
	@exec $(PY) -m infra.local demo

run: $(PAGES) ## the local stack alone, with data kept between runs
	@exec $(PY) -m infra.local run

token: $(STAMP) ## print a token: make token EMAIL=ada@school.example ROLE=teacher
	@$(PY) -m infra.local token --email "$(EMAIL)" --role "$(ROLE)"

$(PAGES): $(STAMP) $(PAGE_SOURCES)
	@npm --prefix $(WEB) run --silent build -- --logLevel warn && touch $@

web: $(PAGES) ## build the dashboard's pages, into functions/dashboard/dist

test: $(PAGES) ## every test
	@npm --prefix $(WEB) test --silent
	@CHROMIUM=$$(bash infra/browser.sh) && export CHROMIUM && $(PY) -m pytest -n 2

# Those of the journeys' pictures that the README shows.
PICTURED := sign-in-desk-light crowd schedule-desk-light attendance-desk-light session-desk-light matrix-desk-light review-phone-light \
	register-desk-light people-desk-light settings-desk-light money-desk-light bill-desk-light invoices-desk-light \
	payments-desk-light payroll-desk-light charges-desk-light parties-desk-light plans-desk-light mine-phone-dark money-phone-dark

pictures: $(PAGES) ## take the README's pictures of the dashboard anew
	@CHROMIUM=$$(bash infra/browser.sh) && export CHROMIUM && $(PY) -m pytest tests/journeys/dashboard
	@cp $(PICTURED:%=build/screens/%.png) functions/dashboard/pictures/

check: $(PAGES) ## lint, format, types, import contracts, own rules, freshness of the OpenAPI document, the browser's part
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PY) -m infra.check
	@$(PY) -m infra.openapi --check
	@npm --prefix $(WEB) run --silent check
	@echo "check: all is well"

bench: $(PAGES) ## the measured figures, written to build/bench.json
	@exec $(PY) -m tests.bench

openapi: $(STAMP) ## write functions/openapi/openapi.json anew from routes and models, and the dashboard's types from it
	@$(PY) -m infra.openapi
	@npm --prefix $(WEB) run --silent types

pack: $(PAGES) ## one deterministic archive for each function, in build/
	@$(PY) -m infra.pack --out build

format: $(STAMP) ## put the code into its one format
	@$(VENV)/bin/ruff check --fix --select I .
	@$(VENV)/bin/ruff format .

clean: ## remove what the commands made (local data in .rollcall/ stays)
	@rm -rf $(VENV) build functions/dashboard/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: help setup web demo run token test check bench openapi pack format clean
