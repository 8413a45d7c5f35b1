"""The tracker over the network's activations, as crates/networks has it, to tune it by."""

import numpy as np
from numba import njit

from features import HOP

SLOWEST, FASTEST = 40.0, 240.0
REACH = 3


def transitions(periods, steadiness):
    """From each period to each next one, rows of sum 1."""
    ratio = np.abs(periods[None] / periods[:, None] - 1)
    rows = np.exp(-steadiness * ratio)
    return (rows / rows.sum(1, keepdims=True)).astype(np.float32)


@njit(fastmath=True)
def follow(act, periods, moves, prior, trust, floor, spread, renewal, near, hold_belief, hold_seconds, hop):
    """Period, phase, concentration and belief at each hop, [hops, 4]."""
    n = len(periods)
    starts = np.zeros(n + 1, np.int64)
    for i in range(n):
        starts[i + 1] = starts[i] + periods[i]
    total_states = starts[n]
    belief = np.zeros(total_states, np.float32)
    turn_c, turn_s = np.zeros(total_states, np.float32), np.zeros(total_states, np.float32)
    for i in range(n):
        for k in range(periods[i]):
            belief[starts[i] + k] = prior[i] / periods[i]
            turn_c[starts[i] + k] = np.cos(2 * np.pi * k / periods[i])
            turn_s[starts[i] + k] = np.sin(2 * np.pi * k / periods[i])
    by = np.zeros(n, np.float32)
    begun, ended = np.zeros(n, np.float32), np.zeros(n, np.float32)
    out = np.zeros((len(act), 4), np.float32)
    weights = np.ones(2 * REACH + 1, np.float32)
    chosen, challenged = -1, 0.0
    for t in range(len(act)):
        a = act[t]
        for i in range(n):
            ended[i] = belief[starts[i + 1] - 1]
            for k in range(starts[i + 1] - 1, starts[i], -1):
                belief[k] = belief[k - 1]
        for j in range(n):
            begun[j] = 0
        for i in range(n):
            if ended[i] > 1e-12:
                for j in range(n):
                    begun[j] += ended[i] * moves[i, j]
        for j in range(n):
            belief[starts[j]] = begun[j]
        for d in range(-REACH, REACH + 1):
            lr = np.log((a + 1e-4) / (1 - a + 1e-4)) - np.log(floor / (1 - floor))
            lr = min(5.0, max(-3.0, lr))
            weights[d + REACH] = np.exp(trust * lr * np.exp(-0.5 * (d / spread) ** 2))
        total = 0.0
        for i in range(n):
            p = periods[i]
            for d in range(-REACH, REACH + 1):
                belief[starts[i] + (d % p)] *= weights[d + REACH]
            s = 0.0
            for k in range(starts[i], starts[i + 1]):
                s += belief[k]
            by[i] = s
            total += s
        keep = (1 - renewal) / total
        for i in range(n):
            each = renewal * prior[i] / periods[i]
            for k in range(starts[i], starts[i + 1]):
                belief[k] = belief[k] * keep + each
            by[i] = by[i] * keep + renewal * prior[i]
        # the period that is believed most, with those near it
        best, most = 0, -1.0
        for i in range(n):
            r = max(1, int(periods[i] * near))
            s = 0.0
            for j in range(max(0, i - r), min(n, i + r + 1)):
                s += by[j]
            if s > most:
                best, most = i, s
        if chosen < 0:
            chosen = best
        elif abs(periods[best] / periods[chosen] - 1) > 0.07:
            r = max(1, int(periods[chosen] * near))
            s = 0.0
            for j in range(max(0, chosen - r), min(n, chosen + r + 1)):
                s += by[j]
            challenged = challenged + 1 if most > hold_belief * s else max(0.0, challenged - 1)
            if challenged * hop > hold_seconds:
                chosen, challenged = best, 0.0
        else:
            chosen, challenged = best, 0.0
        r = max(1, int(periods[chosen] * near))
        s = length = c = w = 0.0
        for j in range(max(0, chosen - r), min(n, chosen + r + 1)):
            s += by[j]
            length += by[j] * periods[j]
            for k in range(starts[j], starts[j + 1]):
                c += belief[k] * turn_c[k]
                w += belief[k] * turn_s[k]
        if s < 1e-30:
            s = 1e-30
        out[t, 0] = length / s
        out[t, 1] = (np.arctan2(w, c) / (2 * np.pi)) % 1.0
        out[t, 2] = np.sqrt(c * c + w * w) / s
        out[t, 3] = s
    return out


