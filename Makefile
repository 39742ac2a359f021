# SPDX-License-Identifier: LGPL-2.1-or-later
# Short names for what one does all day.
PYTHON = .venv/bin/python

check: ; ./test
quick: ; $(PYTHON) -m pytest -q -m "not live" -n 2
format: ; .venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .
types: ; .venv/bin/mypy
generate: ; $(PYTHON) tools/generate.py
wheel: ; $(PYTHON) -m pip wheel --quiet --no-deps --wheel-dir dist .

.PHONY: check quick format types generate wheel
