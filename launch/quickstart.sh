#!/usr/bin/env bash
# From nothing to a trained model, its scores and a picture: ./launch/quickstart.sh
# Needs Python 3.11 to 3.13. Everything goes into .venv and runs/quickstart; run it again to go on.
set -euo pipefail
cd "$(dirname "$0")/.."
source launch/environment.sh .venv
pip install --quiet --editable .

run=runs/quickstart
python -m motext_jax.train --config=configs/quickstart.py:synthetic --workdir="$run"
python -m motext_jax.eval --workdir="$run"
# Wordings that no training caption has, over clips of people who were not trained on.
python -m motext_jax.search --workdir="$run" --out="$run/search.png" \
  --query="a person waves hello with the left hand" \
  --query="a person kicks the right leg in the air" \
  --query="a person jogs ahead" \
  --query="a person takes a seat on a chair" \
  --query="a person sneaks forward in a crouch"
