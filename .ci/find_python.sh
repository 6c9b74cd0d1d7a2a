#!/usr/bin/env bash
# Print the path of a Python that can run femsuite. Each candidate is run: pyenv's shims exist on PATH for versions
# that are not selected and then fail, and Debian's python3 may lack venv.
set -u

fits() {
  command -v "$1" >/dev/null 2>&1 || return 1
  "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 15))' >/dev/null 2>&1
}

newest_first() { printf '%s\n' "$@" | sort -rV; }

candidates=()
[ -n "${PYTHON:-}" ] && candidates+=("$PYTHON")
candidates+=(python3.13 python3.12 python3.14 python3)
pyenv="${PYENV_ROOT:-$HOME/.pyenv}/versions"
for version in 3.13 3.12 3.14; do
  while IFS= read -r found; do
    [ -x "$found" ] && candidates+=("$found")
  done < <(newest_first "$pyenv/$version".*/bin/python)
  candidates+=("/usr/local/bin/python$version" "/opt/python/$version/bin/python3")
done
if command -v uv >/dev/null 2>&1; then
  found="$(uv python find --no-python-downloads '>=3.12,<3.15' 2>/dev/null)" && candidates+=("$found")
fi

for candidate in "${candidates[@]}"; do
  if fits "$candidate"; then
    "$candidate" -c 'import sys; print(sys.executable)'
    exit 0
  fi
done

echo "femsuite needs Python 3.12, 3.13 or 3.14 with venv and pip, and none was found on PATH or under pyenv." >&2
echo "Install one: 'apt-get install python3 python3-venv python3-dev' on Debian 13 or Ubuntu 24.04, 'pyenv install 3.13'," >&2
echo "or name one: 'make PYTHON=/path/to/python3.13 setup'." >&2
exit 2