@njit
def count(out, hop, delay, catch_up, slowest, fastest, leading):
    """A count of beats that glides: [hops]."""
    beats, tempo = np.zeros(len(out)), 60.0 / (out[0, 0] * hop)
    now = 0.0
    for t in range(len(out)):
        led = min(1.0, out[t, 2] / leading)
        heard = 60.0 / (out[t, 0] * hop)
        if abs(heard / tempo - 1) < 0.07:
            tempo += led * (hop / 0.5) * (heard - tempo)
        elif led >= 1:
            tempo = heard
        phase = out[t, 1] + delay / hop / out[t, 0]
        step = tempo / 60 * hop
        ahead = phase - (now + step)
        error = ahead - np.round(ahead)
        speed = min(fastest, max(slowest, 1 + led * error / catch_up))
        now += step * speed
        beats[t] = now
    return beats


PREFERRED, OCTAVES = 120.0, 0.9


def prior_of(periods):
    """How readily people tap a tempo."""
    tempo = 60 / (periods * HOP)
    weight = np.exp(-0.5 * (np.log2(tempo / PREFERRED) / OCTAVES) ** 2)
    return (weight / weight.sum()).astype(np.float32)


DEFAULT = dict(steadiness=100.0, trust=0.3, floor=0.04, spread=1.1, renewal=0.15, near=0.05, hold_belief=1.5, hold_seconds=1.0,
               delay=0.03, catch_up=0.5, slowest=0.6, fastest=1.5, leading=0.18, gain=1.0)


def beats_of(act, **changed):
    """Seconds of beats, and the certainty at each, from activations [hops]."""
    p = DEFAULT | changed
    periods = np.arange(int(60 / FASTEST / HOP), int(60 / SLOWEST / HOP) + 2)
    out = follow(np.clip(act, 0, 1).astype(np.float32), periods, transitions(periods, p["steadiness"]),
                 prior_of(periods), p["trust"], p["floor"], p["spread"], p["renewal"] * HOP, p["near"], p["hold_belief"],
                 p["hold_seconds"], HOP)
    beats = count(out, HOP, p["delay"], p["catch_up"], p["slowest"], p["fastest"], p["leading"])
    at = np.flatnonzero(np.floor(beats[1:]) > np.floor(beats[:-1])) + 1
    fraction = (np.floor(beats[at]) - beats[at - 1]) / (beats[at] - beats[at - 1])
    return (at + fraction) * HOP, out[at, 2] * np.minimum(1, out[at, 3] * 2), out


METRES = np.array([2, 3, 4, 5, 6, 7])
METRE_PRIOR = np.array([0.12, 0.2, 0.5, 0.05, 0.06, 0.07])


@njit
def bars_of(evidence, metres, prior, stay, trust, base):
    """Place in the bar of each beat (1 is the downbeat), told before its own evidence is heard but for the last `peek`."""
    n, most = len(metres), metres.max()
    belief = np.zeros((n, most))
    for m in range(n):
        for k in range(metres[m]):
            belief[m, k] = prior[m] / metres[m]
    places, metre_of = np.zeros(len(evidence), np.int64), np.zeros(len(evidence), np.int64)
    for t in range(len(evidence)):
        # the beat comes: every bar moves on
        moved, ended = np.zeros((n, most)), 0.0
        for m in range(n):
            last = metres[m] - 1
            for k in range(last):
                moved[m, k + 1] = belief[m, k]
            moved[m, 0] = stay * belief[m, last]
            ended += (1 - stay) * belief[m, last]
        for m in range(n):
            moved[m, 0] += ended * prior[m]
        d = min(0.99, max(0.003, evidence[t]))
        ratio = (d / (1 - d) * (1 - base) / base) ** trust
        total = 0.0
        for m in range(n):
            moved[m, 0] *= ratio
            for k in range(metres[m]):
                total += moved[m, k]
        best, at = -1.0, (0, 0)
        for m in range(n):
            for k in range(metres[m]):
                belief[m, k] = moved[m, k] / total
        # the metre that is believed most, and the place in it
        bm, most_m = 0, -1.0
        for m in range(n):
            s = belief[m, : metres[m]].sum()
            if s > most_m:
                bm, most_m = m, s
        place = 0
        for k in range(metres[bm]):
            if belief[bm, k] > belief[bm, place]:
                place = k
        places[t], metre_of[t] = place + 1, metres[bm]
    return places, metre_of


def downbeats_of(down, times, stay=0.98, trust=0.8, base=0.3, delay=0.03, act=None):
    """Places in the bar of beats at these seconds, from activations [hops] of downbeats."""
    at = np.round((times + delay) / HOP).astype(int) - 1
    near = np.clip(at[:, None] + np.arange(-2, 3), 0, len(down) - 1)
    evidence = down[near].max(1)
    if act is not None:  # a share of what tells of a beat at all
        evidence = evidence / np.maximum(act[near].max(1), 0.02)
    return bars_of(np.minimum(evidence, 0.99), METRES, METRE_PRIOR, stay, trust, base)
