#!/bin/sh
# Holds scenes to what it promises: sh check.sh ./scenes [LOOK...]
scenes=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0
fault() { echo "FAULT: $1"; faults=$((faults + 1)); }

# Mean red, green and blue of each picture of side $1 on standard input, a line each.
means() {
    od -An -v -tu1 -w3 | awk -v pixels=$(($1 * $1)) '
        { r += $1; g += $2; b += $3 }
        NR % pixels == 0 { print r / pixels, g / pixels, b / pixels; r = g = b = 0 }'
}

a_seed_and_a_side_are_always_the_same_picture() {
    "$scenes" "$1" --first 40 --count 4 --side 96 --seeds "$work/seeds" >"$work/run" || fault "$1 does not run"
    i=0
    while read -r seed; do # alone, without the pictures that came before
        "$scenes" "$1" --first "$seed" --count 1 --side 96 >"$work/alone"
        tail -c +$((i * 27648 + 1)) "$work/run" | head -c 27648 | cmp -s - "$work/alone" ||
            fault "$1: seed $seed paints another picture when it is painted alone"
        i=$((i + 1))
    done <"$work/seeds"
    [ $i -eq 4 ] && [ "$(wc -c <"$work/run")" -eq 110592 ] || fault "$1: 4 pictures are not 4 seeds and 110592 bytes"
}

seeds_are_rejected_alike_at_all_sides_and_look_alike() {
    for side in 128 256; do
        "$scenes" "$1" --first 7 --count 6 --side $side --seeds "$work/seeds$side" | means $side >"$work/means$side"
    done
    cmp -s "$work/seeds128" "$work/seeds256" || fault "$1: other seeds are accepted at side 256 than at 128"
    paste "$work/means128" "$work/means256" | awk -v look="$1" '
        function off(a, b) { return a > b ? a - b : b - a }
        off($1, $4) > 4 || off($2, $5) > 4 || off($3, $6) > 4 { print look ": mean colours " $0; bad = 1 }
        END { exit bad }' || fault "$1: a picture changes with its side"
}

seeds_differ() {
    "$scenes" "$1" --count 8 --side 64 | od -An -v -tx1 -w12288 | sort -u | wc -l | grep -q '^ *8$' ||
        fault "$1: two of eight seeds paint the same"
}

# The sentence $1 on standard error and 2 as exit status, nothing else, of: scenes $2...
is_refused() {
    sentence=$1
    shift
    "$scenes" "$@" >"$work/out" 2>"$work/err"
    [ $? -eq 2 ] || fault "scenes $* does not end with status 2"
    [ -s "$work/out" ] && fault "scenes $* writes something all the same"
    [ "$(wc -l <"$work/err")" -eq 1 ] && grep -qFe "$sentence" "$work/err" || fault "scenes $* says: $(cat "$work/err")"
}

[ $# -gt 0 ] || set -- $("$scenes" --list)
for look in "$@"; do
    echo "$look"
    a_seed_and_a_side_are_always_the_same_picture "$look"
    seeds_are_rejected_alike_at_all_sides_and_look_alike "$look"
    seeds_differ "$look"
done

is_refused 'no look "watercolour"' watercolour --count 1
is_refused 'Which look?' --count 1
is_refused 'one too many' flames glass
is_refused 'no option --colour' flames --colour red
is_refused '--count wants a value' flames --count
for number in 0 -1 1.5 many '' 99999999999999999999999; do
    is_refused "--count takes a whole number" flames --count "$number"
done
for number in 63 2049 -64 64px; do is_refused "--side takes a whole number from 64 to 2048" glass --side "$number"; done
is_refused "--first takes a whole number" glass --first x
is_refused "cannot be written" glass --side 64 --seeds "$work/none/seeds"
"$scenes" glass --side 64 2>"$work/err" >&- && fault "a closed standard output is not noticed"
grep -q 'takes no more pictures' "$work/err" || fault "of a closed standard output it says: $(cat "$work/err")"
{ "$scenes" glass --side 64 --count 100 2>"$work/err" || echo $? >"$work/status"; } | head -c 1 >"$work/out"
[ "$(cat "$work/status")" = 2 ] && grep -q 'takes no more pictures' "$work/err" || fault "a reader that left is not told of"

[ $faults -eq 0 ] && echo "All is as promised."
[ $faults -eq 0 ]
