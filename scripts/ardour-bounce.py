#!/usr/bin/env python3
"""Lets Ardour export a session with the plugin on its master bus, and looks at what comes of it.

    scripts/ardour-bounce.py [BUNDLE]

BUNDLE is target/bundled/Synopsia.vst3 where none is named. Needs Ardour 7 or newer (its programs
ardourN-lua and ardourN-export), ffmpeg, and neither display nor sound card; leaves the user's own
Ardour alone. Exits with 0 when

* the export is the session's music, bit for bit, with the plugin as without it;
* with "Film bounce" there is one film, of the exported range, with its sound: Ardour may play a few
  silent samples before the range (7.3: 768), and a block beyond its end;
* without it there is none.

One export in ten, Ardour 7.3 itself ends with a crash ("double free", in the destructor of its
PortExportChannel), with the plugin and without: then this has to be run again.
"""

import array
import base64
import glob
import json
import math
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

RATE = 48_000
FPS = 10
BLOCK = 1024
MUSIC = 6 * RATE
# The exported range: in the middle of the music, at no round number.
START, END = 24_037, 24_037 + 3 * RATE + 500

# Ardour's superclock ticks by sample.
TICKS = 282_240_000 // RATE

LUA = """
local folder, rate = arg[1], tonumber (arg[2])
local backend = AudioEngine:set_backend ("None (Dummy)", "", "")
backend:set_sample_rate (rate)
backend:set_buffer_size (tonumber (arg[3]))
assert (AudioEngine:start (false) == 0)
local session = create_session (folder, "session", rate)
session:new_audio_track (2, 2, nil, 1, "Music", ARDOUR.PresentationInfo.max_order,
                         ARDOUR.TrackMode.Normal, true)
local plugin = ARDOUR.LuaAPI.new_plugin (session, "Synopsia", ARDOUR.PluginType.VST3, "")
assert (not plugin:isnil (), "Ardour does not find the plugin")
assert (session:master_out ():add_processor_by_index (plugin, 0, nil, true) == 0)
session:save_state ("")
close_session ()
"""


def ardour():
    """The version in the names of Ardour's programs, and the folder of its libraries."""
    for lua in sorted(glob.glob("/usr/bin/ardour*-lua"), reverse=True):
        version = re.search(r"ardour(\d+)-lua", lua)
        if version and os.path.isdir(f"/usr/lib/ardour{version[1]}"):
            return version[1], f"/usr/lib/ardour{version[1]}"
    sys.exit("Ardour is not installed: apt-get install ardour")


