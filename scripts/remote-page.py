#!/usr/bin/env python3
"""Plays the remote page in a browser, as phones and tablets have it, and keeps what is seen.

    python3 scripts/remote-page.py http://127.0.0.1:7700 CODE OUT

Needs chromium and playwright (pip install playwright), and a page at that address: that of
`cargo run -p synopsia-remote --example made_up_stage -- 7700 271828`, or of `synopsia live --remote`. It fails where
something does not fit, is too small for a finger, or does not do what it says; pictures are in OUT.
"""

import shutil
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

# Name, width and height in the page's own pixels, and how many of a screen's there are to one of them.
SCREENS = [
    ("phone-portrait", 390, 844, 2),
    ("phone-landscape", 844, 390, 2),
    ("small-portrait", 320, 568, 2),
    ("tablet-landscape", 1180, 820, 1),
    ("tablet-portrait", 820, 1180, 1),
    # At 200 % half as much room is left.
    ("phone-portrait-200", 195, 422, 4),
    ("phone-landscape-200", 422, 195, 4),
    ("tablet-portrait-200", 410, 590, 2),
    ("tablet-landscape-200", 590, 410, 2),
]

# The least that a finger meets, CSS pixels (WCAG 2.5.8 asks for 24, 2.5.5 for 44).
LEAST = 38

FITS = """() => {
  const found = [];
  const seen = (e) => e.offsetParent !== null && getComputedStyle(e).visibility !== 'hidden';
  for (const e of document.querySelectorAll('button, input, select, .fader, #pad')) {
    if (!seen(e)) continue;
    const b = e.getBoundingClientRect();
    const name = e.textContent.trim() || e.id;
    if (Math.min(b.width, b.height) < LEAST) found.push(`${name}: ${b.width.toFixed()} x ${b.height.toFixed()}`);
    if (b.left < -0.5 || b.right > innerWidth + 0.5) found.push(`${name}: beside the screen`);
    const scrolled = e.closest('main');
    if (!scrolled && (b.top < -0.5 || b.bottom > innerHeight + 0.5)) found.push(`${name}: below the screen`);
    if (e.tagName === 'BUTTON' && e.scrollWidth > e.clientWidth + 1) found.push(`${name}: cut`);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push('scrolls sideways');
  const main = document.querySelector('main').getBoundingClientRect();
  if (main.height < 60) found.push(`only ${main.height.toFixed()} are left for what is chosen`);
  return found;
}""".replace("LEAST", str(LEAST))


def value(page, name):
    """What a fader of that name shows."""
    return page.locator(f"#play .fader:has-text('{name}') b").inner_text()


def wait_for(what, is_so, seconds=5):
    begin = time.monotonic()
    while not is_so():
        assert time.monotonic() - begin < seconds, what
        time.sleep(0.02)
    return time.monotonic() - begin


