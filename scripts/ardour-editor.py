#!/usr/bin/env python3
"""Opens, hides, resizes and removes the editor in Ardour's own window, and looks at what comes of it.

    scripts/ardour-editor.py [--dpi DPI] [BUNDLE]

BUNDLE is target/bundled/Synopsia.vst3 where none is named; the display has 96 dots an inch where it is
not said how many. Needs Ardour 7, Xvfb, openbox, xdotool, xrdb and ffmpeg (apt-get install ardour xvfb
openbox xdotool x11-xserver-utils ffmpeg), neither display nor sound card; leaves the user's own Ardour
alone. Exits with 0 when

* each of ten openings shows the editor, and none leaves a descriptor or a thread;
* what watches the editor's window lives on while Ardour hides it, and painting rests;
* it is as large as the display's dots want, and all of it is in Ardour's window;
* after a click into it space starts and stops Ardour's transport, and Ctrl+Alt+B is a blackout;
* its corner makes Ardour's window larger and smaller;
* Ardour lives on when the plugin is removed with its editor open.
"""

import argparse
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OPENINGS = 10
# How large Ardour's main window is made, and where in its mixer the master's first plugin is then.
MAIN = 1500, 1000
PLUGIN = 1450, 228
# Where in it the clock is, and the editor's size at 96 dots an inch.
CLOCK = 500, 50, 150, 35
SIZE = 1040, 680
# Seconds that anything may take on a machine that has other things to do.
PATIENCE = 120

# As if Ardour had been started before, without a sound card: it asks nothing.
CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<Ardour>
  <Config>
    <Option name="try-autostart-engine" value="1"/>
    <Option name="hide-dummy-backend" value="0"/>
  </Config>
  <Extra>
    <AudioMIDISetup>
      <EngineStates>
        <State backend="None (Dummy)" driver="Normal Speed" device="Silence" input-device=""
               output-device="" sample-rate="48000" buffer-size="4096" n-periods="0"
               input-latency="0" output-latency="0" lm-input="" lm-output="" active="1"
               use-buffered-io="0" midi-option="" lru="1"/>
      </EngineStates>
    </AudioMIDISetup>
  </Extra>
