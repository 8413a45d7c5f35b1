"""Sections and drops that `synopsia analyze SONG -o ANALYSES/SONG.json` found in composed pieces, against their labels:
python structure.py ANALYSES PIECES/labels

Prints means over the pieces, by mir_eval.segment: F-measure of boundaries within 0.5 s and 3 s (song's start and end left
out), pairwise F-measure and V-measure of the names; beside them what two simple ways reach: a section every eight bars
that were heard, and agglomerative clustering of neighbouring beats (Ward, chroma and bands, a section every 15 s on
average), named by clustering their means. Then drops: hit within half a bar of where a section called drop begins; as one counts also where a break has ended."""

import argparse
import json
from pathlib import Path

import numpy as np
from mir_eval import segment
from sklearn.cluster import AgglomerativeClustering

BARS, SECTION_SECONDS = 8, 15.0


def every_eight_bars(analysis):
    """Begins of sections and their names: all alike."""
    begins = [0.0, *analysis["downbeats"][BARS::BARS]]
    return begins, ["A"] * len(begins)


def agglomerative(analysis):
    """As librosa.segment.agglomerative has it; sections are named by their means, half as many names."""
    rows = analysis["rows"]
    features = np.array([r["chroma"] + r["bands"] for r in rows])
    times = np.array([r["time"] for r in rows])
    beats = np.array([b["time"] for b in analysis["beats"]])
    beat = np.searchsorted(beats, times)
    present = np.unique(beat)
    means = np.array([features[beat == b].mean(0) for b in present])
    means = (means - means.mean(0)) / (means.std(0) + 1e-6)
    count = min(len(means), max(1, round(analysis["seconds"] / SECTION_SECONDS)))
    chain = np.eye(len(means), k=1) + np.eye(len(means), k=-1)
    found = AgglomerativeClustering(count, connectivity=chain).fit_predict(means)
    firsts = np.flatnonzero(np.diff(found, prepend=-1))
    begins = [0.0, *(beats[present[f] - 1] for f in firsts[1:])]
    of = np.array([means[a:b].mean(0) for a, b in zip(firsts, [*firsts[1:], len(means)])])
    names = AgglomerativeClustering(max(1, len(of) // 2)).fit_predict(of) if len(of) > 1 else [0]
    return begins, list(map(str, names))


def ours(analysis):
    return [s["begin"] for s in analysis["sections"]], [s["name"] for s in analysis["sections"]]


def scores(begins, names, known, seconds):
    """F within 0.5 s, F within 3 s, pairwise F, V."""
    found = np.c_[begins, [*begins[1:], seconds]]
    found, names = segment.util.adjust_intervals(found, names, t_min=0.0, t_max=seconds)
    true = np.array([[s["begin"], s["end"]] for s in known])
    true, labels = segment.util.adjust_intervals(true, [s["name"] for s in known], t_min=0.0, t_max=seconds)
    hits = [segment.detection(true, found, window, trim=True)[2] for window in (0.5, 3.0)]
    return *hits, segment.pairwise(true, labels, found, names)[2], segment.vmeasure(true, labels, found, names)[2]


def hits(times, drops, half_bar):
    return sum(any(abs(t - d) <= half_bar for t in times) for d in drops)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("analyses", type=Path)
    parser.add_argument("labels", type=Path)
    args = parser.parse_args()
    ways = {"every 8 bars": every_eight_bars, "agglomerative": agglomerative, "Synopsia": ours}
    rows, found, true, hit, precise, returned, others, minutes = [], 0, 0, 0, 0, 0, 0, 0.0
    files = sorted(args.analyses.glob("*.json"))
    for file in files:
        analysis = json.loads(file.read_text())
        label = json.loads((args.labels / file.name).read_text())
        seconds = label["seconds"]
        rows.append([scores(*way(analysis), label["sections"], seconds) for way in ways.values()])
        drops = [s["begin"] for s in label["sections"] if s["name"] == "drop" and s["begin"] > 4]
        times = [d["time"] for d in analysis["drops"]]
        pairs = zip(label["sections"], label["sections"][1:])
        returns = [after["begin"] for before, after in pairs if before["name"] == "break"]
        if drops:
            half_bar = 120 / label["factors"]["tempo"]
            found, true = found + len(times), true + len(drops)
            hit, precise = hit + hits(times, drops, half_bar), precise + hits(drops, times, half_bar)
            returned += hits(drops + returns, times, half_bar) - hits(drops, times, half_bar)
        else:
            others, minutes = others + len(times), minutes + seconds / 60
    print(f"{len(files)} pieces        F 0.5 s   F 3 s  pairwise      V")
    for name, mean in zip(ways, np.mean(rows, 0)):
        print(f"{name:14} " + "".join(f"{value:9.3f}" for value in mean))
    print(f"drops: {hit} of {true} hit; of {found} told {precise} are some and {returned} the end of a break")
    print(f"in pieces without drops {others / max(minutes, 1e-9):.2f} a minute")


if __name__ == "__main__":
    main()
