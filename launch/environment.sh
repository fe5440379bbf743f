# Sourced: makes or reuses the virtual environment $1 with Python 3.11 to 3.13, and enters it.
for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
  if [ -n "$candidate" ] && "$candidate" -c \
      'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "${python:-}" ]; then
  echo "error: motext_jax needs Python 3.11 to 3.13; set PYTHON=/path/to/python3.13" >&2
  exit 2
fi
[ -x "$1/bin/python" ] || "$python" -m venv "$1"
source "$1/bin/activate"