</Ardour>
"""

sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("bounce", Path(__file__).parent / "ardour-bounce.py")
bounce = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bounce)


class Desktop:
    """A display with a window manager, and what is started there."""

    def __init__(self, environment, dpi):
        self.environment, self.dpi = environment, dpi
        self.running = []
        reads, writes = os.pipe()
        self.start(["Xvfb", "-displayfd", str(writes), "-screen", "0", "2400x1600x24", "-nolisten",
                    "tcp", "-noreset"], pass_fds=[writes])
        os.close(writes)
        with os.fdopen(reads) as number:
            environment["DISPLAY"] = self.display = f":{number.readline().strip()}"
        dots = f"Xft.dpi: {dpi}\n"
        subprocess.run(["xrdb", "-merge"], input=dots, text=True, env=environment, check=True)
        self.start(["openbox", "--sm-disable"])
        time.sleep(2)

    def start(self, command, **more):
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, **more)
        self.running.append(process)
        return process

    def end(self):
        for process in reversed(self.running):
            process.send_signal(signal.SIGKILL)
            process.wait()

    def do(self, *words):
        """What xdotool says to it."""
        command = ["xdotool", *map(str, words)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        return done.stdout.split()

    def window(self, name):
        """The visible window whose name matches, if there is one."""
        found = self.do("search", "--onlyvisible", "--name", name)
        return found[-1] if found else None

    def shape(self, window):
        """Left, top, width and height of a window."""
        lines = self.do("getwindowgeometry", "--shell", window)
        found = dict(line.split("=") for line in lines)
        return [int(found[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")]

    def pixels(self, x, y, width, height):
        """Shades of grey on a part of the display."""
        grab = ["ffmpeg", "-v", "error", "-f", "x11grab", "-video_size", f"{width}x{height}", "-i",
                f"{self.display}+{x},{y}", "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo",
                "-"]
        return subprocess.run(grab, env=self.environment, capture_output=True).stdout

    def shades(self, window):
        """How many shades of grey there are on a window."""
        return len(set(self.pixels(*self.shape(window))))

    def drag(self, start, by):
        """Takes hold at a point and goes on by so much; lets go there."""
        self.do("mousemove", *start)
        time.sleep(1)
        self.do("mousedown", 1)
        time.sleep(1)
        for step in range(1, 6):
            self.do("mousemove", *(a + b * step // 5 for a, b in zip(start, by)))
            time.sleep(0.5)
        time.sleep(3)
        self.do("mouseup", 1)


def until(what, found):
    """Waits until there is something, and gives it."""
    start = time.monotonic()
    while not (it := found()):
        assert time.monotonic() - start < PATIENCE, f"waited in vain: {what}"
        time.sleep(0.25)
    return it


def held(process):
    """How many threads and descriptors a process has, and how many of the threads watch."""
    of = Path(f"/proc/{process.pid}")
    names = [(thread / "comm").read_text().strip() for thread in (of / "task").iterdir()]
    return len(names), len(list((of / "fd").iterdir())), names.count("synopsia-watch")


def load(process, seconds):
    """Which share of a core a process takes for a while."""
    def ticks():
        return sum(map(int, Path(f"/proc/{process.pid}/stat").read_text().split()[13:15]))
    before = ticks()
    time.sleep(seconds)
    return (ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds


class Editor:
    """The plugin's editor in Ardour's mixer."""

    EDITOR = "Master: Synopsia"

    def __init__(self, desktop, ardour):
        self.desktop, self.ardour = desktop, ardour
        self.main = until("Ardour's window", self.loaded)
        desktop.do("windowsize", self.main, *MAIN, "windowmove", self.main, 10, 10)
        time.sleep(2)
        desktop.do("windowactivate", "--sync", self.main, "key", "alt+m")
        time.sleep(3)

    def loaded(self):
        """Ardour's main window. Before it comes, Ardour says that the sound card is another one."""
        return self.desktop.window("^session - Ardour") or self.desktop.do("key", "Return")

    def asked_for(self):
        """Asks for the editor, and gives its window if that comes."""
        self.desktop.do("windowactivate", "--sync", self.main)
        time.sleep(0.5)
        self.desktop.do("mousemove", *PLUGIN, "click", "--repeat", 2, "--delay", 80, 1)
        for _ in range(40):
            time.sleep(0.25)
            if window := self.desktop.window(self.EDITOR):
                return window
        return None

    def open(self):
        window = until("the editor", self.asked_for)
        until("the editor's pixels", lambda: self.desktop.shades(window) > 60)
        return window

    def hide(self, window):
        self.desktop.do("windowactivate", "--sync", window, "key", "alt+F4")
        until("no editor", lambda: not self.desktop.window(self.EDITOR))

    def remove(self):
        """Removes the plugin."""
        self.desktop.do("windowactivate", "--sync", self.main)
        time.sleep(0.5)
        self.desktop.do("mousemove", *PLUGIN, "click", 1)
        time.sleep(0.5)
        self.desktop.do("key", "Delete")


def opens_and_hides(editor):
    """Loads while the editor is seen and while it is not."""
    first = None
    for number in range(OPENINGS):
        window = editor.open()
        if number == OPENINGS - 1:
            seen = load(editor.ardour, 5)
        editor.hide(window)
        time.sleep(2)
        left = held(editor.ardour)
        assert left[2] == 1, f"opening {number + 1}: nobody watches the hidden editor"
        first = first or left
    assert left[1] <= first[1] and left[0] <= first[0], f"first {first}, last {left}"
    hidden = load(editor.ardour, 5)
    assert hidden < seen, f"hidden, {hidden:.2f} of a core, and seen, {seen:.2f}"
    return seen, hidden