def play(browser, url, code, out):
    """What a hand does, and what it does to another phone's page."""
    options = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
    one, other = browser.new_context(**options), browser.new_context(**options)
    page, second = one.new_page(), other.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(url)
    page.wait_for_selector("#pairing:visible")
    page.screenshot(path=out / "pairing.png")
    page.fill("#code", "000001" if code != "000001" else "000002")
    page.click("#pairing button")
    page.wait_for_selector("#refused:has-text('not the code')")
    # A browser tells in its console that a request was refused, as it was to be.
    errors.clear()
    page.fill("#code", code)
    page.click("#pairing button")
    page.wait_for_selector("body[data-state=live]")
    # The other one comes by the camera's address.
    second.goto(f"{url}/#{code}")
    second.wait_for_selector("body[data-state=live]")
    assert code not in second.url, "the code stays in the address"
    print("paired by the code and by the QR code's address")

    fader = page.locator("#play .fader").first
    name = fader.locator("span").inner_text()
    before = value(page, name)
    box = fader.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 20)
    page.mouse.down()
    assert value(page, name) == before, "a touch alone moves a fader"
    for step in range(30):
        page.mouse.move(box["x"] + box["width"] * (0.7 - 0.01 * step), box["y"] + 20)
    page.mouse.up()
    wait_for("the fader moves", lambda: value(page, name) != before)
    took = wait_for("the other page follows", lambda: value(second, name) == value(page, name))
    print(f"a fader moved here is seen there ({name}: {before} to {value(page, name)}; {1000 * took:.0f} ms after)")

    for button in ["blackout", "freeze", "panic"]:
        on = lambda where: where.get_attribute(f"#stage button[data-id={button}]", "aria-pressed")
        was = on(page)
        page.tap(f"#stage button[data-id={button}]")
        wait_for(f"{button} is on", lambda: on(page) != was and on(second) == on(page))
        page.tap(f"#stage button[data-id={button}]")
        wait_for(f"{button} is off", lambda: on(second) == was)
    print("blackout, freeze and panic go on and off, here and there")
    for _ in range(4):
        page.tap("#stage button[data-id=tap]")

    for button in ["blackout", "freeze", "panic"]:
        page.tap(f"#stage button[data-id={button}]")
    page.tap("nav button[data-tab=all]")
    time.sleep(0.3)
    page.screenshot(path=out / "on.png")
    for button in ["blackout", "freeze", "panic"]:
        page.tap(f"#stage button[data-id={button}]")
    page.tap("nav button[data-tab=play]")

    source = lambda where: where.locator("#source button[aria-pressed=true]").inner_text()
    was = source(second)
    pad = page.locator("#pad").bounding_box()
    page.mouse.move(pad["x"] + 0.3 * pad["width"], pad["y"] + 0.3 * pad["height"])
    page.mouse.down()
    page.mouse.move(pad["x"] + 0.75 * pad["width"], pad["y"] + 0.3 * pad["height"], steps=10)
    time.sleep(2.2)
    page.screenshot(path=out / "held.png")
    held = source(second)
    assert held != "Heard", "the pad does not steer"
    page.mouse.up()
    wait_for("the pad is let go", lambda: source(second) == was)
    print(f"the pad steers for as long as it is held: {was}, {held}, {was}")
    page.mouse.down()
    wait_for("the pad steers", lambda: source(second) == held)
    one.set_offline(True)
    page.close()
    took = wait_for("what was held is let go when the phone has gone", lambda: source(second) == was)
    print(f"a phone that goes while it holds the pad lets go of it ({took:.2f} s)")
    one.set_offline(False)
    page = one.new_page()
    page.goto(url)
    page.wait_for_selector("body[data-state=live]")
    print("a phone that comes back needs no code")

    page.click("nav button[data-tab=presets]")
    looks = page.locator("#looks button:visible")
    all_looks, last = looks.count(), looks.last.inner_text().split("\n")[0]
    page.fill("#search", last[:4])
    wait_for("presets are sifted", lambda: 0 < looks.count() < all_looks)
    looks.first.tap()
    page.fill("#search", "no such preset")
    page.wait_for_selector("#none:visible")
    page.fill("#search", "")
    print(f"{all_looks} presets, found by their first letters")
    assert not errors, errors
    one.close()
    other.close()


def look(browser, url, code, out):
    """Every page on every screen."""
    faults = []
    for name, width, height, dots in SCREENS:
        context = browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=dots, has_touch=True, is_mobile=True
        )
        page = context.new_page()
        page.goto(f"{url}/#{code}")
        page.wait_for_selector("body[data-state=live]")
        page.wait_for_selector("#play .fader")
        time.sleep(1.5)
        for tab in ["play", "presets", "all"]:
            page.tap(f"nav button[data-tab={tab}]")
            time.sleep(0.2)
            faults += [f"{name}, {tab}: {fault}" for fault in page.evaluate(FITS)]
            page.screenshot(path=out / f"{name}-{tab}.png")
        context.close()
    return faults


def lost(browser, url, code, out):
    """What a page shows that has lost its stage, and that it comes back."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True)
    page = context.new_page()
    # Stands between the page and the stage, and cuts.
    routed = []
    page.route_web_socket("**/live", lambda ws: routed.append((ws, ws.connect_to_server())))
    page.goto(f"{url}/#{code}")
    page.wait_for_selector("body[data-state=live]")
    ws, _ = routed[-1]
    ws.on_message(lambda _: None)
    routed[-1][1].on_message(lambda _: None)
    took = wait_for("silence is noticed", lambda: page.locator("#lost").is_visible())
    page.screenshot(path=out / "lost.png")
    print(f"a stage that falls silent is told in {took:.1f} s")
    took = wait_for("it comes back", lambda: page.get_attribute("body", "data-state") == "live", 10)
    print(f"and the page comes back by itself in {took:.1f} s")
    context.close()


def main():
    url, code, out = sys.argv[1].rstrip("/"), sys.argv[2], Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        play(browser, url, code, out)
        lost(browser, url, code, out)
        faults = look(browser, url, code, out)
        browser.close()
    for fault in faults:
        print(fault)
    print(f"looked at {len(SCREENS)} screens: {out}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
