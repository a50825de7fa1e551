# Two commands do everything on a fresh machine: `make demo` and `make test`.
# Each makes .venv when it is not there. `make check` also runs the linters, and `make docs` builds
# the site.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ready

.PHONY: demo test check lint types doctest docs bench clean

demo: $(INSTALLED)
	$(BIN)/eventsim demo

# Compiled once beforehand, or every test process would do it at the same time. Threads of libraries
# would only wait for each other: there are as many test processes as cores.
test: $(READY)
	$(BIN)/python -c "from eventsim.pixel.array import warm_up; warm_up()"
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal

check: lint types test doctest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/python -m mypy

doctest: $(READY)
	$(BIN)/python -m pytest -q --doctest-modules eventsim --doctest-glob='*.md' README.md \
		docs/*.md docs/guides docs/how

# The gallery draws its pictures anew, and nothing is fetched. A warning is an error.
docs: $(READY)
	$(BIN)/python -m sphinx -b html -W --keep-going -q docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: $(READY)
	$(BIN)/python benchmarks/run.py

# A demo needs neither PyTorch nor the test tools.
$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $(INSTALLED)

# The constraints keep pip from taking a CUDA build of torch with gigabytes of companions.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $(INSTALLED) $(READY)

clean:
	rm -rf $(VENV) demo docs/_build docs/gallery