def fits(editor):
    """The editor's size; leaves it open."""
    desktop, window = editor.desktop, editor.open()
    # Below the clocks of Ardour's window.
    desktop.do("windowmove", window, 20, 400)
    time.sleep(2)
    x, y, width, height = desktop.shape(desktop.window("^Synopsia$"))
    wanted = [round(side * desktop.dpi / 96) for side in SIZE]
    assert [width, height] == wanted, f"{width}x{height} at {desktop.dpi} dpi"
    left, top, *outer = desktop.shape(window)
    assert outer[0] >= width and outer[1] >= height, f"{width}x{height} in {outer}"
    return [width, height]


def shares_keys(editor):
    """Presses keys in the editor that is open."""
    desktop = editor.desktop
    x, y, width, height = desktop.shape(desktop.window("^Synopsia$"))
    clock = [10 + CLOCK[0], 10 + CLOCK[1], *CLOCK[2:]]
    # Above the pointer.
    preview = [x + width // 4, y + height // 5, width // 4, height // 5]

    def is_playing():
        before = desktop.pixels(*clock)
        time.sleep(1)
        return desktop.pixels(*clock) != before

    def is_dark():
        # Black is 16.
        return max(desktop.pixels(*preview)) < 24

    desktop.do("mousemove", x + width // 3, y + height // 2, "click", 1)
    desktop.do("key", "space")
    until("the transport runs", is_playing)
    desktop.do("key", "space")
    until("the transport stands", lambda: not is_playing())
    assert not is_dark()
    desktop.do("key", "ctrl+alt+b")
    until("a blackout", is_dark)
    desktop.do("key", "ctrl+alt+b")
    until("light again", lambda: not is_dark())


def resizes(editor):
    """Sizes before and after of the editor that is open."""
    desktop = editor.desktop
    window = desktop.window(editor.EDITOR)
    sizes = [desktop.shape(window)[2:]]
    # Ardour makes no editor smaller than it was when it was opened.
    for by in ((100, 60), (-60, -40)):
        x, y, width, height = desktop.shape(window)
        inner = desktop.shape(desktop.window("^Synopsia$"))
        desktop.drag((inner[0] + inner[2] - 6, inner[1] + inner[3] - 6), by)
        wanted = [width + by[0], height + by[1]]
        # The editor counts in points, of which there may be fewer than pixels.
        near = lambda size: all(abs(a - b) <= 2 for a, b in zip(size, wanted))
        until(f"{wanted} after {[width, height]}", lambda: near(desktop.shape(window)[2:]))
        sizes.append(desktop.shape(window)[2:])
    return sizes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dpi", type=int, default=96)
    parser.add_argument("bundle", nargs="?", type=Path,
                        default=Path(__file__).parent / "../target/bundled/Synopsia.vst3")
    arguments = parser.parse_args()
    bundle = arguments.bundle.resolve()
    version, libraries = bounce.ardour()
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        session = work / "session"
        environment = bounce.prepare(work, bundle, version, libraries)
        (work / "session.lua").write_text(bounce.LUA)
        lua = [f"ardour{version}-lua", work / "session.lua", session, str(bounce.RATE), "1024"]
        bounce.run(lua, environment)
        config = work / f"config/ardour{version}"
        (config / f".a{version}").touch()
        (config / "config").write_text(CONFIG)
        environment.pop("WAYLAND_DISPLAY", None)
        desktop = Desktop(environment, arguments.dpi)
        try:
            ardour = desktop.start(["ardour", "-n", "-a", session / "session.ardour"])
            editor = Editor(desktop, ardour)
            seen, hidden = opens_and_hides(editor)
            size = fits(editor)
            shares_keys(editor)
            sizes = resizes(editor)
            editor.remove()
            until("nobody who watches", lambda: held(ardour)[2] == 0)
            time.sleep(2)
            assert ardour.poll() is None, "Ardour ended when the plugin was removed"
        finally:
            desktop.end()
    print(f"Ardour {version}: {OPENINGS} openings, {seen:.0%} of a core while the editor is seen, "
          f"{hidden:.0%} while it is hidden; {size} at {arguments.dpi} dpi, sizes {sizes}; keys are "
          "shared; the plugin is removed with it open")


if __name__ == "__main__":
    main()
