"""Write the weights as the program reads them, and what PyTorch tells of some lines.

    python export.py OUT/checkpoint.pt OUT/language.pt ../../models/words.safetensors --reference ../../tests/reference/words.safetensors

Words are one text, a line each, in the order of their bytes; their vectors bytes with a step each; the layers float16.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file

from language import Languages
from language import BUCKETS as LETTERS
from language import features
from network import BUCKETS, LAYERS, judge, load

LINES = """I'm so happy, I could sing all night long
my heart is broken and the rain won't stop
I am not happy
never be lonely again
OH OH YEAH
Don't you ever come back here, I hate you!
the shadows crawl along the wall and something breathes
estoy tan triste sin tu amor
¡qué alegría, vamos a bailar toda la noche!
no quiero llorar por ti
the xylophagous quokka zzyzx
sooooo looong, baby blue
café del mar
die Nacht ist so still und ich bin allein
você é a luz da minha vida
c'est la vie, mon amour
24/7
love""".splitlines()

TRAINED_ON = (
    "GoEmotions, Glasgow norms, labMT, WordNet and composed lines, in English and by apertium in Spanish; "
    "all-MiniLM-L6-v2's sentence vectors"
)
LICENCE = "free for any use: MIT or Apache-2.0; the sources' licences are Apache-2.0, CC BY 4.0 and as free"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("language", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--reference", type=Path, required=True)
    args = parser.parse_args()
    network, vocabulary = load(args.checkpoint)
    assert vocabulary.words == sorted(vocabulary.words, key=str.encode)
    languages = Languages()
    languages.load_state_dict(torch.load(args.language))
    state = network.state_dict()
    table = state.pop("table.weight")
    steps = table.abs().amax(1) / 127
    rows = (table / steps.clamp_min(1e-12)[:, None]).round().to(torch.int8)
    text = torch.frombuffer(bytearray("\n".join(vocabulary.words).encode()), dtype=torch.uint8)
    letters = languages.table.weight.detach()
    letter_step = letters.abs().max() / 127
    letter_rows = (letters / letter_step).round().to(torch.int8)
    # What a line means is asked for in training only.
    out = {name: value.half().contiguous() for name, value in state.items() if not name.startswith("meaning.")}
    out |= {"table": rows, "steps": steps.half(), "words": text, "language.table": letter_rows}
    out |= {"language.step": letter_step.reshape(1).float(), "language.bias": languages.bias.detach().float()}
    told = {"format": "synopsia.words", "version": "1", "words": len(vocabulary), "buckets": BUCKETS}
    told |= {"list": len(text), "layers": LAYERS, "letters": LETTERS}
    told |= {"trained_on": TRAINED_ON, "licence": LICENCE}
    save_file(out, args.weights, {key: str(value) for key, value in told.items()})
    # What the program has: the numbers as they are stored.
    stored = {name: value.float() for name, value in out.items() if name in state}
    network.load_state_dict(state | stored | {"table.weight": rows * out["steps"].float()[:, None]})
    languages.table.weight.data = letter_rows * letter_step
    answers, _, _ = judge(network, vocabulary, LINES)
    answers[:, 2:] = torch.from_numpy(answers[:, 2:]).softmax(1).numpy()
    with torch.no_grad():
        evidence = languages([features(line) for line in LINES])
    lines = torch.frombuffer(bytearray("\n".join(LINES).encode()), dtype=torch.uint8)
    save_file({"lines": lines, "answers": torch.from_numpy(answers), "language": evidence}, args.reference)
    print(args.weights, args.weights.stat().st_size, "bytes;", args.reference, args.reference.stat().st_size)


if __name__ == "__main__":
    main()
