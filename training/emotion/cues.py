"""What published experiments say a piece's factors do to its mood, as numbers.

Sources, and what is taken from each:

- Hevner, K. (1937), "The affective value of pitch and tempo in music", American Journal of Psychology 49:
  how much each of six elements of music counts for each of eight groups of adjectives (`HEVNER`: the table as
  it is commonly reproduced, not yet compared with the paper).
- Scott, G. et al. (2019), the Glasgow Norms, Behavior Research Methods 51 (CC BY 4.0): valence and arousal of
  words; the means of Hevner's adjectives that are among them place her groups in the plane (`GROUPS`).
- Temperley, D. and Tan, D. (2013), "Emotional connotations of diatonic modes", Music Perception 30: the order of
  the modes from happy to sad: major, mixolydian and lydian, dorian, minor, phrygian. Ranks only (`MODES`).
- Eerola, T., Friberg, A. and Bresin, R. (2013), "Emotional expression in music: contribution, linearity, and
  additivity of primary musical cues", Frontiers in Psychology 4: cues add up and act linearly (77 to 89 % of the
  variance of ratings), in the order mode, tempo, register, dynamics, articulation, timbre. Ranks only.
- Schubert, E. (2004), "Modeling perceived emotion with continuous musical features", Music Perception 21, and
  Dean, R., Bailes, F. and Schubert, E. (2011), PLoS ONE 6: arousal follows loudness before all else, then
  tempo. Rank and sign only.
- Gabrielsson, A. and Lindström, E. (2010), "The role of structure in the musical expression of emotions", and
  Gomez, P. and Danuser, B. (2007), Emotion 7: staccato, bright timbres, dense and accented rhythms raise arousal;
  dissonance and minor lower valence, dissonance raises arousal. Signs only.

Where a source gives ranks or signs only, the weight is the one that the order leaves: between its neighbours of
Hevner's numbers, or half of the last of them.
"""

import numpy as np

# Valence and arousal of Hevner's groups of adjectives: means of those that the Glasgow Norms have.
GROUPS = {"dignified": (0.11, -0.27), "sad": (-0.56, -0.14), "dreamy": (0.26, 0.07), "serene": (0.50, -0.18),
          "graceful": (0.58, 0.27), "happy": (0.62, 0.27), "exciting": (0.75, 0.59), "vigorous": (0.03, 0.15)}
# Hevner's weights, in the order of GROUPS; positive for major, fast, high, simple (consonant), flowing.
HEVNER = {"mode": (-4, -20, -12, 3, 21, 24, 0, 0), "tempo": (-14, -12, -16, -20, 6, 20, 21, 6),
          "register": (-10, -19, 6, 8, 16, 6, -9, -13), "consonance": (3, -7, 4, 10, 12, 16, -14, -8),
          "flow": (-18, -3, 9, 2, 8, 10, -2, -10)}
# How happy a mode is, -1 to 1, evenly spaced by rank; the harmonic minor, which was not asked about, as minor.
MODES = {"major": 1.0, "mixolydian": 0.5, "lydian": 0.5, "dorian": 0.0, "harmonic": -0.5, "minor": -0.5,
         "phrygian": -1.0}


def hevner(cue: str) -> np.ndarray:
    """What one unit of a cue (from one of its poles to the middle) adds to valence and arousal."""
    return np.array(HEVNER[cue], float) @ np.array(list(GROUPS.values()))


def weights() -> dict[str, np.ndarray]:
    """Valence and arousal of each cue, in units of the largest, mode's valence."""
    given = {cue: hevner(cue) for cue in HEVNER}
    unit = given["mode"][0]
    given = {cue: value / unit for cue, value in given.items()}
    tempo, register = given["tempo"], given["register"]
    return given | {
        # Loudness before tempo in arousal; between register and articulation in valence, sign open: none.
        "level": np.array([0.0, 1.2 * tempo[1]]),
        "dynamics": np.array([0.0, 0.6 * tempo[1]]),
        "staccato": np.array([0.25 * register[0], 0.3 * tempo[1]]),
        "brightness": np.array([0.1 * register[0], 0.3 * tempo[1]]),
        "density": np.array([0.2 * tempo[0], 0.7 * tempo[1]]),
    }


def standard(values) -> np.ndarray:
    """Mean 0 and deviation 1; a column that is constant becomes 0."""
    values = np.asarray(values, float)
    return (values - values.mean()) / (values.std() + 1e-9)


def cue_table(labels: list[dict]) -> tuple[list[str], np.ndarray]:
    """The cues' names, and each composed piece's cues [pieces, cues], in deviations, from its labels."""
    factors = [label["factors"] for label in labels]
    came = [label["measured"] for label in labels]
    cue = {
        "mode": standard([MODES[f["mode"]] for f in factors]),
        "tempo": standard(np.log([f["tempo"] for f in factors])),
        "register": standard([m["register"] for m in came]),
        "consonance": -standard([m["dissonance"] for m in came]),
        "level": standard([m["level"] for m in came]),
        "dynamics": standard([f["dynamics"] for f in factors]),
        "staccato": -standard([f["articulation"] for f in factors]),
        "brightness": standard(np.log([m["brightness"] for m in came])),
        "density": standard(np.log1p([m["density"] + m["drums"] for m in came])),
    }
    return list(cue), np.stack(list(cue.values()), 1)


def ratings(labels: list[dict]) -> np.ndarray:
    """Valence and arousal [pieces, 2] of composed pieces: their cues, which add up; mean 0, and scaled to
    deviate by 0.35, about what people's ratings of a varied collection do."""
    names, cue = cue_table(labels)
    sums = cue @ np.array([weights()[name] for name in names])
    return 0.35 * (sums - sums.mean(0)) / sums.std(0)
