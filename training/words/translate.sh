#!/bin/sh
# The sentences in Spanish: DATA/SOURCE.es.txt, line for line, by apertium (`apt-get install apertium-eng-spa`).
#
#     translate.sh DATA goemotions words ...
#
# What apertium puts out is not covered by its licence (GPL), which is the program's.
set -e
data=$1
shift
for source in "$@"; do
    # A full stop keeps a line's words from those of the next.
    sed 's/[^.!?]$/& ./' "$data/$source.txt" | apertium -u -f line eng-spa | sed 's/ *\.$//; s/^ *//; s/  */ /g' >"$data/$source.es.part"
    mv "$data/$source.es.part" "$data/$source.es.txt"
    wc -l "$data/$source.txt" "$data/$source.es.txt"
done
