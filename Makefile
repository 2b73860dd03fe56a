# The tasks of this project. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --warn-undefined-variables

# The modules below the root one. `./...` in the root does not see them, so each is named here.
MODULES := lexgen/conformance examples/downstream

# What each folder's tests must cover of it, in percent. Raise a floor when coverage has risen.
COVERAGE_FLOORS := runtime=90 lexgen=85 server=80

# Flags of the account server, for `make run`.
ARGS ?=
# How long each fuzz target runs: a duration (30s) or a number of inputs (1000x).
FUZZTIME ?= 30s
# Which benchmarks run, and how often each.
BENCH ?= .
COUNT ?= 1

# SQLite, translated from C, takes ten times as long with the race detector, which is for our code.
UNRACED := -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false

TOOL := tool -modfile='$(CURDIR)/.ci/tools/go.mod'
# The lexgen.json of each folder with generated code that is committed.
LEXGEN_CONFIGS := generated/lexgen.json server/internal/client2023/lexgen.json

.PHONY: help
help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  %-16s %s\n", $$1, $$2 }' Makefile

# Use

.PHONY: run
run: generate ## Generate, build and start the account server (ARGS="--flag value" for flags)
	@go build -o bin/server ./server
	@exec bin/server $(ARGS)

.PHONY: generate
generate: ## Generate Go code from lexicons/ into generated/, and that of the example and the tests
	@for config in $(LEXGEN_CONFIGS); do go run ./lexgen generate -c "$$config"; done
	@go -C examples/downstream generate ./...

# Test

.PHONY: test
test: modules-exist ## Run the tests (needs Go alone)
	@go test ./...
	@go -C examples/downstream test ./...

.PHONY: test-race
test-race: ## Run the tests under the race detector (needs a C compiler)
	@compiler="$$(go env CC)"; command -v "$${compiler%% *}" >/dev/null || { \
		echo "make test-race: no C compiler ($$compiler), which the race detector needs: install gcc" >&2; exit 1; }
	@CGO_ENABLED=1 go test -race $(UNRACED) ./...

.PHONY: conformance
conformance: modules-exist ## Test against the official corpus, interop vectors and peers, and print a table
	@go -C lexgen/conformance run ./report

.PHONY: e2e
e2e: ## Test the account server with clients from npm (needs Node)
	@for command in node npm; do command -v "$$command" >/dev/null || { \
		echo "make e2e: no $$command, which runs the clients: install Node 20.11 or newer" >&2; exit 1; }; \
	done
	@[[ "$$(node -p 'Number(process.versions.node.replace(/(\d+)\.(\d+).*/, (_, major, minor) => major * 1000 + +minor))')" -ge 20011 ]] || { \
		echo "make e2e: node is $$(node --version), but the clients need Node 20.11 or newer" >&2; exit 1; }
	@cd server/e2e && npm ci --no-audit --no-fund
	@folder="$$(mktemp -d)"; trap 'rm -rf "$$folder"' EXIT; \
		go build -o "$$folder/server" ./server; \
		cd server/e2e; LEXGEN_SERVER="$$folder/server" node --test --test-timeout=300000

.PHONY: cover
cover: ## Measure coverage against the floors of runtime, lexgen and server
	@.ci/cover $(COVERAGE_FLOORS)

.PHONY: fuzz
fuzz: modules-exist ## Run every fuzz target (FUZZTIME=30s each)
	@.ci/fuzz $(FUZZTIME) . $(MODULES)

.PHONY: bench
bench: modules-exist ## Run the benchmarks (BENCH=regexp COUNT=10)
	@for module in . $(MODULES); do \
		go -C "$$module" test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./...; \
	done

.PHONY: figures
figures: modules-exist ## Measure generating and compiling beside a peer, as a table in Markdown
	@go -C lexgen/conformance run ./figures

.PHONY: benchstat
benchstat: ## Compare two outputs of make bench (OLD=old.txt NEW=new.txt)
	@go $(TOOL) benchstat "$${OLD:?name the older output: OLD=old.txt}" "$${NEW:?name the newer output: NEW=new.txt}"

# Check

.PHONY: check
check: format-check vet staticcheck deadcode marks tidy-check generate-check layering ## Run every check that is not a test

.PHONY: format
format: ## Format all Go code with gofumpt
	@go $(TOOL) gofumpt -w .

.PHONY: format-check
format-check: ## Fail if gofumpt would change a file
	@unformatted="$$(go $(TOOL) gofumpt -l .)"; if [[ -n "$$unformatted" ]]; then \
		printf 'not as gofumpt formats it (make format):\n%s\n' "$$unformatted" >&2; exit 1; fi

.PHONY: vet
vet: modules-exist ## Run go vet in every module
	@for module in . $(MODULES); do go -C "$$module" vet ./...; done

.PHONY: staticcheck
staticcheck: modules-exist ## Run staticcheck in every module
	@for module in . $(MODULES); do go -C "$$module" $(TOOL) staticcheck -checks all ./...; done

.PHONY: deadcode
deadcode: modules-exist ## Fail if a function is reachable from no command and no test
	@for module in . $(MODULES); do \
		dead="$$(go -C "$$module" $(TOOL) deadcode -test ./...)"; \
		if [[ -n "$$dead" ]]; then printf '%s\n' "$$dead" >&2; exit 1; fi; \
	done

.PHONY: marks
marks: ## Fail if a Go comment puts work off without an issue number
	@if grep -rnE --include='*.go' '//[[:space:]]*(FIXME|HACK|XXX|TODO)\b' . | grep -vE 'TODO\(#[0-9]+\)' >&2; then \
		echo 'finish it, or write TODO(#issue)' >&2; exit 1; fi

.PHONY: tidy-check
tidy-check: modules-exist ## Fail if go mod tidy would change a module
	@for module in . $(MODULES) .ci/tools; do \
		go -C "$$module" mod tidy -diff || { echo "$$module: run go mod tidy there" >&2; exit 1; }; \
	done

.PHONY: generate-check
generate-check: ## Fail if the lexicons have findings or generated code is stale
	@for config in $(LEXGEN_CONFIGS); do go run ./lexgen check -c "$$config"; done

.PHONY: regenerate
regenerate: ## Delete generated code, generate it anew and fail if it came out differently
	@.ci/regenerate

.PHONY: layering
layering: ## Fail if a package imports what it may not (uncached: the test reads other packages)
	@go test -count=1 -run '^TestLayering' ./lexgen

.PHONY: ci
ci: ## Run what the continuous integration runs, step by step
	@.ci/run

.PHONY: modules-exist
modules-exist:
	@for module in $(MODULES); do \
		[[ -f "$$module/go.mod" ]] || { \
			echo "make: MODULES in the Makefile names $$module, but $$module/go.mod does not exist" >&2; exit 1; }; \
	done
