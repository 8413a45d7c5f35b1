// The page: what is told is shown, what is touched is said.

import { Wire } from "./wire.js";
import { Pad } from "./pad.js";
import { Presets, controls } from "./lists.js";
import { make, segments } from "./fader.js";

const $ = (id) => document.getElementById(id);
const body = document.body;

// The switches of the stage, and what is pressed beside them, in large.
const STAGE = [["blackout", "Blackout"], ["freeze", "Freeze"], ["panic", "Panic"]];
const SOURCE = "emotion-source";
const PRESSED = [["seed", "New seed"], ["still", "Keep still"], ["halve", "Tempo ½"], ["double", "Tempo ×2"], ["untap", "Hear beats"]];

let parts = new Map();
let values = new Map();
let problem = null;
let toastEnd = 0;

const wire = new Wire({
  pairing(sentence) {
    body.dataset.state = "pairing";
    $("refused").textContent = sentence;
    $("code").focus();
  },
  lost() { if (body.dataset.state !== "pairing") body.dataset.state = "lost"; },
  hello,
  presets: (all) => presets.show(all),
  news,
  no: toast,
});
const pad = new Pad($("pad"), (point) => wire.hold(point));
const presets = new Presets($("presets"), (name) => { wire.preset(name); buzz(); });

function toast(sentence) {
  $("toast").textContent = sentence;
  $("toast").classList.add("seen");
  clearTimeout(toastEnd);
  toastEnd = setTimeout(() => $("toast").classList.remove("seen"), 3500);
}

const buzz = () => navigator.vibrate?.(8);

// Does it when the finger comes down, not when it leaves; a keyboard's click has no finger.
function onPress(button, act) {
  button.addEventListener("pointerdown", (e) => { if (!e.button) { act(); buzz(); } });
  button.addEventListener("click", (e) => { if (e.detail === 0) act(); });
}

function part(id, made) { parts.set(id, [...(parts.get(id) ?? []), made]); }

function hello(told) {
  document.title = told.hello;
  parts = new Map();
  values = new Map();
  body.dataset.state = "live";
  pad.classes = told.classes;
  const infos = told.controls;
  const known = new Map(infos.map((info) => [info.id, info]));

  $("source").replaceChildren();
  if (known.has(SOURCE)) {
    const made = segments(known.get(SOURCE), wire);
    $("source").append(...made.element.children);
    part(SOURCE, made);
  }

  $("stage").replaceChildren();
  for (const [id, name] of STAGE.filter(([id]) => known.has(id))) {
    const button = make("button", "", $("stage"));
    button.textContent = name;
    button.dataset.id = id;
    let on = false;
    onPress(button, () => wire.plain(id, on ? 0 : 1));
    part(id, { show([, , plain]) { on = plain >= 0.5; button.setAttribute("aria-pressed", String(on)); } });
  }
  const tap = make("button", "", $("stage"));
  tap.textContent = "Tap";
  tap.dataset.id = "tap";
  onPress(tap, () => {
    wire.press("tap");
    tap.classList.add("hit");
    setTimeout(() => tap.classList.remove("hit"), 90);
  });

  controls($("play"), infos.filter((info) => info.favourite), wire, part, false);
  const row = make("div", "row", $("play"));
  for (const [id, name] of PRESSED) {
    const button = make("button", "", row);
    button.textContent = name;
    onPress(button, () => wire.press(id));
  }
  controls($("all"), infos, wire, part, true);
}

function news(told) {
  for (const [id, value] of Object.entries(told.set)) {
    values.set(id, value);
    for (const made of parts.get(id) ?? []) made.show(value);
  }
  hear(told.heard);
}

function hear(heard) {
  const own = ["valence", "arousal"].map((id) => values.get(id)?.[2]);
  const isPlayed = (values.get(SOURCE)?.[2] ?? 0) >= 0.5 && own.every((x) => x !== undefined);
  pad.show(heard?.mood ?? null, heard?.shown ?? null, isPlayed ? own : null, heard?.certainty ?? 0);
  const weights = heard?.classes ?? [];
  pad.classes.forEach((c, i) => { c[3] = weights[i]; });
  const most = weights.indexOf(Math.max(...weights));
  write($("mood"), heard && most >= 0 ? pad.classes[most]?.[0] ?? "" : "listening");
  const [number, from] = $("tempo").children;
  write(number, heard?.tempo ? heard.tempo.toFixed(1) : "");
  // That it is heard goes without saying.
  const whose = heard?.from && heard.from !== "heard" ? `, ${heard.from}` : "";
  write(from, heard?.tempo ? `bpm${whose}` : "");
  write($("section"), heard?.section ?? "");
  $("held").hidden = !heard?.held;
  beats(heard?.beat);
  if (heard && heard.problem !== problem) {
    if (heard.problem && problem !== null) toast(heard.problem);
    problem = heard.problem;
  }
}

function write(element, text) { if (element.textContent !== text) element.textContent = text; }

function beats(beat) {
  const [, now, all] = beat ?? [0, 0, 0];
  const row = $("beats");
  const dots = Math.min(all, 12);
  if (row.childElementCount !== dots) row.replaceChildren(...Array.from({ length: dots }, () => make("i")));
  [...row.children].forEach((dot, i) => dot.classList.toggle("now", i + 1 === now));
}

function turn(tab) {
  body.dataset.tab = tab;
  for (const button of document.querySelectorAll("nav button")) button.setAttribute("aria-current", String(button.dataset.tab === tab));
  document.querySelector("main").scrollTop = 0;
}
for (const button of document.querySelectorAll("nav button")) button.addEventListener("click", () => turn(button.dataset.tab));
turn("play");

$("pairing").addEventListener("submit", (event) => {
  event.preventDefault();
  $("code").blur();
  wire.pair($("code").value.replace(/\D/g, ""));
});
// A double tap is two taps, not a magnifying glass; two fingers still magnify.
document.addEventListener("dblclick", (event) => event.preventDefault());

wire.start();
