#!/usr/bin/env python3
"""How far the beat that synopsia-link tells is from the one that another Link peer has, while that one changes the tempo.

    cargo build --release --locked --manifest-path link/Cargo.toml
    python3 scripts/measure-link.py link/target/release/synopsia-link [SECONDS]      # aalink from PyPI

What a listener would do is done here: the last state that was told goes on at its tempo from the moment it is of. That is
compared with aalink's phase at the same moment, some hundred times a second at moments drawn by chance. While a change of
tempo is on its way by Link's own network, no peer can know of it: these moments are told apart, beside what a third peer,
aalink's too, makes of them.
"""

import asyncio
import os
import random
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time

from aalink import Link

QUANTUM, SINCE_1900 = 4.0, 2_208_988_800
TEMPI = (20, 60, 87.5, 120, 128, 174, 240, 300)


class Listener:
    """Says hello, and keeps the last state."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.there, self.state, self.told, self.others = ("127.0.0.1", port), None, [], []
        for work in (self.greet, self.hear):
            threading.Thread(target=work, daemon=True).start()

    def phase(self, now):
        at, tempo, _, phase, _, _, _ = self.state
        return phase + (now - at) * tempo / 60

    def say(self, address, number=None):
        pad = lambda text: text.encode() + b"\0" * (4 - len(text) % 4)
        message = pad(address) + (pad(",") if number is None else pad(",d") + struct.pack(">d", number))
        self.socket.sendto(message, self.there)

    def greet(self):
        while True:
            self.say("/synopsia/link/hello")
            time.sleep(1)

    def hear(self):
        while True:
            datagram = self.socket.recv(2048)
            if not datagram.startswith(b"#bundle\0"):
                self.others.append(datagram)
                continue
            seconds, fraction, _ = struct.unpack(">III", datagram[8:20])
            assert datagram[20:52] == b"/synopsia/link/state\0\0\0\0,ddddii\0", datagram
            at = seconds - SINCE_1900 + fraction / 2**32
            self.state = (at, *struct.unpack(">ddddii", datagram[52:]))
            self.told.append((time.time(), at))


def theirs(link):
    """The other peer's phase, and the moment it is of, between two readings of the clock."""
    while True:
        before = time.time()
        phase = link.phase
        after = time.time()
        if after - before < 50e-6:
            return phase, (before + after) / 2


def apart(phase, other, tempo):
    """Milliseconds between two phases."""
    return abs((phase - other + QUANTUM / 2) % QUANTUM - QUANTUM / 2) * 60e3 / tempo


async def compare(link, third, listener, seconds):
    """Milliseconds between the peer that changes the tempo and the helper: steadily, and until a change has come by
    Link's own network, where a third peer of the same implementation is compared, too, and how long both take."""
    chance = random.Random(1)
    steady, on_its_way, third_on_its_way, took, third_took = [], [], [], [], []
    change, end = time.time() + 2, time.time() + seconds
    while time.time() < end:
        await asyncio.sleep(chance.uniform(0.002, 0.018))
        phase, now = theirs(link)
        steady.append(apart(listener.phase(now), phase, link.tempo))
        if now < change:
            continue
        link.tempo = tempo = chance.choice([tempo for tempo in TEMPI if tempo != link.tempo])
        changed, here, there = time.time(), None, None
        while here is None or there is None:
            phase, now = theirs(link)
            state = listener.state
            error = apart(listener.phase(now), phase, tempo)
            if abs(state[1] - tempo) > 1e-3:
                on_its_way.append(error)
            else:
                here = here or now - changed
                steady.append(error)
            if abs(third.tempo - tempo) > 1e-3:
                third_on_its_way.append(apart(third.phase, phase, tempo))
            else:
                there = there or now - changed
            assert now < changed + 2, "a change of tempo did not come"
            await asyncio.sleep(0.0005)
        took.append(1e3 * here)
        third_took.append(1e3 * there)
        change = time.time() + chance.uniform(1, 12)
    return steady, on_its_way, third_on_its_way, took, third_took


def report(name, errors, what):
    errors = sorted(errors)
    share = lambda part: errors[min(int(part * len(errors)), len(errors) - 1)]
    print(f"{name}: {len(errors)} {what}, median {share(0.5):.3f} ms, 99 % {share(0.99):.3f} ms, at most {errors[-1]:.3f} ms")
    return errors[-1]


async def main():
    program, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 600.0
    helper = subprocess.Popen([program, "--port", "0", "--with-parent", "--allow-tempo"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    listener = Listener(int(helper.stdout.readline().rsplit(":", 1)[1]))
    link, third = Link(100.0), Link(100.0)
    for peer in (link, third):
        peer.quantum, peer.enabled, peer.start_stop_sync_enabled = QUANTUM, True, True
    begun = time.time()
    while link.num_peers < 2 or not listener.state or listener.state[6] < 2 or listener.state[1] != link.tempo:
        assert time.time() - begun < 20, f"they did not meet: {link.num_peers}, {link.tempo}, {listener.state}"
        await asyncio.sleep(0.05)
    print(f"met after {time.time() - begun:.2f} s: {listener.state[1]} beats a minute, {listener.state[6]} other peer(s), playing {listener.state[5]}")
    await asyncio.sleep(2)
    listener.told.clear()
    steady, on_its_way, third_on_its_way, took, third_took = await compare(link, third, listener, seconds)
    used = cpu_seconds(helper.pid)
    most = report("apart", steady, "moments")
    report("a change of tempo reached the helper's listener after", took, "changes")
    report("and the third peer after", third_took, "changes")
    report("apart while a change was on its way", on_its_way, "moments")
    report("and the third peer meanwhile", third_on_its_way, "moments")
    late = sorted(1e3 * (here - at) for here, at in listener.told)
    gaps = [1e3 * (b[0] - a[0]) for a, b in zip(listener.told, listener.told[1:])]
    print(f"{len(late) / seconds:.0f} states a second, {max(gaps):.1f} ms apart at most; told {statistics.median(late):.3f} ms after their moment, at most {late[-1]:.3f} ms")
    print(f"the helper took {100 * used / (time.time() - begun):.1f} % of a core")
    await both_ways(link, listener)
    helper.stdin.close()
    print(f"it ended with its parent: {helper.wait(5)}")
    await asyncio.sleep(0.5)
    print(f"the other peer sees {link.num_peers} peers half a second later")
    assert most < 3, "more than 3 ms apart"


async def both_ways(link, listener):
    """Playing is told, a proposed tempo reaches the other peer, and one that is none is refused."""
    link.playing = True
    await asyncio.sleep(0.3)
    print(f"the other peer began to play: {listener.state[5]}")
    link.playing = False
    await asyncio.sleep(0.3)
    print(f"and stopped: {listener.state[5]}")
    listener.say("/synopsia/link/tempo", 133.25)
    listener.say("/synopsia/link/tempo", 1e9)
    await asyncio.sleep(0.5)
    print(f"133.25 was proposed: the other peer has {link.tempo:.2f}; of a thousand million it said {listener.others}")


def cpu_seconds(process):
    fields = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    asyncio.run(main())