def run(command, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        sys.exit(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def prepare(work, bundle, version, libraries):
    """Gives Ardour a home of its own in the folder `work`, in which it knows the bundle, and what is
    to be in its environment."""
    home = work / "home"
    shutil.copytree(bundle, home / ".vst3/Synopsia.vst3")
    environment = os.environ | {
        "HOME": str(home), "NICE_LOG": "/dev/null",
        "XDG_CONFIG_HOME": str(work / "config"), "XDG_CACHE_HOME": str(work / "cache")}
    scanner = environment | {
        "LD_LIBRARY_PATH": libraries, "ARDOUR_DLL_PATH": libraries,
        "ARDOUR_CONFIG_PATH": f"/etc/ardour{version}",
        "ARDOUR_DATA_PATH": f"/usr/share/ardour{version}"}
    run([f"{libraries}/ardour-vst3-scanner", "-f", home / ".vst3/Synopsia.vst3"], scanner)
    return environment


def music():
    """Left and right: notes that are beaten four times a second, and noise."""
    noise = random.Random(1)
    def sample(i, pitch):
        note = math.sin(2 * math.pi * pitch * i / RATE)
        return 0.5 * (1 - 4 * i / RATE % 1) * note + 0.01 * (noise.random() - 0.5)
    return [array.array("f", (sample(i, pitch) for i in range(MUSIC))) for pitch in (440, 550)]


def write_wav(path, samples):
    data = samples.tobytes()
    form = struct.pack("<IHHIIHH", 16, 3, 1, RATE, 4 * RATE, 4, 32)
    head = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + form
    path.write_bytes(head + b"data" + struct.pack("<I", len(data)) + data)


def read_wav(path):
    """The bytes of a WAV file's samples."""
    file, at = path.read_bytes(), 12
    while at < len(file):
        length, = struct.unpack_from("<I", file, at + 4)
        if file[at:at + 4] == b"data":
            return file[at + 8:at + 8 + length]
        at += 8 + length + length % 2
    return b""


def with_setup(chunk, setup):
    """A VST3 preset with another setup in the component's state."""
    preset = base64.b64decode(chunk)
    # "VST3", version, class, and where the list of its parts is.
    end, = struct.unpack_from("<q", preset, 40)
    state = json.loads(preset[48:end])
    state["fields"]["setup"] = json.dumps(json.loads(state["fields"]["setup"]) | setup)
    state = json.dumps(state).encode()
    parts = struct.pack("<4sI4sqq", b"List", 1, b"Comp", 48, len(state))
    preset = preset[:40] + struct.pack("<q", 48 + len(state)) + state + parts
    return base64.b64encode(preset).decode()


def write_session(folder, name, setup):
    """Saves the session with the music and the range to export in it, as `name`. Without a setup it
    has no plugin."""
    session = (folder / "session.ardour").read_text()
    sources = "".join(
        f'<Source id="{9001 + i}" name="music%{side}.wav" take-id="" type="audio" flags="" '
        f'channel="0" origin="" gain="1"/>' for i, side in enumerate("LR"))
    region = (
        f'<Region id="9101" name="music" type="audio" muted="0" opaque="1" locked="0" '
        f'whole-file="0" start="a0" length="a{MUSIC * TICKS}@a0" channels="2" source-0="9001" '
        f'source-1="9002" master-source-0="9001" master-source-1="9002" default-fade-in="0" '
        f'default-fade-out="0" fade-in-active="0" fade-out-active="0" envelope-active="0" '
        f'scale-amplitude="1" first-edit="nothing" stretch="1" shift="1" layering-index="0"/>')
    location = (
        f'<Location id="9201" name="session" start="a{START * TICKS}" end="a{END * TICKS}" '
        f'flags="IsSessionRange" locked="0" timestamp="0"/>')
    session = session.replace("<Sources/>", f"<Sources>{sources}</Sources>")
    session = session.replace("<Locations/>", f"<Locations>{location}</Locations>")
    session = session.replace('session-range-is-free="1"', 'session-range-is-free="0"')
    session = re.sub(r'(<Playlist [^>]*name="Music"[^>]*)/>', rf"\1>{region}</Playlist>", session)
    if setup is None:
        session = re.sub(r'<Processor [^>]*name="Synopsia".*?</Processor>', "", session, flags=re.S)
    else:
        chunk = lambda found: f"<chunk>{with_setup(found[1], setup)}</chunk>"
        session = re.sub(r"<chunk>(.*?)</chunk>", chunk, session, flags=re.S)
    (folder / f"{name}.ardour").write_text(session)


def sound_of(film):
    """The left channel of a film's sound."""
    decode = ["ffmpeg", "-v", "error", "-i", film, "-map", "0:a", "-af", "pan=mono|c0=c0",
              "-f", "f32le", "-"]
    return array.array("f", subprocess.run(decode, check=True, capture_output=True).stdout)


def distance(sound, music):
    """How far they are apart at most, as long as both last."""
    return max(abs(a - b) for a, b in zip(sound, music))


def pictures_of(film):
    count = ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
             "stream=nb_read_frames", "-of", "csv=p=0", film]
    return int(subprocess.run(count, check=True, capture_output=True, text=True).stdout)


def main():
    bundle = Path(sys.argv[1] if len(sys.argv) > 1 else
                  Path(__file__).parent / "../target/bundled/Synopsia.vst3").resolve()
    version, libraries = ardour()
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        session, films = work / "session", work / "films"
        films.mkdir()
        environment = prepare(work, bundle, version, libraries)
        (work / "session.lua").write_text(LUA)
        lua = f"ardour{version}-lua"
        run([lua, work / "session.lua", session, str(RATE), str(BLOCK)], environment)
        left, right = music()
        audio = session / "interchange/session/audiofiles"
        write_wav(audio / "music%L.wav", left)
        write_wav(audio / "music%R.wav", right)
        film = {"film": {"folder": str(films), "size": [160, 90], "fps": FPS}}
        exports = {"without": None, "unarmed": film, "armed": film | {"bounce_armed": True}}
        wanted = array.array("f", (s for i in range(START, END) for s in (left[i], right[i])))
        for name, setup in exports.items():
            write_session(session, name, setup)
            export = work / f"{name}.wav"
            run([f"ardour{version}-export", "-b", "float", "-o", export, session, name],
                environment)
            assert read_wav(export) == wanted.tobytes(), f"{name}: the export is not the music"
            made = sorted(films.iterdir())
            assert len(made) == (name == "armed"), f"{name}: {made}"
        pictures, sound = pictures_of(made[0]), sound_of(made[0])
        early = min(range(BLOCK), key=lambda early: distance(sound[early:][:BLOCK], left[START:]))
        length = early + END - START
        least, most = (math.ceil(n * FPS / RATE) for n in (length, length + BLOCK))
        assert least <= pictures <= most, f"{pictures} pictures instead of {least} to {most}"
        assert len(sound) >= length, f"{len(sound)} samples of sound instead of {length}"
        # What AAC takes away is less than a tenth of the music, but for its last frame's.
        off = distance(sound[:length - BLOCK], [0] * early + list(left[START:END]))
        assert off < 0.05, f"the film's sound is off by {off}"
    print(f"Ardour {version} exports bit for bit; the film has {early} silent samples and "
          f"the range, {pictures} pictures, and its sound is off by {off:.4f} at most")


if __name__ == "__main__":
    main()
