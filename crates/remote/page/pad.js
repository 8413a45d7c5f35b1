// The mood as a plane: unpleasant to pleasant, calm to excited.

const MARGIN = 14;
const TRAIL = 60;
const STEP = 0.05;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export class Pad {
  constructor(element, hold) {
    this.element = element;
    this.canvas = element.querySelector("canvas");
    this.hold = hold;
    this.hands = new Map();
    this.keys = null;
    this.classes = [];
    this.heard = null;
    this.shown = null;
    this.own = null;
    this.certainty = 0;
    this.trail = [];
    this.colours = Object.fromEntries(["line", "faint", "label", "text", "heard", "hand"].map((c) => [c, colour(c)]));
    element.addEventListener("pointerdown", (e) => { e.preventDefault(); element.focus({ preventScroll: true }); this.keys = null; element.setPointerCapture(e.pointerId); this.touch(e); });
    element.addEventListener("pointermove", (e) => { if (this.hands.has(e.pointerId)) this.touch(e); });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) element.addEventListener(end, (e) => this.leave(e.pointerId));
    element.addEventListener("contextmenu", (e) => e.preventDefault());
    element.addEventListener("keydown", (e) => this.key(e));
    element.addEventListener("blur", () => this.letGo());
    // Whoever looks elsewhere plays no more.
    addEventListener("blur", () => this.letGo());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.letGo(); });
    new ResizeObserver(() => this.draw()).observe(element);
  }

  // Where the newest finger is, or the keys have led.
  hand() { return this.keys ?? [...this.hands.values()].at(-1) ?? null; }

  touch(event) {
    const box = this.element.getBoundingClientRect();
    const side = box.width - 2 * MARGIN;
    const within = (x) => Math.max(-1, Math.min(1, x));
    const point = [within(2 * (event.clientX - box.left - MARGIN) / side - 1), within(1 - 2 * (event.clientY - box.top - MARGIN) / side)];
    this.hands.set(event.pointerId, point);
    this.steer();
  }

  leave(pointer) {
    if (this.hands.delete(pointer)) this.steer();
  }

  letGo() {
    const was = this.hand();
    this.hands.clear();
    this.keys = null;
    if (was) this.steer();
  }

  key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (event.key === "Escape") return this.letGo();
    if (!way) return;
    event.preventDefault();
    const from = this.hand() ?? this.shown ?? [0, 0];
    this.keys = from.map((x, i) => Math.max(-1, Math.min(1, x + STEP * way[i])));
    this.steer();
  }

  steer() {
    const hand = this.hand();
    this.element.classList.toggle("held", hand !== null);
    this.hold(hand && hand.map((x) => Math.round(x * 1e3) / 1e3));
    this.draw();
  }

  // What is told: the mood that is heard and the one that is seen, and where the hand's mood stands.
  show(heard, shown, own, certainty) {
    [this.heard, this.shown, this.own, this.certainty] = [heard, shown, own, certainty];
    if (heard) this.trail.push(heard);
    if (!heard || this.trail.length > TRAIL) this.trail.shift();
    this.draw();
  }

  draw() {
    if (this.due) return;
    this.due = requestAnimationFrame(() => { this.due = 0; this.paint(); });
  }

  paint() {
    const dots = devicePixelRatio || 1;
    const side = this.element.clientWidth;
    if (!side) return;
    const wanted = Math.round(side * dots);
    if (this.canvas.width !== wanted) this.canvas.width = this.canvas.height = wanted;
    const g = this.canvas.getContext("2d");
    const { line, faint, label, text, heard, hand } = this.colours;
    g.setTransform(dots, 0, 0, dots, 0, 0);
    g.clearRect(0, 0, side, side);
    const at = ([v, a]) => [MARGIN + (v + 1) / 2 * (side - 2 * MARGIN), MARGIN + (1 - a) / 2 * (side - 2 * MARGIN)];
    const middle = side / 2;
    const radius = middle - MARGIN;
    const circle = (x, y, r) => { g.beginPath(); g.arc(x, y, r, 0, 2 * Math.PI); };
    g.lineWidth = 1;
    g.strokeStyle = line;
    circle(middle, middle, radius); g.stroke();
    circle(middle, middle, radius / 2); g.stroke();
    g.beginPath(); g.moveTo(middle, MARGIN); g.lineTo(middle, side - MARGIN); g.moveTo(MARGIN, middle); g.lineTo(side - MARGIN, middle); g.stroke();

    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const size = Math.max(10, Math.min(rem * 0.85, side / 20));
    g.font = `${size}px Inter, system-ui, sans-serif`;
    g.textBaseline = "middle";
    const most = Math.max(...this.classes.map((c) => c[3] ?? 0));
    const glow = (point, colour, r, light) => {
      const [x, y] = at(point);
      const ball = g.createRadialGradient(x, y, 0, x, y, r);
      ball.addColorStop(0, colour + light);
      ball.addColorStop(1, colour + "00");
      g.fillStyle = ball;
      g.fillRect(x - r, y - r, 2 * r, 2 * r);
    };
    // What is heard shines as far as it is sure, and each emotion as far as it is heard.
    if (this.heard) glow(this.heard, heard, side * (0.12 + 0.16 * this.certainty), "66");
    if (this.hand()) glow(this.hand(), hand, side * 0.3, "55");
    if (side > 150) for (const [name, v, a, weight] of this.classes) {
      const [x, y] = at([v, a]);
      const wide = g.measureText(name).width / 2 + 6;
      g.textAlign = "center";
      const share = weight ? weight / most : 0;
      g.fillStyle = share > 0.999 ? text : label;
      g.globalAlpha = 0.8 + 0.2 * share;
      g.fillText(name, Math.max(wide, Math.min(side - wide, x)), Math.max(size, Math.min(side - size, y)));
      g.globalAlpha = 1;
    }
    g.fillStyle = faint;
    if (side > 230) {
      g.font = `${size * 0.85}px Inter, system-ui, sans-serif`;
      g.textAlign = "left"; g.fillText("unpleasant, calm", 8, side - 12);
      g.textAlign = "right"; g.fillText("pleasant, calm", side - 8, side - 12);
      g.textAlign = "left"; g.fillText("unpleasant, excited", 8, 12);
      g.textAlign = "right"; g.fillText("pleasant, excited", side - 8, 12);
    }

    g.strokeStyle = g.fillStyle = heard;
    this.trail.forEach((point, i) => {
      if (!i) return;
      g.globalAlpha = 0.6 * i / this.trail.length;
      g.lineWidth = 2;
      g.beginPath(); g.moveTo(...at(this.trail[i - 1])); g.lineTo(...at(point)); g.stroke();
    });
    g.globalAlpha = 1;
    if (this.heard) { circle(...at(this.heard), 6); g.fill(); }
    if (this.shown) { g.strokeStyle = text; g.lineWidth = 2.5; circle(...at(this.shown), 10); g.stroke(); }
    const own = this.hand();
    g.strokeStyle = hand;
    if (own) {
      // As long as the pad, so that it is seen beside the finger.
      const [x, y] = at(own);
      g.lineWidth = 1.5;
      g.globalAlpha = 0.7;
      g.beginPath(); g.moveTo(x, 0); g.lineTo(x, side); g.moveTo(0, y); g.lineTo(side, y); g.stroke();
      g.globalAlpha = 1;
      g.lineWidth = 3;
      circle(x, y, Math.min(34, side / 7)); g.stroke();
    } else if (this.own) {
      const [x, y] = at(this.own);
      g.lineWidth = 2;
      circle(x, y, 8); g.stroke();
      g.beginPath(); g.moveTo(x - 13, y); g.lineTo(x + 13, y); g.moveTo(x, y - 13); g.lineTo(x, y + 13); g.stroke();
    }
  }
}
