#!/usr/bin/env python3
"""How long an OSC message takes to be told back, and what of a flood stands in the end.

    xvfb-run -a python3 scripts/measure-osc.py SYNOPSIA SONG [SECONDS]        # python-osc from PyPI; of flood, 5 if not given
"""

import statistics
import subprocess
import sys
import threading
import time

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import ThreadingOSCUDPServer
from pythonosc.udp_client import SimpleUDPClient

THERE, HERE = 9100, 9101
told = {}


def hear(address, *values):
    told.setdefault(address, []).append((time.perf_counter(), values))


def main():
    dispatcher = Dispatcher()
    dispatcher.set_default_handler(hear)
    server = ThreadingOSCUDPServer(("127.0.0.1", HERE), dispatcher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    program, song = sys.argv[1:3]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 5
    stage = subprocess.Popen(
        [program, "live", "--quiet", song, "--loop", "--no-editor", "--osc", str(THERE), "--osc-to", f"127.0.0.1:{HERE}"])
    try:
        time.sleep(8)
        client = SimpleUDPClient("127.0.0.1", THERE)
        trips = []
        for n in range(40):
            address, before = "/synopsia/1/trails", len(told.get("/synopsia/1/trails", []))
            begun = time.perf_counter()
            client.send_message(address, 0.1 + 0.02 * n)
            while len(told.get(address, [])) == before and time.perf_counter() - begun < 2:
                time.sleep(0.0005)
            if len(told.get(address, [])) > before:
                trips.append(1e3 * (told[address][-1][0] - begun))
            time.sleep(0.05)
        print(f"sent to told back, {len(trips)} of 40: median {statistics.median(trips):.1f} ms, at most {max(trips):.1f} ms")
        begun, sent = time.perf_counter(), 0
        while time.perf_counter() - begun < seconds:
            client.send_message("/synopsia/1/grain", (sent % 997) / 997)
            sent += 1
            time.sleep(0.0007)
        client.send_message("/synopsia/1/grain", 0.4321)
        time.sleep(0.5)
        last = told["/synopsia/1/grain"][-1][1][0]
        print(f"{sent / seconds:.0f} messages a second for {seconds:.0f} s: the last was 0.4321, and {last:.4f} stands")
    finally:
        stage.terminate()
        stage.wait(30)


if __name__ == "__main__":
    main()
