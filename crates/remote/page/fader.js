// Controls of every kind, made from what the stage says of them.

// From the first move of a finger on, it is a fader that moves; before, it may be a page that scrolls.
const SLACK = 6;
// What the stage tells of a control that was just moved here is older than the hand.
const OWN = 400;

function make(tag, name, parent) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  parent?.append(element);
  return element;
}

// A number: a finger moves it by as much as it moves, so that touching it changes nothing.
function fader(info, wire) {
  const element = make("div", "fader");
  element.tabIndex = 0;
  element.setAttribute("role", "slider");
  element.setAttribute("aria-label", info.name);
  element.setAttribute("aria-valuemin", "0");
  element.setAttribute("aria-valuemax", "100");
  element.title = info.hint;
  const bar = make("i", "", element);
  make("span", "", element).textContent = info.name;
  const value = make("b", "", element);
  const whole = info.kind === "whole" ? 1 / Math.max(1, info.max - info.min) : 0;
  let share = 0;
  let movedAt = -OWN;
  let drag = null;
  let tappedAt = 0;
  const draw = (text) => {
    bar.style.width = `${100 * share}%`;
    if (text !== undefined) value.textContent = text;
    element.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    element.setAttribute("aria-valuetext", value.textContent);
  };
  const move = (to) => {
    share = Math.max(0, Math.min(1, to));
    if (whole) share = Math.round(share / whole) * whole;
    movedAt = performance.now();
    wire.set(info.id, Math.round(share * 1e4) / 1e4);
    draw();
  };
  element.addEventListener("pointerdown", (e) => {
    if (e.button) return;
    drag = { pointer: e.pointerId, x: e.clientX, share, moving: false };
  });
  element.addEventListener("pointermove", (e) => {
    if (drag?.pointer !== e.pointerId) return;
    const way = e.clientX - drag.x;
    if (!drag.moving && Math.abs(way) > SLACK) {
      drag = { ...drag, x: drag.x + Math.sign(way) * SLACK, moving: true };
      element.setPointerCapture(e.pointerId);
      element.classList.add("held");
    }
    if (drag.moving) move(drag.share + (e.clientX - drag.x) / element.clientWidth);
  });
  const end = (e) => {
    if (drag?.pointer !== e.pointerId) return;
    const tapped = e.type === "pointerup" && !drag.moving;
    drag = null;
    element.classList.remove("held");
    if (!tapped) return;
    // Two taps bring it back to where it usually stands.
    if (e.timeStamp - tappedAt < 350) { wire.plain(info.id, info.default); tappedAt = 0; } else tappedAt = e.timeStamp;
  };
  for (const type of ["pointerup", "pointercancel"]) element.addEventListener(type, end);
  element.addEventListener("keydown", (e) => {
    const step = whole || (e.shiftKey ? 0.01 : 0.05);
    const to = { ArrowLeft: share - step, ArrowDown: share - step, ArrowRight: share + step, ArrowUp: share + step, Home: 0, End: 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    move(to);
  });
  return {
    element,
    show([to, text]) {
      if (drag?.moving || performance.now() - movedAt < OWN) return draw(text);
      share = to;
      draw(text);
    },
  };
}

function toggle(info, wire) {
  const element = make("button", "switch");
  element.textContent = info.name;
  element.title = info.hint;
  let on = false;
  element.addEventListener("click", () => wire.plain(info.id, on ? 0 : 1));
  return { element, show([, , plain]) { on = plain >= 0.5; element.setAttribute("aria-pressed", String(on)); } };
}

function choice(info, wire) {
  const element = make("label", "choice");
  element.title = info.hint;
  make("span", "", element).textContent = info.name;
  const select = make("select", "", element);
  for (const [plain, name] of info.choices) make("option", "", select).append(name), select.lastChild.value = plain;
  select.addEventListener("change", () => wire.plain(info.id, Number(select.value)));
  return { element, show([, , plain]) { if (document.activeElement !== select || select.value !== String(plain)) select.value = String(plain); } };
}

// A few choices beside one another.
function segments(info, wire) {
  const element = make("div", "row");
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", info.name);
  const buttons = info.choices.map(([plain, name]) => {
    const button = make("button", "", element);
    button.textContent = name;
    button.addEventListener("click", () => wire.plain(info.id, plain));
    return [plain, button];
  });
  return { element, show([, , plain]) { for (const [own, button] of buttons) button.setAttribute("aria-pressed", String(own === plain)); } };
}

export function control(info, wire) {
  if (info.kind === "switch") return toggle(info, wire);
  if (info.kind === "choice") return choice(info, wire);
  return fader(info, wire);
}

export { make, segments };
