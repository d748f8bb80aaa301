# `make` sets everything up and proves the founding protocol; `make test` runs the tests, and
# `make test-all` the long ones too.
# Needs make and Python 3.11 or newer: `make PYTHON=python3.12` picks another one.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := prove
.PHONY: prove demo check test test-short test-long test-all lint table names times findings findings-check larger-bounds any-number under-lkmm bench solver-range clean

prove: $(VENV)/ready
	$(BIN)/smtmodel prove protocols/paolo.dsl

demo: $(VENV)/ready
	$(BIN)/smtmodel demo

check: $(VENV)/ready
	$(BIN)/smtmodel check protocols

# What Python compiles it keeps, in folders that git does not look at: tests start it often.
unexport PYTHONDONTWRITEBYTECODE

# Types are checked while tests run: mypy has one thread.
test: $(VENV)/tested
	@$(MAKE) --no-print-directory -j2 lint test-short

test-short: $(VENV)/tested
	$(BIN)/python -m pytest -n 2 --dist worksteal -q -m "not long"

# The long differentials, tables and mutations, which `make test` leaves out.
test-long: $(VENV)/tested
	$(BIN)/python -m pytest -n 2 --dist worksteal -q -m long

test-all: test test-long

lint: $(VENV)/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

table: $(VENV)/tested
	$(BIN)/python -m tools.protocol_table

names: $(VENV)/tested
	$(BIN)/python -m tools.kernel_names

# How long each shipped protocol takes to decide, the slowest first.
times: $(VENV)/tested
	$(BIN)/python -m tools.protocol_table times

# What needed, cases and orders say about each shipped protocol; some ten minutes.
findings: $(VENV)/tested
	$(BIN)/python -m tools.findings

# The same again, compared with the page, and every claim decided by the explorer: much longer.
findings-check: $(VENV)/tested
	$(BIN)/python -m tools.finding_claims

# What the shipped protocols prove, asked again at larger bounds; some ten minutes.
larger-bounds: $(VENV)/tested
	$(BIN)/python -m tools.larger_bounds

# What of the shipped protocols is shown for any number of updates; some minutes.
any-number: $(VENV)/tested
	$(BIN)/python -m tools.any_number

# The shipped protocols under the kernel's memory model, at small bounds; some minutes.
under-lkmm: $(VENV)/tested
	$(BIN)/python -m tools.under_lkmm

bench: $(VENV)/tested
	$(BIN)/python -m benchmarks.run --out docs/benchmarks.md

# Both ends of the range of solvers; not part of every test run.
OLDEST := 4.13.0.0
solver-range: $(VENV)/tested
	for solver in z3-solver==$(OLDEST) 'z3-solver>=5.4,<6'; do \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check "$$solver" && \
	  $(BIN)/python -m pytest -n 2 -q tests/whole/test_founding.py tests/solving/test_decide.py \
	    tests/whole/test_determinism.py tests/encoding/test_encoding.py tests/whole/test_litmus.py || exit 1; \
	done

clean:
	rm -rf $(VENV) build dist

# A change of pyproject.toml makes a new environment: an old package must not linger in it. The
# sources are compiled here for those whose Python writes no bytecode by itself.
$(VENV)/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'smtmodel needs Python 3.11 or newer; try: make PYTHON=python3.12' >&2; exit 1; }
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/python -m compileall -q smtmodel
	@touch $@

$(VENV)/tested: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@
