#!/usr/bin/env python3
"""Whether receivers that know nothing of Synopsia read what its lamps are sent: sACN by multicast, and Art-Net.

    cargo build --locked --manifest-path crates/lights/Cargo.toml --example lamps
    python3 scripts/lights.py target/debug/examples/lamps            # sacn and stupidArtnet from PyPI
    xvfb-run -a python3 scripts/lights.py SYNOPSIA SONG              # what a stage sends for a song, until it is interrupted

The example shows a ramp of known values at four lamps, sixty a second for ten seconds, then rests for five and ends. sacn joins
the universe's group, and tells what changes; all packets come to a socket, too, where sacn's parser reads them. Of Art-Net,
stupidArtnet's server has the values, and a socket all packets.
"""

import signal
import socket
import struct
import subprocess
import sys
import threading
import time

import sacn
from sacn.messages.data_packet import DataPacket
from stupidArtnet import StupidArtnetServer

RAMP, REST = 10, 5


def report(name, times, values, sequences, wrap):
    """Times, the first slot, and numbers of packets of a universe."""
    first = times[0]
    ramp = [t for t in times if t - first < RAMP - 0.5]
    rest = [b - a for a, b in zip(times, times[1:]) if a - first > RAMP + 0.5 and b - first < RAMP + REST] or [float("nan")]
    gaps = sorted(b - a for a, b in zip(ramp, ramp[1:]))
    reds = [value for value, t in zip(values, times) if t - first < RAMP - 0.5]
    steps = [b - a for a, b in zip(reds, reds[1:])]
    print(f"{name}: {len(times)} packets; {len(ramp) / (RAMP - 0.5):.2f} a second in the ramp, {1e3 * gaps[len(gaps) // 2]:.1f} ms apart "
          f"({1e3 * gaps[int(0.99 * len(gaps))]:.1f} ms at 99 %); {1e3 * min(rest):.0f} to {1e3 * max(rest):.0f} ms apart at rest")
    print(f"  first slot from {reds[0]} to {max(reds)}, {sum(step < 0 for step in steps)} steps back")
    if sequences:
        wrong = sum(b != wrap(a) for a, b in zip(sequences, sequences[1:]))
        print(f"  sequence numbers {sequences[0]} to {sequences[-1]}, {wrong} out of order")
        assert wrong == 0
    assert not any(step < 0 for step in steps)


def exact(name, slots):
    """The lamps' slots: the first is a ramp, and all others follow from it (see the example)."""
    wrong = 0
    for got in slots:
        red = got[0]
        expected = [red, 255 - red, 51, 102]
        wrong += list(got[:4]) != expected or any(got[4:511]) or got[511] != 204
    print(f"  {len(slots) - wrong} of {len(slots)} frames exact in all 512 slots")
    assert wrong == 0 and len(slots) > 100, name


def every_packet():
    """A port of this machine, and all that comes there with when it came."""
    plain, packets = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), []
    plain.bind(("127.0.0.1", 0))

    def read():
        while True:
            packet = plain.recv(2048)
            packets.append((time.perf_counter(), packet))

    threading.Thread(target=read, daemon=True).start()
    return plain.getsockname()[1], packets


