# Everything runs through uv; where it is not on PATH it is installed into a private virtual environment.
UV := $(shell command -v uv || echo .tools/bin/uv)
PYTHON := $(shell command -v python3.11 || command -v python3)
.DEFAULT_GOAL := help

help:
	@echo "make demo   install, build the demo store and serve the assistant"
	@echo "make test   install and run every check and test that needs nothing but PyPI"
	@echo "make test-services  the slower ones: PostgreSQL, killed processes, whole journeys"
	@echo "make test-browser   the page in headless Chromium"
	@echo "make test-collector  the traces' collector against some thousand right and wrong requests"
	@echo "make bench-verification   time the checking of an answer"
	@echo "make bench-traces   what keeping, finding and making traces costs"
	@echo "make bench-parallel PRODUCTS=FILE JUDGMENTS=FILE   features first, naive parallel or one shared read"
	@echo "make format format and fix the code"

.tools/bin/uv:
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"

ifeq ($(UV),.tools/bin/uv)
uv: .tools/bin/uv
else
uv:
endif

demo: uv
	$(UV) sync --locked --no-default-groups --inexact
	$(UV) run --no-sync shelfwise demo

install-dev: uv
	$(UV) sync --locked --group dev --inexact

check: install-dev
	$(UV) run --no-sync ruff format --check .
	$(UV) run --no-sync ruff check .
	$(UV) run --no-sync mypy
	$(UV) run --no-sync lint-imports
	$(UV) run --no-sync deptry .

test: check
	$(UV) run --no-sync pytest -n 2 -m "not browser and not services"

# Real servers and processes: PostgreSQL, killed processes, the command line as a shop would use it, whole journeys.
test-services: install-dev
	$(UV) run --no-sync pytest -n 2 -m services

# Debian's Chromium is installed when there is none and apt can do it; elsewhere bring any Chromium on PATH.
test-browser: install-dev
	$(UV) sync --locked --group dev --group browser --inexact
	command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium) || true
	$(UV) run --no-sync pytest tests/browser -m browser

# Makes docs/images/*.png anew from the real page.
screenshots: install-dev
	$(UV) sync --locked --group dev --group browser --inexact
	$(UV) run --no-sync python docs/images/make.py

# How long checking an answer takes, beside cutting it into sentences.
bench-verification: install-dev
	$(UV) run --no-sync python -m benchmarks.verification

# Traces kept and found; `make bench-traces DATA=DIR` also times turns with and without them.
bench-traces: install-dev
	$(UV) run --no-sync python -m benchmarks.traces $(if $(DATA),--data $(DATA))

# The collector held to its own OpenAPI document: half a hundred tries of each route, right and wrong, and far more of mangled uploads.
test-collector: install-dev
	COLLECTOR_EXAMPLES=50 $(UV) run --no-sync pytest tests/app/traces/test_collector_openapi.py

format: install-dev
	$(UV) run --no-sync ruff format .
	$(UV) run --no-sync ruff check --fix .

# Writes docs/parallel-study.md and its plot.
bench-parallel: install-dev
	$(UV) sync --locked --group dev --inexact
	$(UV) run --no-sync python -m benchmarks.parallel --products $(PRODUCTS) --judgments $(JUDGMENTS) --out docs

.PHONY: help uv demo install-dev check test test-services test-browser screenshots bench-verification bench-traces bench-parallel format test-collector
