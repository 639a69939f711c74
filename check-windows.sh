#!/bin/sh
# Type-checks the host for Windows. Nothing is built that could run, and no checks are compiled in.
# CHITIN_WASM_TOOLCHAIN=rustup or =debian takes that compiler; unset, rustup is tried first and then Debian's packages.
set -eu
cd "$(dirname "$0")"

target=x86_64-pc-windows-gnu

has_target() {
    dir=$(rustc --print target-libdir --target "$target" 2>/dev/null) && [ -d "$dir" ]
}

by_rustup() {
    has_target || { command -v rustup >/dev/null && rustup target add "$target"; } || return 1
    cargo=cargo
}

# The packages are those that compile the checks; the library is type-checked from its source.
by_debian() {
    CHITIN_WASM_TOOLCHAIN=debian ./toolchain.sh || return 1
    cargo=/usr/bin/cargo
    export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1
    build_std=-Zbuild-std=std
}

# SQLite comes as C source.
has_c_compiler() {
    command -v x86_64-w64-mingw32-gcc >/dev/null && return
    command -v apt-get >/dev/null || return 1
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends gcc-mingw-w64-x86-64-win32
}

build_std=
case ${CHITIN_WASM_TOOLCHAIN:-} in
    debian) by_debian ;;
    rustup) by_rustup ;;
    '') by_rustup || by_debian ;;
    *) echo "CHITIN_WASM_TOOLCHAIN is rustup or debian" >&2; exit 2 ;;
esac || {
    echo "No compiler for $target could be installed." >&2
    echo "help: rustup target add $target" >&2
    exit 1
}
has_c_compiler || {
    echo "There is no C compiler for $target." >&2
    echo "help: install mingw-w64, so that x86_64-w64-mingw32-gcc is found" >&2
    exit 1
}

# shellcheck disable=SC2086 # No argument, or one.
RUSTFLAGS="--cfg chitin_type_check -D warnings" exec "$cargo" check $build_std \
    --package chitin --no-default-features --target "$target" \
    --target-dir "${CARGO_TARGET_DIR:-target}/windows"
