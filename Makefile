# Two commands: `make try` (a dream in your browser, no Discord account) and `make test`.
# Each sets up what it needs, once, in .venv. For hosting a bot: `make setup`, and docs/operators.md.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/python -m uv
SIZE   := $(shell [ "$$(uname -s)" = Linux ] && echo "3 GB (torch with CUDA)" || echo "400 MB")
# What `make setup` installs beside the core and videos: servers (PostgreSQL and buckets) or ray (these and Ray).
LOCK   := video

# triton, 1 GB, compiles for NVIDIA GPUs only. Where one is added later, the name of the stamp changes.
GPU    := $(wildcard /dev/nvidia0 /dev/nvidiactl /dev/nvhost-gpu /dev/dxg)
STAMP  := $(if $(GPU),gpu,cpu)
ifeq ($(GPU),)
export UV_EXCLUDE := locks/without-gpu.txt
endif

.PHONY: try setup dev test soak lint lock docs bench bench-bot calibrate

try: $(VENV)/.setup-video-$(STAMP)
	@$(BIN)/python -m dreambot try $(ARGS)

# For hosts: what a bot needs to run, without the tools of developers.
setup: $(VENV)/.setup-$(LOCK)-$(STAMP)
	@echo "Start it with .venv/bin/dreambot run; .venv/bin/dreambot doctor checks settings and machine."

# For developers: everything.
dev: $(VENV)/.dev-$(STAMP)

# Three processes on two cores: the tests of the bot often wait for another process.
test: lint
	-@for model in inception_v3 vgg16 mobilenet_v2 faces writing; do $(BIN)/python -m dreambot models pull $$model; done
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 3 --dist worksteal

# A thousand kills, and memory over two thousand dreams: most of an hour. SOAK_KILLS=60 SOAK_JOBS=300 for less.
soak: $(VENV)/.dev-$(STAMP)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -s -m soak tests/chaos

lint: $(VENV)/.dev-$(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The documentation site, in build/site; a warning is an error.
docs: $(VENV)/.dev-$(STAMP)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build

bench: $(VENV)/.dev-$(STAMP)
	$(BIN)/python -m benchmarks.dream
	$(BIN)/python -m benchmarks.busy

# Under load: acknowledgements, a burst, fairness, throughput. Six minutes of a machine with nothing else to do.
bench-bot: $(VENV)/.dev-$(STAMP)
	$(BIN)/python -m benchmarks.bot

calibrate: $(VENV)/.dev-$(STAMP)
	$(BIN)/python -m benchmarks.calibrate

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dreambot needs Python 3.11 or newer; set PYTHON=python3.11, say")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q uv

INSTALL := $(UV) pip install -q --python $(BIN)/python

$(VENV)/.setup-%-$(STAMP): locks/video.txt locks/%.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up, once: about $(SIZE) of packages, then 81 MB of network weights."
	$(INSTALL) --require-hashes $(addprefix -r ,$(filter locks/%,$^))
	$(INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.dev-$(STAMP): locks/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up, once: about $(SIZE) of packages and 150 MB for the tests, then 350 MB of network weights."
	$(INSTALL) --require-hashes -r locks/dev.txt
	$(INSTALL) --no-deps -e .
	@touch $@ $(VENV)/.setup-video-$(STAMP)

COMPILE := env -u UV_EXCLUDE $(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml
lock: | $(VENV)/bin/python
	$(COMPILE) -o locks/core.txt
	$(COMPILE) --extra video -c locks/core.txt -o locks/video.txt
	$(COMPILE) --extra postgres --extra objects -c locks/core.txt -o locks/servers.txt
	$(COMPILE) --extra ray --extra postgres --extra objects -c locks/servers.txt -o locks/ray.txt
	$(COMPILE) --extra dev -c locks/video.txt -c locks/servers.txt -c locks/ray.txt -o locks/dev.txt
