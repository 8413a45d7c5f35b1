"""Judges of mood whose judgement comes only from sources that allow any use, tried in several ways.

    python free.py --composed C*.npz --free free.npz --msd msd.npz --mtt mtt.npz --keys keys.npz \
        --norms glasgow_norms_vad.csv --rated rated.npz --music MUSIC [--judge judge.pt]

The rated sets are for scoring only: nothing is fitted to them. README.md says what each try is and gave; the
figures go to `logs/free.json`. With `--judge` the last of them becomes a network that export.py can write.
"""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import torch

import cues
import test_sets
from data import no_music
from head import NO_MUSIC, NO_MUSIC_SHARE, NO_MUSIC_SIGMA, sigma_of, unusual
from hear import HOP, distilled
from model import FEATURES, HIDDEN, TONAL, WINDOW

RAW_STRENGTH, STRENGTH = 300.0, 10000.0   # of ridge regression: on all features, and on those that carry over
TAG_STRENGTH = 3000.0 # of that on tags
# Mean and deviation of the judge's valence and arousal over the free recordings: what the program holds for usual
# (USUAL_MOOD and MOOD_SPREAD in crates/scene/src/show/mood.rs), so that a picture's mood is as varied by any ear.
CENTRE, SPREAD = np.array([0.20, 0.01]), np.array([0.10, 0.20])
SIGMA = 0.2           # of music like the free recordings: how far people's ratings lie from their mean
PAIR_WEIGHT = 3.0     # of a pair's difference beside a piece: it is without all else that differs
# Tags of the MSD model with a mood in them, and the word of the Glasgow Norms (CC BY 4.0) that says it.
WORDS = {"happy": "happy", "sad": "sad", "party": "party", "dance": "dance", "beautiful": "beautiful",
         "sexy": "sexy", "Mellow": "calm", "chillout": "calm", "chill": "calm", "easy listening": "easy",
         "heavy metal": "heavy", "hard rock": "hard", "ambient": "quiet", "experimental": "strange"}
# Tags of the MTT model that are cues: what raises the cue, what lowers it.
SIGNS = {"tempo": (("fast",), ("slow",)), "level": (("loud",), ("quiet", "soft"))}
# Cues of valence and of arousal that the last tries use, with cues.weights(): mode and consonance tell valence
# and not arousal, tempo and articulation arousal (Gomez and Danuser 2007). The level of a recording counts a
# third of what loudness does, because recordings are brought to one level.
VALENCE = {"mode": 1.0, "tempo": 1.0, "register": 1.0, "consonance": 1.0, "staccato": 1.0, "density": 1.0}
AROUSAL = {"tempo": 1.0, "density": 1.0, "level": 1 / 3, "staccato": 1.0}


class Ridge:
    """Ridge regression [n, features] to [n, targets] on standardised features."""

    def __init__(self, x, y, strength: float, weight=None):
        self.mean, self.deviation, self.level = x.mean(0), x.std(0) + 1e-4, y.mean(0)
        z = self.standard(x)
        weighted = z if weight is None else z * weight[:, None]
        self.rows = np.linalg.solve(weighted.T @ z + strength * np.eye(z.shape[1]), weighted.T @ (y - self.level))

    def standard(self, x):
        return (x - self.mean) / self.deviation

    def __call__(self, x) -> np.ndarray:
        return self.standard(x) @ self.rows + self.level


