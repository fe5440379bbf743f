#!/usr/bin/env bash
# Installs the project with its test tools into .venv-test and runs every check and test.
# Needs Python 3.11 or 3.12, two cores, no GPU, no network beyond the package index.
set -euo pipefail
cd "$(dirname "$0")/.."
source launch/environment.sh .venv-test
pip install --quiet --editable '.[test]'

ruff check .
ruff format --check .
mypy
pytest -n 2 "$@"
