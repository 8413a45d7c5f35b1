#!/usr/bin/env bash
# Shows what each preset makes of songs, to be looked at before one is kept: a row a preset, three moments a song.
#
#   scripts/preset-sheets.sh [--thumbnails] FOLDER PRESET.json... -- SONG...
#
# Writes FOLDER/sheet-N.png with eight rows each, and FOLDER/motion.txt: by how many of 255 steps pictures half a second
# apart differ on average, a line a preset, a column a song, so that "still" can be told from "wild". With --thumbnails
# the picture that the editor's browser shows is written beside each preset, from the first song. Needs ffmpeg and a
# release build (or SYNOPSIA=program); films that are in FOLDER are not made again.
set -euo pipefail
cd "$(dirname "$0")/.."

synopsia=${SYNOPSIA:-target/release/synopsia}
font=plugin-assets/fonts/Inter-Regular.otf
rows=8
thumbnails=false
[ "$1" = --thumbnails ] && thumbnails=true && shift
folder=$1
shift
presets=()
while [ "$1" != -- ]; do presets+=("$1") && shift; done
shift
mkdir -p "$folder"
: >"$folder/motion.txt"

# film PRESET SONG FILM: three seconds of a song, after some that the picture needs to be itself.
film() {
    [ -s "$3" ] || "$synopsia" render "$2" --preset "$1" -o "$3" \
        --quiet --size 256x144 --fps 2 --from 6 --to 9 --seed 5 --painter cpu
}

# moved FILM: the mean change from each of its pictures to the next.
moved() {
    ffmpeg -v error -i "$1" -vf 'tblend=all_mode=difference,format=gray,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-' \
        -f null - | awk -F= '/YAVG/ { if (n++) sum += $2 } END { printf "%.1f", sum / (n - 1) }'
}

for i in "${!presets[@]}"; do
    preset=${presets[i]}
    name=$(sed -n 's/^ *"name": "\(.*\)",$/\1/p' "$preset")
    stem=$folder/$(basename "$preset" .json)
    strips=()
    figures=()
    for song in "${@}"; do
        made=$stem-$(basename "${song%.*}").mp4
        film "$preset" "$song" "$made"
        figures+=("$(moved "$made")")
        strips+=(-i "$made")
    done
    printf '%-22s %s\n' "$name" "${figures[*]}" >>"$folder/motion.txt"
    cuts=$(for j in $(seq 0 $((${#} - 1))); do printf "[%s]select='not(mod(n,2))',scale=170:96,tile=3x1:padding=2[s%s];" "$j" "$j"; done)
    tiles=$(for j in $(seq 0 $((${#} - 1))); do printf '[s%s]' "$j"; done)
    ffmpeg -v error -y "${strips[@]}" -filter_complex \
        "$cuts${tiles}hstack=inputs=${#},drawtext=fontfile=$font:text='$name':x=5:y=5:fontsize=15:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=3" \
        -frames:v 1 "$folder/row-$((i / rows))-$((i % rows)).png"
    if $thumbnails; then
        ffmpeg -v error -y -i "${strips[1]}" -vf "select='eq(n,3)',scale=160:90:flags=area" -frames:v 1 -q:v 4 "${preset%.json}.jpg"
    fi
done
for sheet in $(seq 0 $(((${#presets[@]} - 1) / rows))); do
    ffmpeg -v error -y -framerate 1 -start_number 0 -i "$folder/row-$sheet-%d.png" -frames:v 1 -vf "tile=1x$rows:padding=3" \
        "$folder/sheet-$sheet.png"
done
