#!/usr/bin/env bash
# Installs what Synopsia is built and tested with, on Debian 12 and Ubuntu 24.04; says what is
# needed on other systems. Asks nothing, and does nothing when all of it is there.
#
#   scripts/setup.sh build    Rust, a C and C++ compiler, make, nasm, ALSA's headers
#   scripts/setup.sh test     the same, ffmpeg, a software Vulkan and OpenGL driver, an X server
#                             without a screen, and a VST3 host for Python in target/python
#
# Exits with 0 when everything is there in the end, with 1 when something is missing.
set -euo pipefail

usage() {
    sed -n '2,9s/^# \{0,1\}//p' "$0"
    exit 2
}

[ $# -eq 1 ] || usage
case "$1" in
build | test) mode=$1 ;;
*) usage ;;
esac

# nasm: with it openh264 (the built-in video encoder) is compiled with its SIMD routines.
# libasound2-dev: `synopsia live` hears and plays through ALSA.
packages=(build-essential nasm curl ca-certificates pkg-config libasound2-dev)
# ffmpeg: the tests look into the films with it. mesa-vulkan-drivers, libvulkan1: the tests of the
# GPU passes run on lavapipe, Mesa's Vulkan driver for machines without a graphics card. xvfb and
# openbox, the X and OpenGL libraries: editor and output window are opened on an X server without
# a screen.
# python3-venv: the VST3 host is a Python package.
[ "$mode" = build ] || packages+=(ffmpeg mesa-vulkan-drivers libvulkan1 xvfb libgl1 libgl1-mesa-dri
    openbox libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon-x11-0 python3-venv)

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "Installing packages needs root, and there is no sudo. As root, run:"
        say "    apt-get install ${missing[*]}"
        exit 1
    fi
}

install_packages() {
    missing=()
    local package
    for package in "${packages[@]}"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${missing[*]} with apt."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Elsewhere the names of packages differ, so programs are looked for instead.
check_programs() {
    local programs=(cc c++ make pkg-config) absent=() program
    [ "$mode" = build ] || programs+=(ffmpeg Xvfb python3)
    for program in "${programs[@]}"; do
        command -v "$program" >/dev/null || absent+=("$program")
    done
    command -v nasm >/dev/null || say "nasm is not installed: films will be encoded more slowly."
    [ "$mode" = build ] ||
        say "Tests of the GPU passes need a Vulkan driver (Mesa's lavapipe does), or Metal on macOS."
    [ ${#absent[@]} -gt 0 ] || return 0
    say "Missing: ${absent[*]}. This script installs packages on Debian and Ubuntu only; elsewhere:"
    say "    Fedora   sudo dnf install gcc gcc-c++ make nasm alsa-lib-devel ffmpeg-free \\"
    say "             mesa-vulkan-drivers mesa-dri-drivers xorg-x11-server-Xvfb python3"
    say "    Arch     sudo pacman -S base-devel nasm alsa-lib ffmpeg vulkan-swrast mesa xorg-server-xvfb python"
    say "    macOS    xcode-select --install; brew install nasm ffmpeg"
    exit 1
}

# Debian's and Ubuntu's own Rust are older than the project needs.
check_rust() {
    PATH="$HOME/.cargo/bin:$PATH"
    local needed have
    needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
    if ! command -v cargo >/dev/null; then
        if ! command -v curl >/dev/null; then
            say "Rust is not installed, and there is no curl to fetch it: see https://rustup.rs."
            exit 1
        fi
        say "Installing Rust for this user with rustup (https://rustup.rs)."
        if ! curl --proto '=https' --tlsv1.2 -sSf https://static.rust-lang.org/rustup/rustup-init.sh |
            sh -s -- -y -q --profile minimal --component clippy,rustfmt >/dev/null; then
            say "Rust could not be installed; install it as https://rustup.rs says, and try again."
            exit 1
        fi
    fi
    have=$(cargo --version | cut -d' ' -f2)
    if [ "$(printf '%s\n' "$needed" "${have%%-*}" | sort -V | head -n 1)" != "$needed" ]; then
        say "Rust $have is older than $needed, which Synopsia needs. Update it: rustup update stable"
        exit 1
    fi
    if [ "$mode" = test ] && ! { cargo fmt --version && cargo clippy --version; } &>/dev/null; then
        say "Adding rustfmt and clippy to Rust."
        rustup component add rustfmt clippy ||
            { say "rustfmt and clippy are missing; install them beside your Rust." && exit 1; }
    fi
}

# A VST3 host that Python can drive, in a place of its own.
PEDALBOARD=0.9.26
check_pedalboard() {
    local python
    python=$(dirname "$0")/../target/python
    ! "$python/bin/python" -c "import pedalboard; assert pedalboard.__version__ == '$PEDALBOARD'" \
        2>/dev/null || return 0
    say "Installing pedalboard $PEDALBOARD in target/python."
    mkdir -p "$python"
    if ! python3 -m venv --clear "$python" ||
        ! "$python/bin/pip" install -q --disable-pip-version-check "pedalboard==$PEDALBOARD"; then
        say "pedalboard could not be installed: the tests of the VST3 plugin need it (pypi.org)."
        exit 1
    fi
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    install_packages
else
    check_programs
fi
check_rust
if [ "$mode" = test ]; then
    check_pedalboard
fi
