#!/bin/sh
# Texts in other languages to test with: FOLDER/CODE.txt, sentences of Debian's translated man pages and fortunes. Not for
# training: most are under the GPL.
#
#     tongues.sh FOLDER
set -e
mkdir -p "$1"
cd "$1"
apt-get download manpages-fr manpages-de manpages-it manpages-pt-br manpages-nl manpages-pl manpages-es manpages-ro \
    manpages-fi manpages-tr manpages-sv manpages-da manpages-ru manpages-ja fortunes-br fortunes-it fortunes-de \
    fortunes-pl fortunes-ru fortunes-es fortunes
for package in *.deb; do dpkg -x "$package" root; done
for code in fr de it pt_BR nl pl es ro fi tr sv da ru ja; do
    # Text alone: no macros, no examples.
    find root/usr/share/man/$code root/usr/share/man/$code.UTF-8 -name '*.gz' 2>/dev/null | sort | head -300 | xargs -r zcat |
        grep -v '^[.'"'"']' | sed 's/\\f[A-Z]//g; s/\\[-&(e][a-z]*//g' | tr -d '\\"' | awk 'length > 40' >"$code.txt"
done
fortunes() {
    code=$1
    shift
    for file in "$@"; do cat "root/usr/share/games/fortunes/$file"; done |
        iconv -f UTF-8 -t UTF-8 -c | grep -v '^%' | awk 'length > 20' >"$code-fortunes.txt"
}
fortunes pt brasil
fortunes it italia formiche definizioni
fortunes es es/*
fortunes en literature love people wisdom riddles
find . -maxdepth 1 -name '*.txt' -size 0 -delete
wc -l ./*.txt
