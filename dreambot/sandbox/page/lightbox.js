// The large view of a picture, with a slider that compares it with its source picture.

import { localUrl } from "./api.js";
import { h, icon, iconButton } from "./dom.js";
import { sameShape } from "./media.js";

export class Lightbox {
  #dialog = h("dialog", { class: "lightbox", "aria-label": "Picture" });
  #stage = h("div", { class: "stage" });
  #after = h("img", { class: "stage-after", alt: "" });
  #before = h("img", { class: "stage-before", alt: "" });
  #slider = h("input", { class: "stage-slider", type: "range", min: "0", max: "100", step: "0.5",
    "aria-label": "How much of the picture before to show" });
  #knob = h("div", { class: "stage-knob", "aria-hidden": "true" }, icon("compare"));
  #words = h("p", { class: "lightbox-words" });
  #tools = h("div", { class: "lightbox-tools" });
  #compareButton;
  #download = h("a", { class: "tool", "aria-label": "Save the picture", title: "Save" }, icon("down"));
  #previous;
  #next;
  #pictures = [];
  #at = 0;
  #comparing = false;

  constructor() {
    this.#compareButton = h("button", { class: "tool tool-wide", type: "button", "aria-pressed": "false",
      on: { click: () => this.#compare(!this.#comparing) } }, icon("compare"), h("span", { text: "Before / after" }));
    this.#tools.append(this.#compareButton, this.#download, iconButton("Close", "close", () => this.#dialog.close()));
    this.#stage.append(this.#after, this.#before,
      h("span", { class: "stage-label stage-label-before", text: "before" }),
      h("span", { class: "stage-label stage-label-after", text: "after" }), this.#knob, this.#slider);
    const side = (name) => ({ class: `lightbox-side lightbox-${name}` });
    this.#previous = iconButton("Previous picture", "left", () => this.#step(-1), side("previous"));
    this.#next = iconButton("Next picture", "right", () => this.#step(1), side("next"));
    this.#dialog.append(this.#tools, this.#stage, this.#words, this.#previous, this.#next);
    document.body.append(this.#dialog);
    this.#after.addEventListener("load", () => {
      const { naturalWidth: width, naturalHeight: height } = this.#after;
      this.#stage.style.setProperty("--natural", String(width || 1));
      this.#stage.style.setProperty("--ratio", String((width || 1) / (height || 1)));
    });
    this.#slider.addEventListener("input", () => this.#slide());
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close());
    this.#dialog.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (way && event.target !== this.#slider) this.#step(way);
    });
    this.#dialog.addEventListener("close", () => {
      for (const image of [this.#after, this.#before]) image.removeAttribute("src");
    });
  }

  /** Opens at `index` of `pictures` [{url, filename, description, before?: url}]; `comparing`: shows the slider. */
  open(pictures, index, comparing = false) {
    this.#pictures = pictures;
    this.#comparing = comparing;
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#show(index);
    if (comparing) this.#slider.focus();
  }

  #step(way) {
    const to = this.#at + way;
    if (to >= 0 && to < this.#pictures.length) this.#show(to);
  }

  #show(index) {
    this.#at = index;
    const picture = this.#pictures[index];
    const url = localUrl(picture.url);
    this.#after.src = url;
    this.#after.alt = picture.description || picture.filename;
    this.#words.textContent = picture.description || picture.filename;
    this.#download.href = url;
    this.#download.download = picture.filename;
    this.#previous.hidden = index === 0;
    this.#next.hidden = index === this.#pictures.length - 1;
    this.#before.hidden = true;
    this.#compareButton.hidden = true;
    this.#compare(false, false);
    if (picture.before) this.#loadBefore(picture);
  }

  // Only pictures of the same shape can be compared. A picture of another shape is not the source.
  async #loadBefore(picture) {
    this.#before.src = localUrl(picture.before);
    this.#before.alt = "before";
    try {
      await Promise.all([this.#before.decode(), this.#after.decode()]);
    } catch {
      return;
    }
    if (this.#pictures[this.#at] !== picture) return;
    const shape = ({ naturalWidth: width, naturalHeight: height }) => ({ width, height });
    if (!sameShape(shape(this.#before), shape(this.#after))) return;
    this.#compareButton.hidden = false;
    if (this.#comparing) this.#compare(true, false);
  }

  #compare(on, remember = true) {
    if (remember) this.#comparing = on;
    this.#stage.classList.toggle("stage-comparing", on);
    this.#before.hidden = !on;
    this.#compareButton.setAttribute("aria-pressed", String(on));
    if (!on) return;
    this.#slider.value = "50";
    this.#slide();
  }

  #slide() {
    this.#stage.style.setProperty("--cut", `${this.#slider.value}%`);
  }
}
