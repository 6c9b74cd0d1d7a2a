# make run | make test: all that a newcomer needs. `make help` lists the rest.
STUDY ?= studies/lm3046/power_sweep.toml
# Two ranks where the machine has two cores: more would need a larger model to pay.
NP    ?= $(shell [ "$$(getconf _NPROCESSORS_ONLN)" -ge 2 ] && echo 2 || echo 1)
VENV  ?= .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.setup-done
PIP   := $(BIN)/python -m pip install -qq --disable-pip-version-check
# One thread per rank, or the threads of the linear algebra fight with the ranks; pictures without a screen.
export OMP_NUM_THREADS ?= 1
export VTK_DEFAULT_OPENGL_WINDOW ?= vtkEGLRenderWindow

.PHONY: setup run test study check lint bench docs lock clean help
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## ?/\1|/' | awk -F'|' '{ printf "  make %-7s %s\n", $$1, $$2 }'
	@echo "  STUDY=$(STUDY)  NP=$(NP)"

setup: $(STAMP) ## create .venv and install what is locked (done once; again when the lock changes)

# An environment that still runs is kept and brought up to the lock; one that does not run any more is made anew.
$(STAMP): requirements.lock pyproject.toml
	@$(BIN)/python -c pass 2>/dev/null || { python="$$(bash .ci/find_python.sh)" && \
	  echo "setup: $$python makes $(VENV)" && "$$python" -m venv --clear $(VENV); }
	@echo "setup: installing the locked packages (1.3 GB, some minutes the first time)"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## compute the flagship study on NP ranks and say where to look
	@$(MAKE) --no-print-directory study

study: setup ## compute STUDY=... on NP=... ranks
	@$(BIN)/mpiexec -n $(NP) $(BIN)/python -m femsuite run $(STUDY)

check: setup ## check every shipped study without solving
	@for study in $$($(BIN)/python -m femsuite list studies --plain); do $(BIN)/python -m femsuite check "$$study" || exit $$?; done

lint: setup ## format, lint, types, direction of imports
	$(BIN)/python -m ruff format --check femsuite geometries tests bench
	$(BIN)/python -m ruff check femsuite geometries tests bench
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache

test: lint ## all checks and tests: serial, then on three and on two ranks
	$(BIN)/python -m pytest
	$(BIN)/mpiexec -n 3 $(BIN)/python tests/on_ranks.py
	$(BIN)/mpiexec -n 2 $(BIN)/python tests/on_ranks.py

bench: setup ## time and memory of the solvers, of the pictures, and of the flagship against its targets
	@for file in $(filter-out bench/bench_flagship.py,$(wildcard bench/*.py)); do echo "== $$file"; $(BIN)/python $$file || exit $$?; done
	@echo "== bench/bench_flagship.py"; $(BIN)/mpiexec -n $(NP) $(BIN)/python bench/bench_flagship.py

docs: setup ## write the generated pages: keys of a study, verification (3 minutes)
	$(BIN)/python -m femsuite schema --keys > docs/reference/study-keys.md
	$(BIN)/python docs/make_verification.py

lock: setup ## resolve requirements*.in again into requirements.lock, with hashes and without host names
	@test -x .cache/lock/bin/uv || { $(BIN)/python -m venv .cache/lock && .cache/lock/bin/pip install -q uv; }
	.cache/lock/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.12 --no-annotate --no-header \
	  -o requirements.lock requirements-dev.in

clean: ## remove what was computed and built (not .venv)
	rm -rf results build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find femsuite tests geometries bench -name __pycache__ -type d -prune -exec rm -rf {} +
