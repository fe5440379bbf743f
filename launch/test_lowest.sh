#!/usr/bin/env bash
# Installs the lowest version of each library that setup.cfg allows into .venv-lowest, and runs the
# tests that lean on the libraries most. Needs Python 3.11, which has the lowest version of JAX.
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3.11} source launch/environment.sh .venv-lowest
python - > .venv-lowest/lowest.txt <<'END'
import configparser, re

options = configparser.ConfigParser()
options.read("setup.cfg")
for name, version in re.findall(r"([\w-]+) >= ([\d.]+)", options["options"]["install_requires"]):
    print(f"{name}=={version}")
END
pip install --quiet --constraint .venv-lowest/lowest.txt --editable '.[test]'
# Those of JAX, Flax, Orbax, TFDS, Grain, array_record, tokenizers and matplotlib.
pytest -n 2 --dist loadfile "$@" \
  tests/models/test_ctrgcn.py tests/models/test_clip_text.py tests/trained tests/test_prepare.py \
  tests/data/test_{augment,clips,pipeline,preparation,preview,recorders,sources}.py \
  tests/text/test_tokenizer.py tests/pictures
