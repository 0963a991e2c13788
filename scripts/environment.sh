#!/bin/sh
# Make .venv if it is not there, and install som_sim in it: `sh scripts/environment.sh [EXTRA]`.
#
# uv is used where it is on the PATH, else `python3 -m venv` and pip. The Makefile calls this only
# when pyproject.toml or constraints.txt is newer than the last installation.
set -eu

extra=${1:-}
venv=.venv
python=$venv/bin/python
target=.${extra:+[$extra]}

say() { printf '%s\n' "$*" >&2; }

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

have_uv() { uv --version >/dev/null 2>&1; }

find_python() {
    for name in ${PYTHON:-python3 python python3.14 python3.13 python3.12 python3.11}; do
        if is_new_enough "$name"; then
            printf '%s\n' "$name"
            return
        fi
    done
    say "som_sim needs Python 3.11 or newer, and none was found on the PATH."
    say "Install one, or name it: make PYTHON=/path/to/python3.12 demo"
    exit 1
}

make_venv_with_uv() {
    if [ -n "${PYTHON:-}" ]; then
        base=$(find_python)
        uv venv --quiet --python "$base" "$venv"
    else
        uv venv --quiet --python '>=3.11' "$venv"
    fi
}

make_venv_with_pip() {
    base=$(find_python)
    if ! "$base" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        say "$base cannot make a virtual environment: its 'ensurepip' module is missing."
        say "On Debian and Ubuntu: sudo apt-get install python3-venv"
        say "Or install uv, which needs nothing else: https://docs.astral.sh/uv/"
        exit 1
    fi
    "$base" -m venv "$venv"
}

if ! is_new_enough "$python"; then
    say "making the environment in $venv"
    rm -rf "$venv"
    if have_uv; then make_venv_with_uv; else make_venv_with_pip; fi
fi

say "installing $target"
if have_uv; then
    uv pip install --quiet --compile-bytecode --python "$python" \
        --constraint constraints.txt --editable "$target"
else
    # An environment that uv made has no pip of its own.
    "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip --upgrade >/dev/null
    "$python" -m pip install --quiet --disable-pip-version-check \
        --constraint constraints.txt --editable "$target"
fi