def stage(program, song, seconds=30):
    """What the four lamps without a patch are sent of a song, and how it ends."""
    port, packets = every_packet()
    live = subprocess.Popen([program, "live", "--quiet", song, "--loop", "--no-editor", f"--sacn=127.0.0.1:{port}"])
    begun = time.perf_counter()
    while not packets and time.perf_counter() - begun < 60:
        time.sleep(0.1)
    print(f"the first packet came {time.perf_counter() - begun:.1f} s after the start")
    time.sleep(seconds)
    live.send_signal(signal.SIGINT)
    code = live.wait(60)
    time.sleep(0.2)
    parsed = [(t, DataPacket.make_data_packet(p)) for t, p in packets]
    going = [(t, p) for t, p in parsed if t - parsed[0][0] < seconds]
    for first, name in ((0, "left"), (3, "centre"), (6, "right"), (9, "mood")):
        levels = [max(p.dmxData[first:first + 3]) for _, p in going]
        colours = {tuple(p.dmxData[first:first + 3]) for _, p in going}
        print(f"{name}: {len(colours)} colours in {seconds} s, brightest channel {min(levels)} to {max(levels)}")
    gaps = [1e3 * (b[0] - a[0]) for a, b in zip(going, going[1:])]
    print(f"{len(going) / seconds:.1f} packets a second, {max(gaps):.0f} ms apart at most")
    wrong = sum((b.sequence - a.sequence) % 256 != 1 for (_, a), (_, b) in zip(parsed, parsed[1:]))
    ends = [p.option_StreamTerminated for _, p in parsed[-5:]]
    print(f"{wrong} numbers out of order; interrupted it ended with {code}, lamps at {parsed[-1][1].dmxData[:12]}, and the last five say: {ends}")
    assert wrong == 0 and ends == [False, False, True, True, True] and not any(parsed[-1][1].dmxData)


def main():
    if len(sys.argv) == 3:
        return stage(*sys.argv[1:])
    (sacn_port, sacn_packets), (artnet_port, packets) = every_packet(), every_packet()
    receiver, heard = sacn.sACNreceiver(), []
    receiver.register_listener("universe", lambda packet: heard.append((time.perf_counter(), packet)), universe=1)
    availability = []
    receiver.register_listener("availability", lambda universe, changed: availability.append((universe, changed)))
    receiver.start()
    receiver.join_multicast(1)
    server, artnet = StupidArtnetServer(), []
    server.register_listener(universe=1, callback_function=lambda data, _=None: artnet.append((time.perf_counter(), list(data))))
    time.sleep(0.5)
    lamps = subprocess.Popen([sys.argv[1], f"127.0.0.1:{sacn_port}", f"127.0.0.1:{artnet_port}", str(RAMP), str(REST)])
    assert lamps.wait(RAMP + REST + 20) == 0
    time.sleep(0.5)
    receiver.stop()

    assert heard, "sacn heard nothing"
    frames = [packet for _, packet in heard]
    report("sACN by multicast, changes told by sacn", [t for t, _ in heard], [p.dmxData[0] for p in frames], None, None)
    print(f"  source {frames[0].sourceName!r}, priority {frames[0].priority}, universe {frames[0].universe}, {len({p.cid for p in frames})} source(s)")
    # The end fades, so all but it.
    lit = [p.dmxData for p in frames if p.dmxData[511] == 204]
    exact("sACN", lit)
    parsed = [DataPacket.make_data_packet(p) for _, p in sacn_packets]
    report("sACN by unicast, parsed by sacn", [t for t, _ in sacn_packets], [p.dmxData[0] for p in parsed], [p.sequence for p in parsed], lambda n: (n + 1) % 256)
    print(f"  the last five say that the stream ends: {[p.option_StreamTerminated for p in parsed[-5:]]}")
    print(f"  availability: {availability}; {len(frames) - len(lit)} frames of the fade to {list(frames[-1].dmxData[:4])}")

    assert artnet, "stupidArtnet heard nothing"
    report("Art-Net, read by stupidArtnet", [t for t, _ in artnet], [d[0] for _, d in artnet], None, None)
    exact("Art-Net", [d for _, d in artnet if d[511] == 204])
    fields = [struct.unpack("<8sH", p[:10]) + struct.unpack(">HBBBBH", p[10:18]) for _, p in packets]
    assert all(f[:3] == (b"Art-Net\0", 0x5000, 14) and f[5:] == (1, 0, 512) for f in fields), fields[0]
    report("Art-Net, read by this script", [t for t, _ in packets], [p[18] for _, p in packets], [f[3] for f in fields], lambda n: n % 255 + 1)


if __name__ == "__main__":
    main()
