# shellcheck shell=bash
# What the scripts share: where the repository is, installing what is missing, and building.
#
# Sourced, not run. Only sets `root`; everything else is in functions.

# Read by the scripts that source this file.
# shellcheck disable=SC2034
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

build_packages=(
    libavformat-dev libavcodec-dev libavfilter-dev libavutil-dev libswscale-dev libswresample-dev pkg-config
)
# ffmpeg and ffprobe are the oracles of the tests; vtx itself never runs them. libcurl4 is for `vtx batch --notify`,
# libuchardet0 for subtitles that are not UTF-8.
# shellcheck disable=SC2034
test_packages=("${build_packages[@]}" ffmpeg python3 libcurl4 libuchardet0)

note() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# fail MESSAGE [STATUS]
fail() {
    printf '%s: error: %s\n' "${0##*/}" "$1" >&2
    exit "${2:-69}"
}

# as_root COMMAND...: with sudo unless this is root already.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "'$*' needs root, and sudo is not installed: run it as root, then try again"
    fi
}

# is_installed PACKAGE
is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# install_packages PACKAGE...: installs missing packages; uses no network if none are missing.
install_packages() {
    local package missing=()
    if ! command -v dpkg-query >/dev/null; then
        note "not a Debian system: skipping the check for $*"
        return
    fi
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    note "installing ${missing[*]}"
    apt_install "${missing[@]}" && return
    note "trying again with fresh package lists"
    as_root apt-get update -q >&2 || fail "apt-get update failed: check the network"
    apt_install "${missing[@]}" || fail "apt-get could not install ${missing[*]}: its own messages are above"
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2
}

require_swift() {
    command -v swift >/dev/null || fail "no 'swift' in PATH: install Swift 6.2 or newer from https://www.swift.org/install"
}

# quietly LOG COMMAND...: shows the output, on stderr, only if the command fails or takes over five seconds.
quietly() {
    local log=$1 pid slow=0
    shift
    "$@" >"$log" 2>&1 &
    pid=$!
    for _ in {1..50}; do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    if kill -0 "$pid" 2>/dev/null; then
        slow=1
        tail -n +1 -f --pid="$pid" "$log" >&2
    fi
    if ! wait "$pid"; then
        ((slow)) || cat "$log" >&2
        return 1
    fi
}

# build_release [PRODUCT...]: builds vtx, and sets `vtx` to the binary; vtx-server is built beside it if it is named.
#
# The Swift runtime is linked in, so that the binaries run where no toolchain is; libav stays shared.
build_release() {
    local log product scratch=${VTX_SCRATCH:-$root/.build}
    local flags=(--package-path "$root" --scratch-path "$scratch" -c release --static-swift-stdlib)
    install_packages "${build_packages[@]}"
    require_swift
    log=$(mktemp "${TMPDIR:-/tmp}/vtx-build.XXXXXX")
    for product in vtx "$@"; do
        quietly "$log" swift build "${flags[@]}" --product "$product" && continue
        rm -f "$log"
        fail "the build failed: the compiler's messages are above" 70
    done
    rm -f "$log"
    # shellcheck disable=SC2034
    vtx=$scratch/release/vtx
}
