# Everything goes through scripts that install what they need; see README.md.
.PHONY: run test prove journeys check bench docs lock keys setup clean help
.DEFAULT_GOAL := help
PY := .venv/bin/python

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

run: ## set everything up, then serve the site with its worker (Ctrl-C stops both)
	@scripts/setup run
	@$(PY) scripts/serve.py

test: ## the suite: PostgreSQL where a server answers, then what can differ on SQLite
	@scripts/setup test
	@scripts/test

journeys: ## of the suite only the stories in a real Chromium, with pictures
	@scripts/test journeys

prove: ## the long arsenal
	@scripts/setup test
	@scripts/test prove

check: ## lint, types, templates, imports, migrations, generated documents
	@scripts/setup test
	@scripts/check

bench: ## measured ratios, printed and written under var/
	@scripts/setup test
	@$(PY) scripts/bench.py

docs: ## write the generated documents anew
	@scripts/setup run
	@$(PY) manage.py docs

lock: ## write the lock files anew after a change of dependencies
	@scripts/setup test
	@scripts/lock

keys: ## print fresh keys for a production environment
	@scripts/setup run
	@$(PY) -m mediation.environment

setup: ## install everything that tests and checks need
	@scripts/setup test

clean: ## remove what was made here, the demonstration's data included
	rm -rf var staticfiles static/vendor node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
