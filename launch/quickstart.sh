#!/usr/bin/env bash
# From nothing to a trained model, its scores, a picture, and a page to search on:
#
#   ./launch/quickstart.sh [--no-serve] [FOLDER]
#
# The page shows procedural people whom the model has not seen; with FOLDER your own motion capture,
# found by the starter model. Without a terminal, or with --no-serve, the page is not opened.
# Needs Python 3.11 to 3.13. Everything goes into .venv and runs/quickstart; run it again to go on.
set -euo pipefail

serve=true folder=
for argument in "$@"; do
  case "$argument" in
    --no-serve) serve=false ;;
    -*) echo "unknown option $argument; usage: ./launch/quickstart.sh [--no-serve] [FOLDER]" >&2; exit 2 ;;
    *) folder=$(realpath -- "$argument") ;;
  esac
done
if [[ -n "$folder" && ! -d "$folder" ]]; then
  echo "$folder is no folder; give the folder of your motion capture" >&2
  exit 2
fi
[[ -t 1 ]] || serve=false

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

model=starter
if [[ -z "$folder" ]]; then
  model="$run" folder="$run/takes"
  if [[ ! -e "$folder/captions.csv" ]]; then
    rm -rf "$folder"
    python -m motext_jax.prepare synthetic --takes="$folder" --splits=test --limit=200
  fi
fi
python -m motext_jax.index "$folder" --model="$model"
if $serve; then
  python -m motext_jax.serve "$folder" --model="$model"
else
  echo "open a page to search it: python -m motext_jax.serve $folder --model=$model"
fi
