# Two commands: `make try` (a dream in your browser, no Discord account) and `make test`.
# Each sets up what it needs, once, in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/python -m uv
SIZE   := $(shell [ "$$(uname -s)" = Linux ] && echo "3 GB (torch with CUDA)" || echo "400 MB")

.PHONY: try test soak lint lock bench bench-bot calibrate setup

try: $(VENV)/.core
	@$(BIN)/python -m dreambot try $(ARGS)

test: lint
	-@for model in inception_v3 vgg16 mobilenet_v2 faces writing; do $(BIN)/python -m dreambot models pull $$model; done
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal

# A thousand kills, and memory over two thousand dreams: most of an hour. SOAK_KILLS=60 SOAK_JOBS=300 for less.
soak: $(VENV)/.dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -s -m soak tests/chaos/test_soak.py

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: $(VENV)/.dev

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.dream
	$(BIN)/python -m benchmarks.busy

# Under load: acknowledgements, a burst, fairness, throughput. Six minutes of a machine with nothing else to do.
bench-bot: $(VENV)/.dev
	$(BIN)/python -m benchmarks.bot

calibrate: $(VENV)/.dev
	$(BIN)/python -m benchmarks.calibrate

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dreambot needs Python 3.11 or newer; set PYTHON=python3.11, say")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q uv

$(VENV)/.core: locks/video.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up, once: about $(SIZE) of packages, then 81 MB of network weights."
	$(UV) pip install -q --python $(BIN)/python --require-hashes -r locks/video.txt
	$(UV) pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

$(VENV)/.dev: locks/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up, once: about $(SIZE) of packages and 150 MB for the tests, then 350 MB of network weights."
	$(UV) pip install -q --python $(BIN)/python --require-hashes -r locks/dev.txt
	$(UV) pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@ $(VENV)/.core

COMPILE := $(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml
lock: | $(VENV)/bin/python
	$(COMPILE) -o locks/core.txt
	$(COMPILE) --extra video -c locks/core.txt -o locks/video.txt
	$(COMPILE) --extra postgres --extra objects -c locks/core.txt -o locks/servers.txt
	$(COMPILE) --extra ray --extra postgres --extra objects -c locks/servers.txt -o locks/ray.txt
	$(COMPILE) --extra dev -c locks/video.txt -c locks/servers.txt -c locks/ray.txt -o locks/dev.txt
