# make run    the app in the browser          make test   checks and tests
# make lock   renew the hashed locks          make bench  the benchmarks, each in its short form
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8501

# make extras Reasoning Gym's generators (needs a C compiler), and llama.cpp for tests
.PHONY: run test check extras bench lock clean

run: $(VENV)/run.stamp
	$(VENV)/bin/streamlit run app.py --server.port $(PORT)

test: check
	sh tests/system.sh
	$(VENV)/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not browser and not slow"
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile -m "browser and not slow" || \
	  $(VENV)/bin/python -m pytest -m "browser and not slow" --last-failed --last-failed-no-failures none

check: $(VENV)/dev.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy rsa_viz

extras: $(VENV)/dev.stamp
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-extras.lock

bench: $(VENV)/dev.stamp
	for file in benchmarks/[!_]*.py; do \
	  name=$${file##*/}; $(VENV)/bin/python -m benchmarks.$${name%.py} --quick || exit 1; \
	done

lock: $(VENV)/dev.stamp
	$(VENV)/bin/python -m pip install --quiet uv
	for name in requirements requirements-dev requirements-extras; do \
	  $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make lock" $$name.txt --output-file $$name.lock || exit 1; \
	done

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "rsa_viz needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.11 run"; exit 1; }
	$(PYTHON) -m venv $(VENV) || \
	  { echo "This Python cannot make a virtual environment; on Debian: apt install python3-venv"; exit 1; }
	touch $@

$(VENV)/run.stamp: requirements.lock $(VENV)/python.stamp
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/python.stamp
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
