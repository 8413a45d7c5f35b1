#!/usr/bin/env bash
# Measures a whole film: three minutes of the demo track at 1280x720 and 30 frames a second, with
# a release build. Prints the share of each stage, and resident memory over time.
#
#   scripts/measure.sh [more options of `synopsia render`]
set -euo pipefail
cd "$(dirname "$0")/.."

synopsia=${SYNOPSIA:-target/release/synopsia}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ffmpeg -v error -stream_loop 4 -i plugin-assets/demo/three-weathers.ogg -t 180 "$work/song.wav"

"$synopsia" render "$work/song.wav" -o "$work/film.mp4" --stats --quiet "$@" &
pid=$!
started=$SECONDS
while resident=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status" 2>/dev/null) &&
    [ -n "$resident" ]; do
    memory+=("$((SECONDS - started))s:${resident}MB")
    sleep 10
done
wait "$pid"
echo "resident memory: ${memory[*]}"
