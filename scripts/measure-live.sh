#!/usr/bin/env bash
# Measures how much of one core `synopsia live` takes, with a release build, under Xvfb: with its
# editor open and with the output window alone, while a song plays and while silence does.
#
#   scripts/measure-live.sh [SECONDS to measure for, 20 without]
set -euo pipefail
cd "$(dirname "$0")/.."

synopsia=${SYNOPSIA:-target/release/synopsia}
seconds=${1:-20}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
ffmpeg -v error -f lavfi -i anullsrc=r=48000 -t 180 "$work/silence.wav"

mkfifo "$work/number"
Xvfb -displayfd 5 -screen 0 1600x1000x24 5>"$work/number" 2>/dev/null &
pids+=($!)
DISPLAY=:$(head -n 1 "$work/number")
export DISPLAY

# Ticks of processor time that a process has taken.
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }

measure() {
    local what=$1 pid before after
    shift
    "$synopsia" live --quiet --loop "$@" >/dev/null 2>"$work/errors" &
    pid=$!
    pids+=("$pid")
    # It opens, loads its model, and the tempo settles.
    sleep 10
    before=$(ticks "$pid")
    sleep "$seconds"
    after=$(ticks "$pid")
    kill -INT "$pid"
    wait "$pid" || true
    echo "$what: $((100 * (after - before) / ($(getconf CLK_TCK) * seconds))) % of one core"
    cat "$work/errors" >&2
}

song=plugin-assets/demo/three-weathers.ogg
measure "a song, editor" "$song"
measure "a song, output window alone" --no-editor "$song"
measure "silence, editor" "$work/silence.wav"
measure "silence, output window alone" --no-editor "$work/silence.wav"
