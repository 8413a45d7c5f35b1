#!/usr/bin/env bash
# What is vendored: published crates with patches of ours, each of which could be sent upstream.
#
#   scripts/vendor.sh check [CRATE]   vendor/CRATE is the published crate with its patches, and
#                                     nothing else
#   scripts/vendor.sh apply CRATE     makes vendor/CRATE from them anew
#
# The published crate comes from cargo's cache, or from crates.io.
set -euo pipefail
cd "$(dirname "$0")/.."

# What is left out of a published crate: what cargo adds, and what is of no use here. In its manifest
# these are the lints, whose warnings are its makers', and the examples.
left_out=".cargo-ok .cargo_vcs_info.json Cargo.lock Cargo.toml.orig
    .github .gitignore .rustfmt.toml clippy.toml examples screenshot.png"
left_out_sections='^[[](lints|[[]example)'

# What of ours is beside it.
ours="PATCHES.md LICENSE"

# Unpacks the published crate $1 into the folder $2.
published() {
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "vendor/$1/Cargo.toml" | head -n 1)
    cache=${CARGO_HOME:-$HOME/.cargo}/registry/cache
    archive=$(find "$cache" -name "$1-$version.crate" 2>/dev/null | head -n 1)
    if [ -z "$archive" ]; then
        archive=$2/$1.crate
        curl -fsSL -o "$archive" "https://static.crates.io/crates/$1/$1-$version.crate"
    fi
    tar -xzf "$archive" -C "$2"
    mv "$2/$1-$version" "$2/$1"
    for file in $left_out; do
        rm -rf "${2:?}/$1/$file"
    done
}

# A manifest without what is left out, and, of a crate without examples, without what they need.
manifest() {
    sections=$left_out_sections
    if grep -q '^\[\[example' "$1"; then
        sections="$sections|^[[]dev-dependencies"
    fi
    awk -v left_out="$sections" '
        /^\[/ { keep = $0 !~ left_out }
        NR == 1 { keep = 1 }
        keep && /^$/ { blank = 1; next }
        keep { if (blank) print ""; blank = 0; print }
    ' "$1"
}

# Makes the crate $1 in the folder $2.
made() {
    published "$1" "$2"
    manifest "$2/$1/Cargo.toml" >"$2/manifest"
    mv "$2/manifest" "$2/$1/Cargo.toml"
    for patch in "vendor/patches/$1"/*.patch; do
        patch --quiet --no-backup-if-mismatch -p1 -d "$2/$1" <"$patch" || {
            echo "$patch does not apply" >&2
            exit 1
        }
    done
    for file in $ours; do
        if [ -e "vendor/$1/$file" ]; then
            cp "vendor/$1/$file" "$2/$1/$file"
        fi
    done
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
case "${1:-}" in
check)
    for patches in vendor/patches/*/; do
        crate=$(basename "$patches")
        if [ -z "${2:-}" ] || [ "$2" = "$crate" ]; then
            made "$crate" "$folder"
            diff -ru "$folder/$crate" "vendor/$crate" || {
                echo "vendor/$crate is not the published crate with vendor/patches/$crate" >&2
                exit 1
            }
            echo "vendor/$crate: the published crate and $(ls "$patches" | wc -l) patches"
        fi
    done
    ;;
apply)
    made "$2" "$folder"
    rm -rf "vendor/$2"
    mv "$folder/$2" "vendor/$2"
    ;;
*)
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
