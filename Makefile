# The one door. `make` alone lists what there is. Times are from two cores at 2.5 GHz.

PACKAGE_FLAGS := --explicit-target-dependency-import-check error
RELEASE := swift build -c release $(PACKAGE_FLAGS)
# Tests see inside the rooms, so they are built apart and do not rebuild what `run` uses.
TESTING := -c release --scratch-path .build-test -Xswiftc -enable-testing

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests install run replay test docs clients browser fuzz fuzz-bytes bench wasm attack stress lint

help: ## list the targets (at once)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup-tests: ## check what the tests need besides, install what is missing (at once, or two minutes)
	@scripts/setup.sh tests

setup: ## check what the build needs, install what is missing (at once, or a minute)
	@scripts/setup.sh

install: setup ## build the node and install it with its units, below DESTDIR if given (three minutes)
	$(RELEASE) --product rampart
	scripts/install.sh $(DESTDIR)

run: setup ## build, then run a venue with simulated traders on http://127.0.0.1:8645 (three minutes, then seconds)
	$(RELEASE) --product rampart-lab
	@.build/release/rampart-lab demo

replay: setup ## replay the built-in day to .build/replay.html (half a minute)
	$(RELEASE) --product rampart-lab
	.build/release/rampart-lab replay --html .build/replay.html --json .build/replay.json
	@echo
	@echo "The page is .build/replay.html, the results are in .build/replay.json."
	@echo "Your own price files: .build/release/rampart-lab replay --prices FILE... --html PAGE"
	@echo "All options:          .build/release/rampart-lab --help"

test: setup-tests ## all tests in release mode, a node killed 20 times, real clients, the pages, the core under WebAssembly, a minute of libFuzzer, the format (twenty minutes)
	swift build $(TESTING) $(PACKAGE_FLAGS) --build-tests
	scripts/tests.sh $(TESTING)
	scripts/clients.sh .build-test/release/rampart-lab
	scripts/docs.sh .build-test/release
	node --test Tests/DashboardTests/script
	scripts/browser.sh .build-test/release
	@# Each of these two builds keeps one core busy.
	@mkdir -p .build; scripts/fuzz.sh build >.build/fuzz-build.log 2>&1 & built=$$!; \
		scripts/wasm.sh .build-test/release/rampart-lab && wait $$built || \
		{ tail -n 40 .build/fuzz-build.log; exit 1; }
	scripts/fuzz.sh 45
	@$(MAKE) --no-print-directory lint

docs: setup-tests ## do what the pages say and compare it, with their sums, pictures and reference; WRITE=1 writes the latter anew, PAGE=docs/start.md for one page (a minute)
	$(RELEASE) --product rampart-lab
	$(RELEASE) --product rampart
	$(if $(WRITE),RAMPART_WRITE_REFERENCE=1) scripts/docs.sh .build/release $(PAGE)

clients: setup-tests ## CCXT, ccxt.pro, schemathesis, Nautilus and bad input against a venue; ONLY=test_rest for one part (two minutes)
	$(RELEASE) --product rampart-lab
	scripts/clients.sh .build/release/rampart-lab $(ONLY)

browser: setup-tests ## the dashboard in Chromium; SOAK=600 watches ten minutes, PICTURES=FOLDER keeps what was seen, ONLY=test_pages for one part (two minutes)
	$(RELEASE) --product rampart-lab
	$(RELEASE) --product rampart
	scripts/browser.sh .build/release $(ONLY)

fuzz: setup-tests ## COMMANDS=10000000 of chance and adversaries, TWIN=2000000 with the second venue, from seed FIRST=1; KILLS=200 of a node under load (ten minutes)
	swift build $(TESTING) $(PACKAGE_FLAGS) --build-tests
	RAMPART_FUZZ_COMMANDS=$(or $(COMMANDS),10000000) RAMPART_FUZZ_FIRST_SEED=$(or $(FIRST),1) \
		RAMPART_FUZZ_ADVERSARY=$(ADVERSARY) swift test $(TESTING) --skip-build --filter LedgerTests.FuzzTests
	RAMPART_FUZZ_KILLS=$(or $(KILLS),200) swift test $(TESTING) --skip-build \
		--filter "NodeTests.KillTests|NodeTests.StandbyTests"
	$(if $(ADVERSARY),,RAMPART_TWIN_COMMANDS=$(or $(TWIN),2000000) RAMPART_TWIN_FIRST_SEED=$(or $(FIRST),1) \
		swift test $(TESTING) --skip-build --filter LedgerTests.MatchingTwinTests)

fuzz-bytes: setup ## libFuzzer on decoders, API and ledger for SECONDS=180; CORPUS=FOLDER goes on from there (five minutes)
	scripts/fuzz.sh $(or $(SECONDS),180)

bench: setup ## measure against yardsticks in the same run, to .build/bench.json (a minute, then three)
	$(RELEASE) --product rampart-bench
	.build/release/rampart-bench

wasm: setup-tests ## the core as WebAssembly: same blocks, same root as natively (three minutes, then seconds)
	$(RELEASE) --product rampart-lab
	scripts/wasm.sh .build/release/rampart-lab

attack: setup ## incidents of other venues with and without the defences that they lacked (three minutes, then ten seconds)
	$(RELEASE) --product rampart-lab
	.build/release/rampart-lab attack --all

stress: setup ## crashes over SEEDS=429 on the engine, then without the throttle and turned round, to .build/stress.html (three minutes, then a quarter of an hour)
	$(RELEASE) --product rampart-lab
	.build/release/rampart-lab stress --seeds $(or $(SEEDS),429)
	.build/release/rampart-lab stress --seeds 40 --without depthThrottle --reverse \
		--html .build/stress.html --json .build/stress.json
	@echo "The page is .build/stress.html, the results are in .build/stress.json."

lint: ## check the format of every Swift file (seconds)
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks Fuzz
