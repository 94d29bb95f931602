# Two commands on a fresh machine with only Python (3.11 to 3.13) and make:
#   make board   sets everything up and runs the main job on a shipped sample
#   make test    sets everything up and passes the tests
# A third opens the notebooks: make notebook

PYTHON ?= python3
RUN := .cache/run
DEV := .cache/dev
PIP := -m pip install --quiet --disable-pip-version-check --require-virtualenv
SAMPLE := data/samples/psychology-2022.xlsx
OUT := reports/psychology
WORKERS ?= 2

.PHONY: board test notebook lint types bench agree fuzz samples docs lock clean

board: $(RUN)/ready
	@status=0; $(RUN)/bin/boardkit run $(SAMPLE) --regulations qmu-2022 --out $(OUT) || status=$$?; \
	  if [ $$status -gt 1 ]; then exit $$status; fi; \
	  echo; echo "The papers and tables are in $(OUT). For one student: $(RUN)/bin/boardkit explain $(SAMPLE) STUDENT --regulations qmu-2022"

test: $(DEV)/ready lint types
	$(DEV)/bin/python -m pytest -n $(WORKERS)

notebook: $(DEV)/ready  ## opens JupyterLab on notebooks/
	$(DEV)/bin/jupyter lab notebooks

lint: $(DEV)/ready
	$(DEV)/bin/ruff check
	$(DEV)/bin/ruff format --check

types: $(DEV)/ready
	$(DEV)/bin/mypy

bench: $(DEV)/ready
	$(DEV)/bin/python benchmarks/engine.py
	$(DEV)/bin/python benchmarks/reading.py
	$(DEV)/bin/python benchmarks/papers.py
	$(DEV)/bin/python benchmarks/moderation.py

agree: $(DEV)/ready  ## the engine against the plain implementation, for long
	BOARDKIT_AGREEMENT_STUDENTS=100000 $(DEV)/bin/python -m pytest -n $(WORKERS) tests/test_agreement.py

samples: $(DEV)/ready
	$(DEV)/bin/python data/samples/make.py

docs: $(DEV)/ready
	$(DEV)/bin/python docs/make_reference.py
	$(DEV)/bin/python docs/make_clauses.py

lock:  ## with uv at hand: versions and hashes, no index
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements/run.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements/dev.txt
	uv pip compile requirements/build.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements/build.txt

$(RUN)/ready: requirements/run.txt requirements/build.txt pyproject.toml
	$(PYTHON) -m venv $(RUN)
	$(RUN)/bin/python $(PIP) --require-hashes -r requirements/run.txt -r requirements/build.txt
	$(RUN)/bin/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV)/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(DEV)
	$(DEV)/bin/python $(PIP) --require-hashes -r requirements/dev.txt
	$(DEV)/bin/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .cache build dist