@torch.no_grad()
def carried(net, x: np.ndarray) -> np.ndarray:
    """The features that carry over from composed to recorded music, [n, HIDDEN + TONAL]: the layer from which
    the network told the tagger's features, and the keys."""
    parts = [net.hidden(torch.from_numpy(part.astype(np.float32))).numpy() for part in np.array_split(x, 1 + len(x) // 4000)]
    return np.concatenate([np.concatenate(parts), x[:, -TONAL:]], 1)


def means(values: np.ndarray, track: np.ndarray) -> np.ndarray:
    """Means of a column's rows over each track."""
    sums = np.zeros((track.max() + 1, values.shape[1]))
    np.add.at(sums, track, values)
    return sums / np.bincount(track)[:, None]


class Heard:
    """Recordings as hear.py writes them: `x` [tracks, FEATURES] and `carried`, means over windows."""

    def __init__(self, net, path: Path):
        file = np.load(path)
        self.track, self.names = file["track"], [str(n) for n in file["names"]]
        self.all = file["x"]
        self.windows = carried(net, self.all)
        self.x, self.carried = means(file["x"], self.track), means(self.windows, self.track)
        self.first = np.searchsorted(self.track, np.arange(len(self.names)))


class Composed:
    """Composed pieces: features, cues, and which are each other's counterparts."""

    def __init__(self, net, paths: list[Path]):
        files = [np.load(path) for path in paths]
        self.x = np.concatenate([f["x"] for f in files]).astype(float)
        self.carried = carried(net, self.x)
        self.labels = [json.loads(str(text)) for f in files for text in f["labels"]]
        self.names, self.cues = cues.cue_table(self.labels)
        self.second = np.flatnonzero(np.concatenate([f["changed"] for f in files]) != "")

    def with_pairs(self, targets: np.ndarray):
        """Rows, targets and weights of pieces and of pairs' differences, each difference both ways."""
        a, b = self.second - 1, self.second
        step, move = self.x[b] - self.x[a], targets[b] - targets[a]
        centre, level = self.x.mean(0), targets.mean(0)
        x = np.concatenate([self.x, centre + step, centre - step])
        y = np.concatenate([targets, level + move, level - move])
        return x, y, np.repeat([1.0, PAIR_WEIGHT / 2], [len(self.x), 2 * len(step)])


def zscore(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    return (values - by.mean(0)) / (by.std(0) + 1e-9)


class Tagged:
    """Patches of the free recordings with their tags' logits, and what was heard in the window there."""

    def __init__(self, path: Path, free: Heard):
        file = np.load(path)
        self.labels = [str(t) for t in file["labels"]]
        place = {name: i for i, name in enumerate(free.names)}
        known = np.array([place.get(str(n), -1) for n in file["names"]])[file["track"]]
        keep = known >= 0
        count = np.bincount(free.track)[known[keep]]
        window = np.minimum((file["start"][keep] + HOP // 2) // HOP, count - 1)
        self.x = free.windows[free.first[known[keep]] + window]
        self.logits = zscore(file["tags"][keep], file["tags"][keep])

    def signs(self) -> np.ndarray:
        """The cues of SIGNS [patches, 2]."""
        total = lambda tags: sum(self.logits[:, self.labels.index(t)] for t in tags)
        return np.stack([total(up) - total(down) for up, down in SIGNS.values()], 1)

    def ratings(self, norms: dict[str, np.ndarray]) -> np.ndarray:
        """Valence and arousal [patches, 2] by what the tags' words say."""
        used = [(i, norms[WORDS[t]]) for i, t in enumerate(self.labels) if WORDS.get(t) in norms]
        place = np.array([v for _, v in used])
        return self.logits[:, [i for i, _ in used]] @ (place - place.mean(0))


def judged(names: list[str], cue: np.ndarray) -> np.ndarray:
    """Valence and arousal [n, 2] of cues [n, cues], by the published weights of VALENCE and AROUSAL."""
    gains = cues.weights()
    return np.stack([sum(share * gains[name][axis] * cue[:, names.index(name)] for name, share in used.items())
                     for axis, used in enumerate((VALENCE, AROUSAL))], 1)


class Judge:
    """Valence and arousal, linear in the carried features: `rows` [carried, 2] and `shift` [2]. Cues in
    deviations of theirs over the free recordings, weighted as published; arousal half by these, half by the tags
    fast and slow; over the free recordings both lie about CENTRE and deviate by SPREAD."""

    def __init__(self, composed: Composed, each: Ridge, by_signs: Ridge, free: Heard):
        parts = []
        for ridge in (each, by_signs):
            rows = ridge.rows / ridge.deviation[:, None]
            deviation = (free.carried @ rows).std(0)
            parts.append(rows / deviation)
        gains, names = cues.weights(), composed.names
        by_cues = np.stack([sum(share * gains[n][axis] * parts[0][:, names.index(n)] for n, share in used.items())
                            for axis, used in enumerate((VALENCE, AROUSAL))], 1)
        by_cues /= (free.carried @ by_cues).std(0)
        self.rows = np.stack([by_cues[:, 0], by_cues[:, 1] + parts[1][:, 0]], 1)
        self.rows *= SPREAD / (free.carried @ self.rows).std(0)
        self.shift = CENTRE - (free.carried @ self.rows).mean(0)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x @ self.rows + self.shift


@torch.no_grad()
def save(net, judge: Judge, free: Heard, path: Path) -> None:
    """The judge as the network's last layers. Nobody rated what it learned from, so how far off it may be is not
    known: sigma is SIGMA, as of a guess, for music like the free recordings, and grows to NO_MUSIC_SIGMA for what is
    none."""
    rng = np.random.default_rng(0)
    noises = [10 ** rng.uniform(-2.5, -0.5) * no_music(WINDOW, rng) for _ in range(NO_MUSIC)]
    nothing = torch.cat([net.windows(torch.from_numpy(w.astype(np.float32)), HOP) for w in noises]).numpy()
    mean, deviation = free.all.mean(0), free.all.std(0) + 1e-4
    music, nothing = (free.all - mean) / deviation, (nothing - mean) / deviation
    directions, centre = unusual(music), music.mean(0)
    distance = np.abs((np.concatenate([music, nothing]) - centre) @ directions)
    count = len(music), len(nothing)
    # As large as a guess's, and on what is no music as head.py has it.
    error = np.concatenate([SIGMA * rng.standard_normal(count[0]), np.full(count[1], NO_MUSIC_SIGMA)])
    weight = np.repeat([1.0, NO_MUSIC_SHARE * count[0] / count[1]], count) * 500 / count[0]
    sigmas = np.stack([sigma_of(distance, error, weight)] * 2)
    keys = np.zeros((2, FEATURES))
    keys[:, -TONAL:] = judge.rows[HIDDEN:].T
    rows = np.concatenate([2 * keys, directions.T / deviation])
    shifts = np.concatenate([2 * judge.shift, -(mean / deviation + centre) @ directions])
    # The trained head's half is the hidden layer's part, both halves twice as large.
    net.rating.weight[:2] = torch.from_numpy(2 * judge.rows[:HIDDEN].T).float()
    net.rating.bias[:2] = 0
    net.set_head((0.5, 0.5), rows, shifts, sigmas)
    torch.save(net.state_dict(), path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--composed", type=Path, nargs="+", required=True)
    for name in ("free", "msd", "mtt", "keys", "norms", "rated", "music"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--judge", type=Path)
    parser.add_argument("--logs", type=Path, default=Path("logs"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    net, known, results = distilled(), test_sets.truth(options.music), {}
    composed, rated, free = Composed(net, options.composed), Heard(net, options.rated), Heard(net, options.free)

    def report(title: str, guess: np.ndarray) -> None:
        results[title] = test_sets.scores(dict(zip(rated.names, guess)), known)
        print(test_sets.line(title, results[title]), flush=True)

    target = cues.ratings(composed.labels)
    print(len(composed.x), "composed,", len(free.names), "free; valence and arousal of", *test_sets.FOLDERS)
    report("composed, all features", Ridge(composed.x, target, RAW_STRENGTH)(rated.x))
    report("composed, keys", Ridge(composed.x[:, -TONAL:], target, RAW_STRENGTH)(rated.x[:, -TONAL:]))
    x, y, weight = composed.with_pairs(target)
    report("composed and pairs, all features", Ridge(x, y, RAW_STRENGTH, weight)(rated.x))
    report("composed, carried features", Ridge(composed.carried, target, STRENGTH)(rated.carried))

    each = Ridge(composed.carried, composed.cues, STRENGTH)
    gains = np.array([cues.weights()[name] for name in composed.names])
    here = zscore(each(rated.carried), each(free.carried))
    report("cue by cue, all weights", here @ gains)
    report("cue by cue, chosen cues", judged(composed.names, here))

    norms = {row["Word"]: np.array([float(row["valence"]), float(row["arousal"])])
             for row in csv.DictReader(open(options.norms, encoding="utf-8"))}
    msd, mtt = Tagged(options.msd, free), Tagged(options.mtt, free)
    report("tags by their words", Ridge(msd.x, msd.ratings(norms), TAG_STRENGTH)(rated.carried))
    by_signs = Ridge(mtt.x, mtt.signs(), TAG_STRENGTH)
    heard = zscore(by_signs(rated.carried), by_signs(free.carried))
    valence, arousal = judged(composed.names, here).T
    report("chosen cues, arousal by fast and slow alone", np.stack([valence, heard[:, 0]], 1))

    songs = np.load(options.keys)
    mode = Ridge(songs["x"][:, -TONAL:], 2.0 * songs["major"][:, None] - 1, RAW_STRENGTH)
    both = here.copy()
    place = composed.names.index("mode")
    both[:, place] += zscore(mode(rated.x[:, -TONAL:]), mode(free.x[:, -TONAL:]))[:, 0]
    both[:, place] /= 2
    report("chosen cues, mode from POP909 too", judged(composed.names, both))

    last = Judge(composed, each, by_signs, free)
    report("chosen cues, arousal by fast and slow too", last(rated.carried))
    if options.judge:
        save(net, last, free, options.judge)
    options.logs.mkdir(exist_ok=True)
    rounded = {title: {name: [round(v, 3) for v in pair] for name, pair in r.items()} for title, r in results.items()}
    (options.logs / "free.json").write_text(json.dumps(rounded, indent=1) + "\n")


if __name__ == "__main__":
    main()
