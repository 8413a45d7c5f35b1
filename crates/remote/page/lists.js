// What there is to choose: presets, and all controls by their groups.

import { control, make } from "./fader.js";

const plainLetters = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

export class Presets {
  constructor(section, load) {
    this.list = section.querySelector("#looks");
    this.none = section.querySelector("#none");
    this.search = section.querySelector("#search");
    this.load = load;
    this.all = [];
    this.mine = null;
    this.search.addEventListener("input", () => this.sift());
    this.search.addEventListener("keydown", (e) => { if (e.key === "Enter") this.search.blur(); });
  }

  show(presets) {
    this.list.replaceChildren();
    this.all = presets.map(([name, tags]) => {
      const button = make("button", "", this.list);
      button.append(name);
      if (tags.length) make("small", "", button).textContent = tags.join(", ");
      button.addEventListener("click", () => { this.mine = name; this.mark(); this.load(name); });
      return { name, button, found: plainLetters([name, ...tags].join(" ")) };
    });
    this.mark();
    this.sift();
  }

  mark() { for (const { name, button } of this.all) button.classList.toggle("mine", name === this.mine); }

  sift() {
    const words = plainLetters(this.search.value).split(/\s+/);
    let some = false;
    for (const { button, found } of this.all) {
      const fits = words.every((word) => found.includes(word));
      button.hidden = !fits;
      some ||= fits;
    }
    this.none.hidden = some;
  }
}

// The controls in a section, each group with its name where that is wanted. `shown` gets them by their ids.
export function controls(section, infos, wire, shown, withGroups) {
  section.replaceChildren();
  let group = null;
  for (const info of infos) {
    if (withGroups && info.group !== group) make("h2", "", section).textContent = group = info.group;
    const made = control(info, wire);
    section.append(made.element);
    shown(info.id, made);
  }
}
