#!/usr/bin/env python3
"""Writes a surface for Open Stage Control from the controls that there are.

    synopsia controls --json | python3 scripts/osc-surface.py > plugin-assets/osc/synopsia.json
"""

import json
import sys

WIDTH, HEIGHT = 1280, 800
PAD, FADER, BUTTON = 380, 76, 56
STAGE = ["blackout", "freeze", "panic", "emotion-hold", "tap", "untap", "still", "seed"]
FADERS = [
    "emotion-blend", "mood-strength", "latent-speed", "beat-strength", "onset-push", "bass-motion", "truncation", "downbeat",
    "trails", "brush", "saturation", "brightness", "zoom", "rotation", "grain", "flash",
]


def widget(kind, name, left, top, width, height, **more):
    return {"type": kind, "id": name, "left": left, "top": top, "width": width, "height": height, **more}


def main():
    controls = {control["id"]: control for control in json.load(sys.stdin)}
    address = "/synopsia/1/"
    widgets = [
        widget("text", "mood_title", 20, 10, PAD, 30, default="Mood: unpleasant to pleasant, calm to excited"),
        widget("xy", "mood", 20, 44, PAD, PAD, rangeX={"min": -1, "max": 1}, rangeY={"min": -1, "max": 1},
               address=address + "mood", default=[0, 0], snap=True),
        widget("switch", "emotion-source", 20, 44 + PAD + 10, PAD, BUTTON, address=address + "emotion-source",
               values={"Heard": 0, "Manual": 1, "Blend": 2}, layout="horizontal", default=0),
    ]
    for n, name in enumerate(STAGE):
        switch = name in controls
        left, top = 20 + (n % 4) * (PAD // 4), 44 + PAD + 20 + BUTTON + (n // 4) * (BUTTON + 8)
        widgets.append(widget(
            "button", name, left, top, PAD // 4 - 8, BUTTON, label=name.replace("-", " "), mode="toggle" if switch else "tap",
            address=address + name, on=1, off=0))
    columns = 8
    high = (HEIGHT - 60) // 2
    for n, name in enumerate(FADERS):
        low, most = controls[name]["min"], controls[name]["max"]
        left, top = 440 + (n % columns) * (FADER + 26), 44 + (n // columns) * high
        widgets.append(widget("fader", name, left, top, FADER, high - 60, address=address + name, range={"min": low, "max": most},
                              default=controls[name]["default"], doubleTap=True))
        widgets.append(widget("text", name + "_title", left - 12, top + high - 58, FADER + 24, 26, default=controls[name]["name"]))
    session = {"version": "1.25.0", "type": "session", "content": {
        "type": "root", "id": "root", "width": WIDTH, "height": HEIGHT, "widgets": widgets, "tabs": []}}
    json.dump(session, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
