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

# Files that cargo adds to a published crate, and those of ours beside it.
not_published=".cargo-ok .cargo_vcs_info.json Cargo.lock Cargo.toml.orig"
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
    for file in $not_published; do
        rm -f "$2/$1/$file"
    done
}

# Makes the crate $1 in the folder $2.
made() {
    published "$1" "$2"
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
