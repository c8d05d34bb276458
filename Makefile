# The commands of the project. Each one sets up what it needs in .venv first; a repeated set-up takes no time.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check soak bench docs calibration screens lock clean
BIN := .venv/bin

help: ## what the commands do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## set up .venv with all that work on the code needs
	@scripts/setup dev

demo: ## a living ward in the browser, on this machine; without a terminal a report of it
	@scripts/setup run
	@$(BIN)/cartway demo

test: check ## every check: style, types, layers, then all tests; a skipped test fails
	$(BIN)/pytest -p every_test_runs -n 2

check: ## style, types and layers only; beside them the kernels are compiled, where they are not yet
	@scripts/setup dev
	@$(BIN)/python scripts/kernels.py & compiling=$$!; \
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports; \
	checked=$$?; wait $$compiling && exit $$checked

soak: ## the long versions of the tests: crash kills, random courses
	@scripts/setup dev
	$(BIN)/pytest -p every_test_runs -m soak -n 2

bench: ## the benchmarks, peers in the same run
	@scripts/setup bench
	$(BIN)/python -m benchmarks

docs: ## write docs/reference anew from the code
	@scripts/setup dev
	$(BIN)/python scripts/reference.py

calibration: ## write the twin's calibration report anew: simulated beside published
	@scripts/setup dev
	$(BIN)/python scripts/calibrate.py report

screens: ## take the pictures of docs/tour.md anew
	@scripts/setup dev
	$(BIN)/python scripts/screens.py

lock: ## write the lock files anew (UPGRADE=1 takes newer versions)
	scripts/lock $(if $(UPGRADE),--upgrade)

clean: ## remove what was set up and built
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
