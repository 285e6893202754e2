#!/bin/sh
# Set up what VidCache needs, once, and run something with it:
#   sh packaging/run.sh                               start the app
#   sh packaging/run.sh pytest                        run the tests
#   sh packaging/run.sh python main.py --demo out/    see it work without a display
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
venv=$root/.venv

say() { printf '%s\n' "$*" >&2; }

# 1. A window needs a display; Qt itself would abort without one.
case "$*" in
"" | "python main.py"* | "vidcache-gui"*) window=yes ;;
*) window= ;;
esac
case " $* " in *" --demo"* | *" --help "* | *" -h "* | *" --version "*) window= ;; esac
if [ "$window" ] && [ "$(uname)" = Linux ] &&
    [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}${QT_QPA_PLATFORM-}" ]; then
    say "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open."
    say "To see VidCache work anyway, headless, with screenshots left in out/:"
    say "    sh packaging/run.sh python main.py --demo out/"
    exit 2
fi

# 2. System libraries that Qt's wheels expect, and the Debian/Ubuntu packages that have them.
libraries="
libglib-2.0.so.0 libglib2.0-0
libGL.so.1 libgl1
libEGL.so.1 libegl1
libfontconfig.so.1 libfontconfig1
libdbus-1.so.3 libdbus-1-3
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libwayland-cursor.so.0 libwayland-cursor0
libwayland-egl.so.1 libwayland-egl1"

missing_packages() {
    known=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
    echo "$libraries" | while read -r library package; do
        case "$known" in *"$library "*) ;; *) [ -z "$package" ] || echo "$package" ;; esac
    done
}

# A Python that is new enough and can make a virtual environment.
find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
}

install_packages() {
    if ! command -v apt-get >/dev/null; then
        say "VidCache needs these Debian packages, or what your system calls them: $*"
        say "Please install them and run this again."
        exit 1
    fi
    say "Installing system packages: $*"
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || {
            say "This needs an administrator. Please have them run:  apt-get install $*"
            exit 1
        }
        as_root=sudo
    fi
    log=$(mktemp)
    { $as_root apt-get update -q &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends "$@"; } </dev/null >"$log" 2>&1 || {
        cat "$log" >&2
        say "The packages could not be installed; apt-get says why above."
        rm -f "$log"
        exit 1
    }
    rm -f "$log"
}

# 3. The virtual environment: made once, brought up to date when pyproject.toml
#    changes, made again when the folder has moved or its Python is gone. The app
#    alone does not wait for the developers' tools.
case "${1-} ${2-}" in
" " | "python main.py" | "vidcache "* | "vidcache-gui "*) purpose=app ;;
*) purpose=dev ;;
esac
stamp() { echo "$root" && cat "$root/pyproject.toml"; }
usable() { [ "$(head -n 1 "$venv/stamp-app")" = "$root" ] && "$venv/bin/python" -c ''; } 2>/dev/null
current() { [ "$(stamp)" = "$(cat "$venv/stamp-$purpose")" ]; } 2>/dev/null

if ! usable || ! current; then
    if [ "$(uname)" = Linux ]; then
        packages=$(missing_packages)
        [ "$(find_python)" ] || packages="$packages python3-venv"
        # shellcheck disable=SC2086 # one word a package
        [ -z "$packages" ] || install_packages $packages
    fi
    python=$(find_python)
    if [ -z "$python" ]; then
        say "VidCache needs Python 3.11 or newer with its venv module; this is $(python3 -V 2>&1)."
        say "On Ubuntu 22.04:  sudo apt-get install python3.11-venv  and run this again."
        exit 1
    fi
    say "Setting up $venv (once; about a minute)"
    usable || "$python" -m venv --clear "$venv"
    [ $purpose = app ] && extra='[server]' || extra='[dev]'
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
        --editable "$root$extra" </dev/null >&2
    stamp >"$venv/stamp-app"
    [ $purpose = app ] || stamp >"$venv/stamp-dev"
fi

# 4. Run what was asked for.
PATH=$venv/bin:$PATH
export PATH
[ $# -gt 0 ] || set -- python "$root/main.py"
exec "$@"
