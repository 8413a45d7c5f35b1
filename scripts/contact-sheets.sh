#!/usr/bin/env bash
# Makes the contact sheets in docs/ from the demo track, with ffmpeg and a release build; those of songs' forms from two
# pieces that training/music composes (its README says what that needs; PYTHON=... to choose the Python).
#
#   docs/contact-sheet-demo.png      the three moods of the demo track
#   docs/contact-sheet-moods.png     two songs of opposite mood: rain above, storm below
#   docs/contact-sheet-change.png    one song that is calm and then wild
#   docs/contact-sheet-looks.png     one moment of it, painted by each look and by two blends
#   docs/contact-sheet-presets.jpg   the presets that the editor offers
#   docs/contact-sheet-chorus.png    a song by its sections: a chorus that returns stands below what it was
#   docs/contact-sheet-drop.png      a piece with a build-up and a drop, and the beats around that
#   docs/words/contact-sheet.jpg     the demo track with words
#   docs/contact-sheet-board.jpg     a mood board of six pictures above, the demo track that walks among them below
#   docs/analysis-demo.png           what is heard and felt in the demo track
set -euo pipefail
cd "$(dirname "$0")/.."

synopsia=${SYNOPSIA:-target/release/synopsia}
demo=plugin-assets/demo/three-weathers.ogg
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# tile FILM EVERY_SECONDS COLUMNSxROWS PICTURE: pictures of a film, side by side.
tile() {
    ffmpeg -v error -y -i "$1" -frames:v 1 \
        -vf "select='isnan(prev_selected_t)+gte(t-prev_selected_t,$2)',scale=426:240,tile=$3:padding=4" "$4"
}

cut_song() { ffmpeg -v error -y -ss "$1" -t "$2" -i "$demo" "$work/$3.wav"; }

paint() { "$synopsia" render --quiet "$@"; }

paint "$demo" -o "$work/demo.mp4"
tile "$work/demo.mp4" 3.5 4x3 docs/contact-sheet-demo.png
paint "$demo" --lyrics docs/words/three-weathers.lrc --set words=burned --size 640x360 --fps 15 -o "$work/words.mp4"
tile "$work/words.mp4" 2.9 4x4 docs/words/contact-sheet.jpg

paint "$demo" --moodboard docs/sonify --model paintings --size 640x360 --fps 15 -o "$work/board.mp4"
tile "$work/board.mp4" 3.6 6x2 "$work/board.png"
for i in 1 2 3 4 5 6; do
    ffmpeg -v error -y -i "docs/sonify/$i.jpg" -vf 'scale=426:240:force_original_aspect_ratio=increase,crop=426:240' \
        "$work/pinned-$i.png"
done
ffmpeg -v error -y -start_number 1 -framerate 1 -i "$work/pinned-%d.png" -frames:v 1 -vf 'tile=6x1:padding=4' "$work/pinned.png"
ffmpeg -v error -y -i "$work/pinned.png" -i "$work/board.png" -filter_complex 'vstack,scale=1440:-1' -q:v 4 docs/contact-sheet-board.jpg

# moment PICTURE ARGUMENTS...: one picture of the storm.
moment() {
    local picture=$1
    shift
    paint "$demo" --fps 10 --from 32.5 --to 35 "$@" -o "$work/moment.mp4" --force
    ffmpeg -v error -y -ss 2 -i "$work/moment.mp4" -frames:v 1 "$picture"
}

# sheet PICTURES COLUMNSxROWS PICTURE: those of the names PICTURES-0.png and so on, side by side.
sheet() {
    ffmpeg -v error -y -framerate 1 -i "$1-%d.png" -frames:v 1 -vf "scale=426:240,tile=$2:padding=4" "$3"
}

looks=(ink aurora flames nebulae marbling glass paintings ink+aurora flames+nebulae)
for i in "${!looks[@]}"; do moment "$work/look-$i.png" --model "${looks[i]}" --seed 7; done
sheet "$work/look" 3x3 docs/contact-sheet-looks.png

cut_song 0 13 rain
cut_song 31 13 storm
for song in rain storm; do
    paint "$work/$song.wav" -o "$work/$song.mp4"
    tile "$work/$song.mp4" 2.5 5x1 "$work/$song.png"
done
ffmpeg -v error -y -i "$work/rain.png" -i "$work/storm.png" -filter_complex vstack \
    docs/contact-sheet-moods.png

ffmpeg -v error -y -i "$work/rain.wav" -i "$work/storm.wav" \
    -filter_complex '[0][1]concat=n=2:v=0:a=1' "$work/change.wav"
paint "$work/change.wav" -o "$work/change.mp4"
tile "$work/change.mp4" 2.5 5x2 docs/contact-sheet-change.png

# One moment of each preset with its name, in the order of plugin-assets/presets.
mapfile -t presets < <(sed -n 's/^ *"name": "\(.*\)",$/\1/p' plugin-assets/presets/*.json)
for i in "${!presets[@]}"; do
    moment "$work/whole.png" --preset "${presets[i]}" --seed 5
    ffmpeg -v error -y -i "$work/whole.png" -vf "scale=213:120,drawtext=fontfile=plugin-assets/fonts/Inter-Regular.otf:text='${presets[i]}':x=5:y=h-19:fontsize=12:fontcolor=white:box=1:boxcolor=black@0.55:boxborderw=3" \
        "$work/preset-$i.png"
done
ffmpeg -v error -y -framerate 1 -i "$work/preset-%d.png" -frames:v 1 -vf "tile=8x$(((${#presets[@]} + 7) / 8)):padding=3" -q:v 4 \
    docs/contact-sheet-presets.jpg

# composed KIND SEED: a piece, as a file of samples.
composed() {
    (cd training && "${PYTHON:-python3}" -m music render "$work/music" --count 1 --seconds 110 --kind "$1" --seed "$2" --clean)
    ffmpeg -v error -y -i "$work/music/audio/$1_00$2.flac" "$work/$1.wav"
}

composed rock 5202
composed house 5203
export SYNOPSIA=$synopsia
scripts/form-sheet.py "$work/rock.wav" docs/contact-sheet-chorus.png --from 12 --to 106 --seed 3
scripts/form-sheet.py "$work/house.wav" docs/contact-sheet-drop.png --from 55 --to 100 --seed 3

"$synopsia" analyze --quiet "$demo" --force --plot docs/analysis-demo.png
