#!/bin/sh
# Sentences in the languages nearest to Spanish, by apertium, so that they are not taken for it: DATA/near.CODE.txt.
#
#     near.sh DATA    # apt-get install apertium-es-pt apertium-eng-cat apertium-cat-ita
set -e
cd "$1"
lines() { sed -n "$1" goemotions.txt | cut -c1-120 | sed 's/[^.!?]$/& ./'; }
lines 1,2500p | apertium -u -f line eng-spa | apertium -u -f line es-pt >near.pt.txt
lines 2501,5000p | apertium -u -f line eng-cat >near.ca.txt
apertium -u -f line cat-ita near.ca.txt near.it.txt
wc -l near.*.txt
