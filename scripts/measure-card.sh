#!/usr/bin/env bash
# Measures what docs/performance.md says of a graphics card, and prints it as Markdown.
#
#   scripts/measure-card.sh OUT
#
# What each part says is in the folder OUT, as PART.md, and what it complains of as PART.log. A part
# that fails or takes too long does not keep the next from its turn. What compiles does so at once,
# what is timed is alone on the machine.
#
#   BIN=FOLDER      programs that are built already, by the names below; without, cargo builds them
#   PYTHON=PROGRAM  one that has PyTorch for CUDA, numpy and safetensors [python3]
#   LIMIT=SECONDS   for all of it [240]
#   QUICK=1         the least of everything, on a software adapter: a trial of this script alone
set -uo pipefail
[ $# -eq 1 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" && exit 2; }
mkdir -p "$1" && out=$(cd "$1" && pwd) || exit 1
cd "$(dirname "$0")/.." || exit 1

python=${PYTHON:-python3}
limit=${LIMIT:-240}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What this card is found out to do best is not what another version of the program found out.
export SYNOPSIA_CACHE=$work/cache SYNOPSIA_TEST_GPU=1 RUST_BACKTRACE=1

# Builds the programs with cargo and links them as bench-NAME, test-NAME and synopsia.
build() {
    local names
    # shellcheck disable=SC2016
    names='import json, os, sys
for line in sys.stdin:
    said = json.loads(line)
    if said.get("executable"):
        kind = said["target"]["kind"][0]
        name = said["target"]["name"] if kind == "bin" else kind + "-" + said["target"]["name"]
        link = os.path.join(sys.argv[1], name)
        os.path.lexists(link) or os.symlink(said["executable"], link)'
    {
        cargo build --release --locked --bin synopsia --message-format json &&
            cargo bench --locked --no-run --bench painter --bench render --bench latency \
                --message-format json &&
            cargo test --release --locked --no-run --test painter --test render --test live \
                --message-format json
    } | "$python" -c "$names" "$1"
}

bin=${BIN:-}
if [ -z "$bin" ]; then
    bin=$work/bin
    mkdir "$bin"
    build "$bin" || exit 1
fi
SECONDS=0

# part NAME SECONDS COMMAND...: runs a part for that long at most, and no longer than is left.
part() {
    local name=$1 seconds=$2 left=$((limit - SECONDS)) before=$SECONDS code
    shift 2
    ((seconds < left)) || seconds=$left
    if ((seconds < 1)); then
        echo "no time was left for it" >"$out/$name.md"
        return 1
    fi
    timeout --kill-after=5 "$seconds" "$@" >"$out/$name.md" 2>"$out/$name.log"
    code=$?
    echo "$name: from second $before to $SECONDS, exit code $code" >>"$out/times.log"
    ((code == 0)) || printf '\n(%s ended with %d after %d s)\n' "$name" "$code" $((SECONDS - before)) \
        >>"$out/$name.md"
    return "$code"
}

# show TITLE NAME...: prints what parts said.
show() {
    printf '\n### %s\n\n' "$1"
    shift
    local name
    for name; do
        cat "$out/$name.md" 2>/dev/null || echo "$name did not run"
    done
}

# The same where columns of text must stay columns.
show_text() {
    printf '\n### %s\n\n```\n' "$1"
    cat "$out/$2.md"
    printf '```\n'
}

model=models/looks.safetensors
claps=20 frames=240 large_frames=60 tuning=30
pytorch=(--mode reduce-overhead)
render=(--gpu --size 1920x1080 --size 3840x2160) software=()
sizes=(1920x1080 3840x2160)
declare -A tests
# What these test is of software adapters alone.
skipped=(--skip a_software_adapter --skip does_not_fit_the_adapter)
if [ -n "${QUICK:-}" ]; then
    unset SYNOPSIA_TEST_GPU
    model=tests/reference/modulated.model.safetensors
    claps=2 frames=3 large_frames=2 tuning=2
    pytorch=(--rounds 1)
    # On a processor that would take minutes.
    export TORCHDYNAMO_DISABLE=1
    software=(--software) sizes=(160x90 320x180)
    render=(--software --pictures 2 --size 160x90 --size 320x180)
    tests=([painter]=agree [render]=both_renderers [live]=a_lost_device)
    skipped=()
fi
larger=$work/one-more-level.safetensors

{
    nvidia-smi --query-gpu=name,driver_version,clocks.sm,clocks.max.sm --format=csv,noheader 2>/dev/null ||
        echo "no nvidia-smi"
    sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sort | uniq -c
} >"$out/machine.md"
show "The machine" machine

# Before anything else has run on this machine: as whoever starts the program for the first time.
SYNOPSIA_CACHE=$work/nothing part takeover 30 "$bin/bench-latency" --claps 0 "${software[@]}"
show_text "A show begins, nothing in any cache" takeover

"$python" benches/one_more_level.py "$model" "$larger" 2>"$out/one-more-level.log"
# Each compiles, and measures once it gets the lock of its turn.
comparisons=() turns=() comparing=()
for each in "$model" "$larger"; do
    ways=(compiled)
    [ "$each" = "$model" ] && ways=(eager compiled)
    name=pytorch-$(basename "$each" .safetensors)
    exec {turn}>"$work/$name.turn"
    flock "$turn"
    part "$name" "$limit" "$python" benches/pytorch_gpu.py "$each" --turn "$work/$name.turn" \
        --ours "$bin/bench-painter --tuning 5 ${software[*]}" --ways "${ways[@]}" "${pytorch[@]}" &
    comparisons+=("$name") turns+=("$turn") comparing+=($!)
done

# Finds the best way to cut the layers, and has the driver keep what it compiles.
tune() {
    local name=$1 each
    shift
    for each in "$model" "$larger"; do
        part "$name-$(basename "$each" .safetensors)" $((prepared - SECONDS)) \
            "$bin/bench-painter" --gpu --json --tuning "$tuning" "${software[@]}" "$@" "$each"
    done
}
# Second by which all that goes on at once must have ended.
prepared=$((limit * 2 / 5))
preparing=()
tune tuning-1-f32 --single &
preparing+=($!)
tune tuning-8-f16 --batch 8 &
preparing+=($!)
tune tuning-8-f32 --batch 8 --single &
preparing+=($!)
# Tuned again below, alone.
SYNOPSIA_CACHE=$work/nothing tune tuning-1-f16 &
preparing+=($!)
for name in painter render live; do
    part "test-$name" $((prepared - SECONDS)) \
        "$bin/test-$name" "${tests[$name]:-}" "${skipped[@]}" --nocapture &
    preparing+=($!)
done
wait "${preparing[@]}"

# Those that compile have said so, or ended, or had their time.
compiled() { cat "$out"/pytorch-*.log 2>/dev/null | grep -c "waits for its turn"; }
while [ "$(compiled)" -lt "$(jobs -rp | wc -l)" ] && ((SECONDS < prepared)); do
    sleep 0.2
done

show "Tests on the card" && {
    printf '| | |\n|---|---|\n'
    for name in painter render live; do
        result=$(grep -h "^test result\|FAILED$" "$out/test-$name.md" | paste -sd ';')
        echo "| tests/$name.rs | ${result:-none: see test-$name.log} |"
    done
    echo
    grep -h "^on " "$out"/test-*.log | sort -u
    grep -h "^scene" "$out/test-render.log"
}

for each in "$model" "$larger"; do
    name=passes-$(basename "$each" .safetensors)
    part "$name" 45 "$bin/bench-painter" --gpu --tuning "$tuning" "${software[@]}" "$each"
    show_text "Passes" "$name"
done
part again 10 "$bin/bench-painter" --gpu --json "${software[@]}" "$model"
show_text "The same program again: its first picture, and tuning from the cache" again

part render 20 "$bin/bench-render" "${render[@]}"
show "Whole pictures" render

part latency 40 "$bin/bench-latency" --claps "$claps" "${software[@]}"
show "From an onset to its picture, everything in caches" latency

for each in "${!turns[@]}"; do
    flock -u "${turns[each]}"
    wait "${comparing[each]}"
    show "Beside PyTorch" "${comparisons[each]}"
done

# A folder of programs may do without the largest.
[ -x "$bin/synopsia" ] && for at in 0 1; do
    ((at == 0)) && count=$frames || count=$large_frames
    part "film-${sizes[at]}" 20 "$bin/synopsia" render plugin-assets/demo/three-weathers.ogg \
        -o "$work/film.mp4" --force --painter gpu --size "${sizes[at]}" --frames "0..$count" --seed 1 \
        --model "$model" --stats --quiet
    show_text "A film, ${sizes[at]}, $count pictures" "film-${sizes[at]}"
done
printf '\n(%d s in all)\n' "$SECONDS"
