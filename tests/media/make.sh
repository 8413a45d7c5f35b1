#!/bin/sh
# Makes the songs in this folder (its pictures are Pillow's: cmyk.jpg 48 x 32 of (0, 160, 255, 0), the
# others blurred noise): two seconds of a sweep with a click at exactly one second, one
# file per format that the reader knows. Needs ffmpeg; run it only to add a format.
set -eu
cd "$(dirname "$0")"

# Left: 220 to 440 Hz, right: 330 Hz, at 0.4 of full scale; silence of 10 ms around the click.
signal="aevalsrc=\
if(between(t\,0.99\,1.01)\,0.9*between(t\,0.99999\,1.0005)\,0.4*sin(2*PI*(220*t+55*t*t)))|\
if(between(t\,0.99\,1.01)\,0.9*between(t\,0.99999\,1.0005)\,0.4*sin(2*PI*330*t)):s=RATE:d=2"

make() { # name, rate, ffmpeg's options
    name=$1 rate=$2
    shift 2
    ffmpeg -v error -y -f lavfi -i "$(echo "$signal" | sed "s/RATE/$rate/")" \
        -map_metadata -1 -fflags +bitexact -flags:a +bitexact "$@" "$name"
}

make tone.mp3 44100 -c:a libmp3lame -b:a 96k
make tone.flac 8000 -c:a flac
make tone.ogg 44100 -c:a libvorbis -q:a 2 -page_duration 200000
make tone.opus 48000 -c:a libopus -b:a 64k
make tone.webm 48000 -c:a libopus -b:a 64k
make tone.m4a 44100 -c:a aac -b:a 96k
make tone.aac 44100 -c:a aac -b:a 96k -f adts
make alac.m4a 8000 -c:a alac
make surround.opus 48000 -af "pan=5.1|FL=FL|FR=FR|FC=FL|BL=FR|BR=FL" -c:a libopus -b:a 128k
