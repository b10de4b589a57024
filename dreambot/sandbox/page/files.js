// Files that will be attached to a message: chosen, dropped or pasted, shown as chips.

import { h, icon, iconButton, toast } from "./dom.js";
import { bytes } from "./attachments.js";

const MAX_FILES = 10;
const SPOILER = "SPOILER_";

export class FileTray extends EventTarget {
  element = h("ul", { class: "tray", "aria-label": "Files to send", hidden: true });
  #input = h("input", { type: "file", multiple: true, class: "visually-hidden", id: "file", tabindex: "-1",
    "aria-label": "Choose files" });
  #overlay = h("div", { class: "drop", hidden: true, "aria-hidden": "true" },
    h("div", { class: "drop-card" }, icon("plus"), h("b", { text: "Drop to attach" }),
      h("span", { class: "drop-where" })));
  #entries = [];
  #where;

  /** `where()`: the destination named in the overlay, such as "#memes". */
  constructor(where) {
    super();
    this.#where = where;
    this.#input.addEventListener("change", () => {
      this.add(this.#input.files);
      this.#input.value = "";
    });
    document.body.append(this.#overlay);
    this.#listen();
  }

  /** The hidden file input, which the form must contain. */
  get input() {
    return this.#input;
  }

  get files() {
    return this.#entries.map(({ file }) => file);
  }

  choose() {
    this.#input.click();
  }

  add(files) {
    for (const file of files) {
      if (this.#entries.length >= MAX_FILES) {
        toast(`A message holds at most ${MAX_FILES} files.`);
        break;
      }
      this.#entries.push({ file, url: file.type.startsWith("image/") ? URL.createObjectURL(file) : null });
    }
    this.#draw();
  }

  clear() {
    for (const { url } of this.#entries) if (url) URL.revokeObjectURL(url);
    this.#entries = [];
    this.#draw();
  }

  #remove(entry) {
    if (entry.url) URL.revokeObjectURL(entry.url);
    this.#entries.splice(this.#entries.indexOf(entry), 1);
    this.#draw();
  }

  #toggleSpoiler(entry) {
    const { file } = entry;
    const name = file.name.startsWith(SPOILER) ? file.name.slice(SPOILER.length) : SPOILER + file.name;
    entry.file = new File([file], name, { type: file.type, lastModified: file.lastModified });
    this.#draw();
  }

  #draw() {
    this.element.replaceChildren(...this.#entries.map((entry) => this.#chip(entry)));
    this.element.hidden = !this.#entries.length;
    this.dispatchEvent(new Event("change"));
  }

  #chip(entry) {
    const hidden = entry.file.name.startsWith(SPOILER);
    const name = hidden ? entry.file.name.slice(SPOILER.length) : entry.file.name;
    return h("li", { class: `chip${hidden ? " chip-hidden" : ""}` },
      h("span", { class: "chip-face" }, entry.url ? h("img", { src: entry.url, alt: "" }) : icon("file")),
      h("span", { class: "chip-words" }, h("b", { text: name }), h("small", { text: bytes(entry.file.size) })),
      iconButton(`Mark ${name} as spoiler`, "eye", () => this.#toggleSpoiler(entry), { "aria-pressed": String(hidden) }),
      iconButton(`Remove ${name}`, "close", () => this.#remove(entry)));
  }

  #listen() {
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    let depth = 0;
    const show = (shown) => {
      if (shown) this.#overlay.querySelector(".drop-where").textContent = this.#where();
      this.#overlay.hidden = !shown;
    };
    addEventListener("dragenter", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      depth++;
      show(true);
    });
    addEventListener("dragleave", (event) => {
      if (carries(event) && --depth <= 0) {
        depth = 0;
        show(false);
      }
    });
    addEventListener("dragover", (event) => carries(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      depth = 0;
      show(false);
      this.add(event.dataTransfer.files);
    });
    addEventListener("paste", (event) => {
      if (!event.clipboardData?.files.length) return;
      event.preventDefault();
      this.add(event.clipboardData.files);
    });
  }
}
