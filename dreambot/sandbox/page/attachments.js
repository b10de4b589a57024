// Attachments of messages: pictures and videos at a limited size, other files as cards.

import { localUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { isPicture, isSound, isVideo } from "./media.js";

const isSpoiler = (attachment) => attachment.filename?.startsWith("SPOILER_") || Boolean(attachment.flags & 8);

/** Formats a number of bytes. */
export function bytes(size) {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${Math.round(size / 1024)} kB`;
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}

/**
 * The attachments of one message. Elements are kept when the message is edited: a picture is replaced only
 * after the next one has loaded, so that a running dream does not flicker.
 */
export class Attachments {
  element = h("div", { class: "attachments" });
  #cards = [];
  #open;

  #minWidth;

  /** `open(attachment)` is called when a picture is clicked; `minWidth`: minimum width of pictures in pixels. */
  constructor(open, minWidth) {
    this.#open = open;
    this.#minWidth = minWidth;
  }

  update(attachments) {
    const next = attachments.map((attachment, index) => {
      const card = this.#cards[index];
      if (card?.show && isPicture(attachment) && card.spoiler === isSpoiler(attachment)) {
        card.show(attachment);
        return card;
      }
      if (card?.attachment.id === attachment.id) return card;
      if (isVideo(attachment)) return videoCard(attachment);
      if (isSound(attachment)) return soundCard(attachment);
      return isPicture(attachment) ? pictureCard(attachment, this.#open, this.#minWidth) : fileCard(attachment);
    });
    for (const card of this.#cards) if (!next.includes(card)) card.element.remove();
    next.forEach((card, index) => {
      if (this.element.children[index] !== card.element) {
        this.element.insertBefore(card.element, this.element.children[index] ?? null);
      }
    });
    this.#cards = next;
    this.element.hidden = !next.length;
    // Discord's layout for each number of pictures: see message.css.
    const shown = next.filter((card) => card.media).length;
    this.element.classList.toggle("attachments-many", shown > 1 && shown === next.length);
    this.element.dataset.count = shown;
  }
}

function pictureCard(attachment, open, minWidth) {
  const image = h("img", { class: "picture-image", draggable: "false" });
  const button = h("button", { class: "picture", type: "button" }, image);
  const figure = h("figure", { class: "picture-frame" }, button);
  const card = { element: figure, attachment, spoiler: isSpoiler(attachment), show, media: true };
  let wanted = 0;

  function describe() {
    const words = card.attachment.description || card.attachment.filename;
    image.alt = words;
    button.setAttribute("aria-label", card.spoiler && !button.classList.contains("shown")
      ? "Spoiler picture, press to show" : `Open picture: ${words}`);
    button.title = card.attachment.description || "";
  }

  function size(width, height) {
    if (!width || !height) return;
    const shown = Math.min(Math.max(width, minWidth), 480, Math.max(400 * (width / height), 120));
    button.style.setProperty("--width", `${Math.round(shown)}px`);
    button.style.setProperty("--ratio", `${width} / ${height}`);
    button.classList.add("picture-sized");
  }

  function show(next) {
    const known = next.id === card.attachment.id && wanted > 0;
    card.attachment = next;
    if (known) {
      describe();
      return;
    }
    const turn = ++wanted;
    const loader = new Image();
    loader.src = localUrl(next.url);
    loader.decode().then(() => {
      if (turn !== wanted) return;
      image.src = loader.src;
      image.hidden = false;
      button.classList.remove("picture-broken");
      button.classList.add("picture-here");
      size(next.width || loader.naturalWidth, next.height || loader.naturalHeight);
      describe();
    }, () => {
      if (turn !== wanted || image.src) return;
      button.classList.add("picture-broken");
      describe();
    });
  }

  if (card.spoiler) {
    button.classList.add("picture-spoiler");
    figure.append(h("span", { class: "spoiler-word", "aria-hidden": "true", text: "Spoiler" }));
  }
  button.addEventListener("click", () => {
    if (card.spoiler && !button.classList.contains("shown")) {
      button.classList.add("shown");
      describe();
    } else open(card.attachment);
  });
  image.hidden = true;
  size(attachment.width, attachment.height);
  describe();
  show(attachment);
  return card;
}

function videoCard(attachment) {
  const video = h("video", { class: "video", src: localUrl(attachment.url), controls: true, playsinline: true,
    preload: "metadata", "aria-label": attachment.description || attachment.filename });
  const { width, height } = attachment;
  if (width && height) video.style.aspectRatio = `${width} / ${height}`;
  const element = h("figure", { class: "picture-frame video-frame" }, video);
  const card = { element, attachment, spoiler: isSpoiler(attachment), show: null, media: true };
  if (!card.spoiler) return card;
  const cover = h("button", { class: "video-cover", type: "button", "aria-label": "Spoiler video, press to show" },
    h("span", { class: "spoiler-word", text: "Spoiler" }));
  cover.addEventListener("click", () => {
    cover.remove();
    video.inert = false;
  });
  video.inert = true;
  element.append(cover);
  return card;
}

function soundCard(attachment) {
  const player = h("audio", { src: localUrl(attachment.url), controls: true, preload: "metadata",
    "aria-label": attachment.waveform ? "Voice message" : attachment.filename });
  return { element: h("figure", { class: "sound-frame" }, player), attachment, show: null };
}

function fileCard(attachment) {
  const element = h("div", { class: "file" }, icon("file"),
    h("div", { class: "file-words" },
      h("a", { href: localUrl(attachment.url), download: attachment.filename, text: attachment.filename }),
      h("small", { text: bytes(attachment.size ?? 0) })));
  return { element, attachment, show: null };
}
