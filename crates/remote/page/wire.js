// The connection to the stage: pairing, the WebSocket, and that it comes back by itself.

const PROTOCOL = "synopsia.remote";
const NOT_PAIRED = 4401;
// A stage tells something many times a second: what is silent for so long has gone.
const SILENCE = 2500;
// A hand that stays where it is says so, or it would be taken for gone.
const STILL_HELD = 300;
// From one message of moves to the next, milliseconds: no display shows more.
const MOVES = 15;
const LONGEST_PAUSE = 3000;

const kept = {
  // Some browsers keep nothing, and say so by failing.
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* it is asked for again */ } },
};

export class Wire {
  // `on` has a function for each state, and for what is told.
  constructor(on) {
    this.on = on;
    this.socket = null;
    this.pause = 250;
    this.moves = { set: {}, plain: {} };
    this.point = undefined;
    this.held = null;
    this.heldAt = 0;
    this.movedAt = 0;
    this.heardAt = 0;
    this.retry = 0;
    setInterval(() => this.watch(), 100);
    const again = () => { if (document.visibilityState === "visible" && !this.isOpen()) this.connect(); };
    addEventListener("online", again);
    addEventListener("pageshow", again);
    document.addEventListener("visibilitychange", again);
  }

  isOpen() { return this.socket?.readyState === WebSocket.OPEN; }

  start() {
    // A code that a camera has read.
    const scanned = /^#(\d{6,12})$/.exec(location.hash);
    if (scanned) {
      history.replaceState(null, "", location.pathname);
      this.pair(scanned[1]);
    } else if (kept.get("token")) this.connect();
    else this.on.pairing("");
  }

  async pair(code, isRemembered = false) {
    let sentence;
    try {
      const answer = await fetch("/pair", { method: "POST", body: JSON.stringify({ code }) });
      const said = answer.status < 500 ? await answer.json() : {};
      if (answer.ok) {
        kept.set("token", said.token);
        kept.set("code", code);
        return this.connect();
      }
      if (said.wait) sentence = `Too many wrong codes. Try again in ${said.wait} seconds.`;
      else if (answer.status === 403) sentence = isRemembered ? "" : "That is not the code.";
      else sentence = "The stage could not answer.";
    } catch {
      sentence = "Synopsia is not reached. Is this phone in the same network?";
    }
    kept.set("code", null);
    this.on.pairing(sentence);
  }

  connect() {
    clearTimeout(this.retry);
    const token = kept.get("token");
    if (!token) return this.on.pairing("");
    this.drop();
    const socket = new WebSocket(`ws://${location.host}/live`, [PROTOCOL, token]);
    this.socket = socket;
    this.heardAt = performance.now();
    socket.onmessage = (event) => { if (socket === this.socket) this.hear(event.data); };
    socket.onclose = (event) => { if (socket === this.socket) this.lose(event.code); };
  }

  drop() {
    const old = this.socket;
    this.socket = null;
    if (old) { old.onmessage = old.onclose = null; old.close(); }
  }

  lose(code) {
    this.drop();
    this.moves = { set: {}, plain: {} };
    this.held = null;
    this.point = undefined;
    if (code === NOT_PAIRED) {
      kept.set("token", null);
      const code = kept.get("code");
      // The program was started anew, perhaps with the same code.
      return code ? this.pair(code, true) : this.on.pairing("");
    }
    this.on.lost();
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(this.pause * 1.7, LONGEST_PAUSE);
  }

  hear(text) {
    this.heardAt = performance.now();
    const told = JSON.parse(text);
    if (told.hello !== undefined) { this.pause = 250; this.on.hello(told); }
    if (told.presets) this.on.presets(told.presets);
    if (told.n !== undefined) { this.say({ ack: told.n }); this.on.news(told); }
    if (told.no) this.on.no(told.no);
  }

  say(object) { if (this.isOpen()) this.socket.send(JSON.stringify(object)); }

  // A share of a control's range; of moves that come faster than they can be sent, the last one counts.
  set(id, share) { this.moves.set[id] = share; this.flush(); }

  plain(id, value) { this.moves.plain[id] = value; this.flush(); }

  // The pad is held there, or let go (null).
  hold(point) { this.point = point; this.flush(); }

  press(button) { this.say({ press: button }); }

  preset(name) { this.say({ preset: name }); }

  flush() {
    const now = performance.now();
    const isMoved = this.point !== undefined || Object.keys(this.moves.set).length || Object.keys(this.moves.plain).length;
    // What is let go is let go at once.
    const isDue = now - this.movedAt >= MOVES || this.point === null;
    if (!isMoved || !isDue || !this.isOpen() || this.socket.bufferedAmount > 8192) return;
    const object = {};
    for (const key of ["set", "plain"]) if (Object.keys(this.moves[key]).length) object[key] = this.moves[key];
    if (this.point !== undefined) {
      object.pad = this.point;
      this.held = this.point;
      this.heldAt = now;
    }
    this.say(object);
    this.moves = { set: {}, plain: {} };
    this.point = undefined;
    this.movedAt = now;
  }

  watch() {
    const now = performance.now();
    if (!this.socket) return;
    if (now - this.heardAt > SILENCE) return this.lose(0);
    if (this.held && this.point === undefined && now - this.heldAt > STILL_HELD) this.point = this.held;
    this.flush();
  }
}
