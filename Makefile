# Liaison needs nothing but Debian 12 with git, make and python3-venv: `make run` and `make test` install the rest.
.DEFAULT_GOAL := help
.PHONY: help run install test lint types migrations story bench bench-scale campaign translations requirements clean python base dev peers debian

PYTHON ?= python3
PORT ?= 8000
SERVE ?= 1
WORKERS ?= 2
COVERAGE ?= 90

BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all:
BENCH = .venv-bench/bin/python
BENCH_PIP = $(BENCH) -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all:
TEST_HOME = home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && LIAISON_HOME="$$home"

# A stamp carries the hash of what it was made from, so that a second run installs nothing and a change always does.
BASE_FILES = pyproject.toml requirements/base.in requirements/base.txt requirements/build.txt
DEV_FILES = $(BASE_FILES) requirements/dev.txt
BASE_STAMP = .venv/.base-$(shell cat $(BASE_FILES) | sha256sum | cut -c1-16)
BENCH_FILES = $(BASE_FILES) requirements/bench.txt requirements/nomenklatura.txt
BENCH_STAMP = .venv-bench/.bench-$(shell cat $(BENCH_FILES) | sha256sum | cut -c1-16)
DEV_STAMP = .venv/.dev-$(shell cat $(DEV_FILES) | sha256sum | cut -c1-16)

help: ## Say what each target does.
	@echo 'make TARGET, where TARGET is one of:'
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  %-13s %s\n", $$1, $$2 }'

run: base ## Install, build a small invented world, check samples and serve it: PORT=8000, SERVE=0 does not serve.
	@$(BIN)/liaison run --port $(PORT) $(SERVE_OPTION)

install: base ## Install into .venv, and nothing else: for a service (deploy/README.md).

test: dev debian ## Check everything: lint, types, migrations, tests on SQLite and on PostgreSQL, coverage.
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory types
	@$(MAKE) --no-print-directory migrations
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=
	@# Uncompiled, so that its lines are counted; the damages to files are tried compiled alone: they would take minutes.
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal src/liaison/engine \
		--ignore src/liaison/engine/tests/test_damage.py --cov --cov-append \
		--cov-report=term --cov-fail-under=$(COVERAGE)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --postgres

lint: dev ## Check style and format.
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: dev ## Check types, strictly.
	$(TEST_HOME) $(BIN)/mypy

migrations: dev ## Check that the migrations say what the models say.
	$(TEST_HOME) $(BIN)/python -m django makemigrations --check --dry-run --settings liaison.settings

story: dev debian ## Play the mission through browser, command line and HTTP: SHOW=1 opens the browsers.
	$(BIN)/python -m tests.stories

bench: peers ## Measure what is promised, beside other engines, in under 30 minutes: DATA=FOLDER of public names, JSON=FILE.
	$(BENCH) -m bench --pictures docs/bench $(if $(DATA),--data $(DATA)) $(if $(JSON),--json $(JSON))
	$(BENCH) -m bench.exact $(if $(JSON),--json $(basename $(JSON))-exact$(suffix $(JSON)))

bench-scale: peers ## Measure up to 10 million persons and 138 million documents; takes hours and 24 GiB: JSON=FILE.
	$(BENCH) -m bench.scale --pictures docs/bench $(if $(JSON),--json $(JSON))
	$(BENCH) -m bench.exact --scale 138000000 $(if $(JSON),--json $(basename $(JSON))-exact$(suffix $(JSON)))

campaign: dev debian ## Repeat the destructive tests in full numbers, and fuzz what strangers send; takes hours.
	$(BIN)/python -m pytest --campaign
	@$(PIP) -r requirements/campaign.txt
	$(BIN)/python -m tests.fuzz --seconds 1800

translations: dev ## Bring the message catalogues up to date with the code, and compile them.
	$(BIN)/python -m tests.tools.translations

requirements: ## Pin the requirements anew, with hashes (needs uv): UPGRADE=--upgrade takes newer versions.
	@command -v uv >/dev/null || { echo 'make requirements needs uv: install it with pip, for example.' >&2; exit 1; }
	uv pip compile $(UV_OPTIONS) requirements/base.in -o requirements/base.txt
	uv pip compile $(UV_OPTIONS) requirements/build.in -o requirements/build.txt
	uv pip compile $(UV_OPTIONS) -c requirements/base.txt requirements/postgres.in -o requirements/postgres.txt
	uv pip compile $(UV_OPTIONS) -c requirements/postgres.txt requirements/dev.in -o requirements/dev.txt
	uv pip compile $(UV_OPTIONS) requirements/campaign.in -o requirements/campaign.txt
	uv pip compile $(UV_OPTIONS) -c requirements/base.txt requirements/bench.in -o requirements/bench.txt
	uv pip compile $(UV_OPTIONS) --no-binary pyicu -c requirements/bench.txt requirements/nomenklatura.in \
		-o requirements/nomenklatura.txt

clean: ## Remove what can be made again; the home (var/) stays.
	rm -rf .venv .venv-bench build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

SERVE_OPTION = $(if $(filter 0 no false,$(SERVE)),--no-serve,--serve)
UV_OPTIONS = --quiet --generate-hashes --python-version 3.11 --only-binary :all: --no-header --no-emit-index-url \
	--no-annotate --no-strip-extras $(UPGRADE)

base: $(BASE_STAMP)

dev: $(DEV_STAMP)

peers: $(BENCH_STAMP)

python:
	@command -v $(PYTHON) >/dev/null || { echo 'Liaison needs Python 3.11: sudo apt-get install python3-venv' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Liaison needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Say which: make PYTHON=python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo 'Liaison needs the venv module of Python: sudo apt-get install python3-venv' >&2; exit 1; }

$(BASE_STAMP): | python
	@echo 'Installing Liaison into .venv ...'
	@$(PYTHON) -m venv .venv
	@$(PIP) -r requirements/base.txt
	@$(PIP) -r requirements/build.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation -e .
	@echo 'Compiling the engine for this machine, which takes a minute, once ...'
	@$(BIN)/python -c 'from liaison.engine.index import warm_up; warm_up()'
	@rm -f .venv/.base-* && touch $@

$(DEV_STAMP): | $(BASE_STAMP)
	@echo 'Installing what tests need into .venv ...'
	@$(PIP) -r requirements/dev.txt
	@rm -f .venv/.dev-* && touch $@

# ICU is built from source for nomenklatura; without it, and without its headers, the rest is measured all the same.
$(BENCH_STAMP): | python
	@echo 'Installing what benchmarks need into .venv-bench ...'
	@$(PYTHON) -m venv .venv-bench
	@$(BENCH_PIP) -r requirements/bench.txt
	@$(BENCH_PIP) -r requirements/build.txt
	@$(BENCH) -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation -e .
	@$(BENCH_PIP) --no-binary pyicu -r requirements/nomenklatura.txt \
		|| echo 'Without nomenklatura: sudo apt-get install g++ pkg-config libicu-dev python3-dev, then make clean.'
	@rm -f .venv-bench/.bench-* && touch $@

debian:
	@sh tests/tools/debian_packages.sh postgresql chromium fonts-noto-core systemd golang-go golang-golang-x-mod-dev strace fiu-utils libfiu0 faketime
