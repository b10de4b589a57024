// The first steps, shown until they are done or closed, once in each browser.

import { byId, h, icon, iconButton } from "./dom.js";
import { picturesIn } from "./media.js";

const KEY = "first-steps";
const STEPS = {
  picture: ["Post a picture", matchMedia("(hover: none)").matches ? " with +" : ": drop it, paste it, or press +"],
  command: ["Type /dream", " and send it"],
  button: ["Press Deeper", " under the result"],
};

/** Whether a button's custom_id is that of *Deeper*, whose label depends on the language. */
const isDeeper = (customId) => /\bdeeper\b/.test(customId ?? "");

export class FirstSteps {
  #store;
  #box = byId("first-steps");
  #done = new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));

  constructor(store) {
    this.#store = store;
    for (const event of ["state", "commands"]) store.addEventListener(event, () => this.#draw());
    // A picture can also be sent with the command.
    store.addEventListener("source", () => this.#mark("picture"));
    store.addEventListener("message", ({ detail: { message, isNew } }) => isNew && this.#note(message));
  }

  /** Notes that a button was pressed. */
  pressed(customId) {
    if (isDeeper(customId)) this.#mark("button");
  }

  #note(message) {
    const { me } = this.#store;
    const command = message.interaction_metadata;
    if (message.author?.id === me?.id && picturesIn(message).length) this.#mark("picture");
    else if (command?.name === "dream" && command.user?.id === me?.id) this.#mark("command");
  }

  #mark(...steps) {
    if (steps.every((step) => this.#done.has(step))) return;
    for (const step of steps) this.#done.add(step);
    localStorage.setItem(KEY, JSON.stringify([...this.#done]));
    this.#draw();
  }

  // The bot of the sandbox may be one without these commands.
  #draw() {
    const all = Object.keys(STEPS);
    const hasCommand = this.#store.commands.some(({ name, type }) => name === "dream" && type === 1);
    this.#box.hidden = !hasCommand || all.every((step) => this.#done.has(step));
    if (this.#box.hidden) return;
    const row = ([step, [what, how]]) => {
      const isDone = this.#done.has(step);
      return h("li", { class: isDone ? "done" : "" }, h("b", { text: what }), how,
        isDone ? [icon("check"), h("span", { class: "visually-hidden", text: " (done)" })] : null);
    };
    this.#box.replaceChildren(h("ol", {}, Object.entries(STEPS).map(row)),
      iconButton("Close the first steps", "close", () => this.#mark(...all)));
  }
}
