# The verbs of this checkout. Each is a script; read that for the details.
.DEFAULT_GOAL := help
.PHONY: help up down status build web engine test check format bench screenshots clean

help: ## This list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

up: ## Install what is missing, build, start the appliance, run the sample's job
	@scripts/up

down: ## Stop the appliance; its data stays
	@scripts/down

status: ## Show what runs
	@scripts/status

build: ## Build the release: program, web application, what they need beside them
	@scripts/build

web: ## Build the web application
	@scripts/web

engine: ## Install the dbt engine
	@scripts/engine

test: ## All tests; ends with one line: N passed, N failed
	@scripts/test

check: ## Format, the project's own rules, shell scripts
	@scripts/check

format: ## Format the C++ sources in place
	@find src bench tests -name '*.[ch]pp' -print0 2>/dev/null | xargs -0 -r clang-format-19 -i

bench: ## Measure against dbt's own command line; results to bench/results/
	@scripts/bench

screenshots: ## Pictures of every page, in both themes, into docs/screenshots/
	@scripts/screenshots

clean: ## Remove what was built; data and installed engines stay
	@rm -rf build web/dist
