#!/bin/sh
# Makes sure that a Rust compiler for wasm32-unknown-unknown is there. CHITIN_WASM_TOOLCHAIN=rustup or =debian takes that
# way; unset, rustup is tried first and then Debian's packages.
set -eu

target=wasm32-unknown-unknown

has_target() {
    dir=$(rustc --print target-libdir --target "$target" 2>/dev/null) && [ -d "$dir" ]
}

has_source() {
    root=$(/usr/bin/rustc --print sysroot 2>/dev/null) \
        && [ -f "$root/lib/rustlib/src/rust/library/std/Cargo.toml" ] && [ -x /usr/bin/rust-lld ]
}

by_rustup() {
    command -v rustup >/dev/null && rustup target add "$target"
}

by_debian() {
    has_source && return
    command -v apt-get >/dev/null || return 1
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends rustc-web cargo-web rust-web-src rust-web-llvm
    # The name of lld's package carries the version that rust-lld points to.
    lld=$(basename "$(readlink /usr/bin/rust-lld || echo lld)")
    $as_root apt-get install -y -qq --no-install-recommends "$lld"
    has_source
}

case ${CHITIN_WASM_TOOLCHAIN:-} in
    debian) by_debian ;;
    rustup) has_target || by_rustup ;;
    '') has_target || has_source || by_rustup || by_debian ;;
    *) echo "CHITIN_WASM_TOOLCHAIN is rustup or debian" >&2; exit 2 ;;
esac || {
    echo "No compiler for $target could be installed." >&2
    echo "help: rustup target add $target" >&2
    echo "help: or set CHITIN_WASM_CARGO and CHITIN_WASM_RUSTC to a toolchain that has it" >&2
    exit 1
}
