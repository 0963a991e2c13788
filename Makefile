# `make demo` and `make test` are all a newcomer needs: each makes the environment it uses.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

VENV := .venv
BIN := $(VENV)/bin
OUT := out/randers_act
BUILD := docs/_build/html

# A stamp says which installation stands in .venv. The one for tests holds all that a run needs, so
# once it is there `make demo` keeps to it; PYTHON=... names the interpreter to make .venv with.
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
READY := $(if $(wildcard $(DEV_STAMP)),$(DEV_STAMP),$(RUN_STAMP))
INSTALL_INPUTS := pyproject.toml constraints.txt scripts/environment.sh
export PYTHON

# SLOW=1 runs the tests marked slow too; ARGS passes anything else on to pytest.
SLOW :=
ARGS :=

NOTEBOOKS := $(wildcard notebooks/*.py)

.PHONY: help demo test golden check format-check lint types docs notebooks-check notebooks format benchmark \
	coverage constraints clean distclean

help:  ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(RUN_STAMP): $(INSTALL_INPUTS)
	@sh scripts/environment.sh
	@touch $@

$(DEV_STAMP): $(INSTALL_INPUTS)
	@sh scripts/environment.sh dev
	@touch $@

demo: $(READY)  ## run the Randers ACT scenario and show the answer
	@$(BIN)/som-sim run scenarios/randers_act.yaml --out $(OUT) --lang en
	@echo
	@echo "The answer, its tables and its figures are in $(OUT):"
	@ls $(OUT) | sed 's/^/  /'

test: $(DEV_STAMP)  ## run the tests (SLOW=1: the slow ones too)
	$(BIN)/python -m pytest -n auto -m "$(if $(SLOW),,not slow)" $(ARGS)

golden: $(DEV_STAMP)  ## write the results kept beside the scenarios anew (NAMES=... for some)
	$(BIN)/python tests/golden.py $(NAMES)

check: format-check lint types docs notebooks-check  ## formatter, linter, types, docs, notebooks
	@echo "check: all is well"

format-check: $(DEV_STAMP)
	$(BIN)/ruff format --check

lint: $(DEV_STAMP)
	$(BIN)/ruff check

types: $(DEV_STAMP)
	$(BIN)/mypy --strict src

docs: $(DEV_STAMP)  ## build the documentation
	$(BIN)/sphinx-build -W --keep-going -q -E -b html docs $(BUILD)
	$(BIN)/python scripts/check_offline.py $(BUILD)

notebooks-check: $(DEV_STAMP)
ifeq ($(NOTEBOOKS),)
	@echo "no notebooks yet"
else
	$(BIN)/python scripts/notebooks.py check
	$(BIN)/python -m pytest -p no:cacheprovider -W default --nbmake notebooks/*.ipynb
endif

notebooks: $(DEV_STAMP)  ## write each notebook's .ipynb from its .py
	$(BIN)/python scripts/notebooks.py write

format: $(DEV_STAMP)  ## format the code and repair what the linter can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

benchmark: $(DEV_STAMP)  ## hold the engines against other ways to do the same work (SMALL=1: a tenth of it)
	$(BIN)/python benchmarks/cohort.py $(if $(SMALL),--small)
	$(BIN)/python benchmarks/individual.py $(if $(SMALL),--small)

coverage: $(DEV_STAMP)  ## run all tests and say which lines none of them reaches
	$(BIN)/python -m pytest -n auto -m "" --cov --cov-report=term-missing $(ARGS)

constraints:  ## renew the pinned versions (needs uv)
	uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
		--all-extras --no-annotate --no-header --output-file constraints.txt
	@printf '%s\n' \
		'# The versions that make installs (pip install -c). The package itself asks only for lower' \
		'# bounds. Renew them all with "make constraints", run the tests, and commit the difference.' \
		| cat - constraints.txt > constraints.tmp && mv constraints.tmp constraints.txt

clean:  ## remove what runs and builds wrote
	rm -rf out build dist docs/_build htmlcov .coverage .coverage.*
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find src tests scripts docs notebooks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## remove the environment too
	rm -rf $(VENV)
