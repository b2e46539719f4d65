# make          set up .venv, screen the world with the shipped criteria and data, say what was found
# make test     set up .venv with the test extras and run every test
# make lint     style, formatting, types and the direction of imports
# make readme   run the commands of README, docs and notebook and write down what they print
# make data FROM=DIR   compile datasets/ again from publishers' releases
# make mutations  releases with one thing wrong, tried at the intake gate (MUTATE="--only wgi --list")
# make mutants  the engine's own code with one thing wrong: does a test notice? (MORE="score --sample 16"; minutes a module)
# make coverage which lines of method, policy, language and intake their own tests reach (minutes)
# make bench    time engine and commands (BENCH="--peers DIR" other packages too; --write into README.md)
# make docs     the documentation as pages, in out/docs; a warning is an error
# make pictures the pictures of real pages in docs/pictures, for README and docs
# make gallery  reports of two dates and pictures of their pages in out/gallery/, for eyes before a release
# make calibration   worlds whose truth is known: do stated chances come true? (docs/measurement-error.md)
# make kills    writers of runs and sources killed at every step: nothing lost, nothing half (MORE="--kills 1000")
# make bitflips   bits turned in data, sheets, registers and runs: each noticed, and by whom (MORE="--flips 5000")
# make matrix   the report under every Python here, oldest and newest dependencies: same bytes? (MATRIX=--tests: all tests too)
# make lock     pin versions again (UPGRADE=--upgrade to move to the newest ones)
# make clean    remove what the above made
# Needs Python 3.11 or newer; `make PYTHON=python3.12` chooses one.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SUPPORT := tests:tests/support:tests/proof:tests/harness
PIP    := $(BIN)/python -m pip install -qq --disable-pip-version-check
LOCK   := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --quiet --universal \
          --python-version 3.11 --fork-strategy fewest --generate-hashes --no-annotate $(UPGRADE)

.DEFAULT_GOAL := report
.PHONY: report test lint readme docs pictures data mutations bench gallery calibration kills bitflips mutants coverage matrix lock clean

report: $(VENV)/ready
	@$(BIN)/eligibility report --replace

test: $(VENV)/ready-to-test
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/ready-to-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/lint-imports --no-logo

readme: $(VENV)/ready-to-test ; @PYTHONPATH=$(SUPPORT) $(BIN)/python tests/harness/refresh_docs.py

data: $(VENV)/ready
	@test -n "$(FROM)" || { echo "say where the releases lie: make data FROM=DIR" >&2; exit 2; }
	@$(BIN)/eligibility data build --from "$(FROM)"

docs: $(VENV)/ready-to-test ; @PYTHONPATH=$(SUPPORT) $(BIN)/python tests/harness/build_docs.py

mutations: $(VENV)/ready-to-test ; @PYTHONPATH=$(SUPPORT) $(BIN)/python tests/harness/mutations.py $(MUTATE)

bench: $(VENV)/ready-to-test
	@PYTHONPATH=$(SUPPORT) $(BIN)/python -m bench $(BENCH)
	@PYTHONPATH=$(SUPPORT) $(BIN)/python -m bench.workbench

gallery calibration kills bitflips pictures mutants: $(VENV)/ready-to-test
	@PYTHONPATH=$(SUPPORT) $(BIN)/python tests/harness/$@.py $(MORE)

coverage: $(VENV)/ready-to-test ; @$(BIN)/coverage run -m pytest $(or $(MORE),tests) && $(BIN)/coverage report

matrix:
	@PYTHONPATH=$(SUPPORT) $(PYTHON) tests/harness/matrix.py $(MATRIX)

lock:
	@$(PYTHON) -m venv $(VENV) && $(PIP) uv
	@$(LOCK) --extra build --output-file requirements.lock
	@$(LOCK) --extra test --extra docs --constraint requirements.lock --output-file requirements-test.lock

clean:
	rm -rf $(VENV) out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage

# hatchling is in the lock, so the editable install needs no isolated build that would fetch it unlocked
$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("Python 3.11 or newer is needed, this is %d.%d; try make PYTHON=python3.12" % v[:2])'
	@echo "setting up $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e . && $(BIN)/python -m compileall -q eligibility
	@touch $@

$(VENV)/ready-to-test: requirements-test.lock $(VENV)/ready
	@$(PIP) --require-hashes -r requirements-test.lock
	@touch $@
