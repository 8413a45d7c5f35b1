#!/usr/bin/env bash
# Puts the bundled plugin where hosts look for this user's plugins, or takes it away.
#
#   scripts/plugin.sh install      copy target/bundled/Synopsia.{clap,vst3} there
#   scripts/plugin.sh uninstall    remove exactly these
#
# CLAP_FOLDER and VST3_FOLDER choose other folders. A plugin that a host has open is replaced
# safely: the host keeps the old one until it loads it again.
set -euo pipefail

usage() {
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 2
}

[ $# -eq 1 ] || usage
case "$(uname -s)" in
Darwin)
    clap=${CLAP_FOLDER:-$HOME/Library/Audio/Plug-Ins/CLAP}
    vst3=${VST3_FOLDER:-$HOME/Library/Audio/Plug-Ins/VST3}
    ;;
*)
    clap=${CLAP_FOLDER:-$HOME/.clap}
    vst3=${VST3_FOLDER:-$HOME/.vst3}
    ;;
esac
bundled=$(dirname "$0")/../target/bundled

# Copies beside the old one and changes their names, so that no moment has half a plugin.
put() {
    local from=$1 folder=$2 name new old
    name=$(basename "$from")
    new=$folder/.$name.new.$$ old=$folder/.$name.old.$$
    mkdir -p "$folder"
    cp -R "$from" "$new"
    [ ! -e "$folder/$name" ] || mv "$folder/$name" "$old"
    mv "$new" "$folder/$name"
    rm -rf "$old"
    echo "Installed $folder/$name"
}

take() {
    if [ -e "$1" ]; then
        rm -rf "$1"
        echo "Removed $1"
    else
        echo "There is no $1"
    fi
}

case "$1" in
install)
    put "$bundled/Synopsia.clap" "$clap"
    put "$bundled/Synopsia.vst3" "$vst3"
    ;;
uninstall)
    take "$clap/Synopsia.clap"
    take "$vst3/Synopsia.vst3"
    ;;
*) usage ;;
esac
