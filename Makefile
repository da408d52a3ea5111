# The one door. `make` alone lists what there is. Times are from two cores at 2.5 GHz.

PACKAGE_FLAGS := --explicit-target-dependency-import-check error
RELEASE := swift build -c release $(PACKAGE_FLAGS)

.DEFAULT_GOAL := help
.PHONY: help setup run test bench lint

help: ## list the targets (at once)
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## check what the build needs, install what is missing (at once, or a minute)
	@scripts/setup.sh

run: setup ## build, then replay the built-in day to .build/replay.html (a minute, then seconds)
	$(RELEASE) --product rampart-lab
	.build/release/rampart-lab replay --html .build/replay.html --json .build/replay.json
	@echo
	@echo "The page is .build/replay.html, the results are in .build/replay.json."
	@echo "Your own price files: .build/release/rampart-lab replay --prices FILE... --html PAGE"
	@echo "All options:          .build/release/rampart-lab --help"

test: setup ## build everything, run all tests in release mode, then lint (some minutes, then one)
	$(RELEASE) --build-tests -Xswiftc -enable-testing
	swift test -c release --skip-build -Xswiftc -enable-testing
	@$(MAKE) --no-print-directory lint

bench: setup ## measure the speed of a replay of the built-in day, three times (seconds)
	$(RELEASE) --product rampart-lab
	@for i in 1 2 3; do .build/release/rampart-lab replay 2>/dev/null | grep '^speed'; done

lint: ## check the format of every Swift file (seconds)
	swift format lint --strict --parallel --recursive Package.swift Sources Tests
