// Message components: buttons, selects, and Components V2.

import { h, icon } from "./dom.js";
import { hex } from "./embeds.js";
import { markdown } from "./markdown.js";
import { fileName, isVideo, mediaUrl } from "./media.js";
import { emojiNode } from "./reactions.js";
import { selectControl } from "./selects.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };

/** Returns elements for the components of a message. `context` adds press(message, customId, values, element), open, users. */
export function componentNodes(components, message, context) {
  return (components ?? []).map((component) => node(component, message, context)).filter(Boolean);
}

function node(component, message, context) {
  const inside = (list) => componentNodes(list, message, context);
  switch (component.type) {
    case 1: return h("div", { class: "row" }, inside(component.components));
    case 2: return button(component, message, context);
    case 3: case 5: case 6: case 7: case 8: return select(component, message, context);
    case 9: return h("div", { class: "section" }, h("div", { class: "section-words" }, inside(component.components)),
      component.accessory ? inside([component.accessory]) : null);
    case 10: return h("div", { class: "text" }, markdown(component.content ?? "", context));
    case 11: return media(component, message, context, "thumbnail");
    case 12: return h("div", { class: `gallery gallery-${Math.min(component.items?.length ?? 0, 4)}` },
      (component.items ?? []).map((item) => media(item, message, context, "gallery-item")));
    case 13: return file(component, message);
    case 14: return h("hr", { class: component.divider === false ? "gap" : "gap gap-line" });
    case 17: {
      const box = h("div", { class: "container" }, inside(component.components));
      if (Number.isInteger(component.accent_color)) box.style.setProperty("--bar", hex(component.accent_color));
      return component.spoiler ? cover(box) : box;
    }
    default: return h("div", { class: "unknown", text: "(a component this page does not show)" });
  }
}

function button(component, message, context) {
  const face = [component.emoji?.name ? emojiNode(component.emoji) : null,
    component.label ? h("span", { text: component.label }) : null];
  const className = `button button-${STYLES[component.style] ?? "secondary"}`;
  if (component.style === 5) {
    const safe = /^https?:\/\//.test(component.url ?? "") && !component.disabled;
    return h("a", { class: className, href: safe ? component.url : null, target: "_blank",
      rel: "noopener noreferrer nofollow", "aria-disabled": safe ? null : "true" }, face,
    h("span", { class: "out", text: "↗" }));
  }
  const element = h("button", { class: className, type: "button", disabled: Boolean(component.disabled),
    data: { customId: component.custom_id ?? "" } }, face);
  if (!component.label) element.setAttribute("aria-label", component.emoji?.name ?? "button");
  element.addEventListener("click", () => context.press(message, component.custom_id, undefined, element));
  return element;
}

function select(component, message, context) {
  const label = component.placeholder || "Make a selection";
  const proposed = (component.default_values ?? []).map(({ id }) => id);
  const made = selectControl(component, label, context, proposed, (pressed) =>
    context.press(message, component.custom_id, made.chosen(), pressed));
  made.element.dataset.customId = component.custom_id;
  return made.element;
}

function file(component, message) {
  const url = mediaUrl(component.file?.url, message);
  const name = component.name ?? fileName(url);
  const element = h("div", { class: "file" }, icon("file"),
    h("div", { class: "file-words" }, h("a", { href: url, download: name, text: name })));
  return component.spoiler ? cover(element) : element;
}

function media(item, message, context, className) {
  const url = mediaUrl(item.media?.url, message);
  const words = item.description ?? "";
  if (isVideo(item.media)) {
    const video = h("video", { class: className, src: url, controls: true, playsinline: true, preload: "metadata",
      "aria-label": words || "Video" });
    return item.spoiler ? cover(video) : video;
  }
  const element = h("button", { class: `plain ${className}`, type: "button",
    "aria-label": `Open picture${words ? `: ${words}` : ""}` }, h("img", { src: url, alt: words }));
  element.addEventListener("click", () => {
    if (!element.closest(".covered")) context.open({ id: url, url, filename: "picture", description: words });
  });
  return item.spoiler ? cover(element) : element;
}

function cover(element) {
  const box = h("div", { class: "covered", role: "button", tabindex: "0",
    "aria-label": "Spoiler, press to show" }, element);
  element.inert = true;
  const show = (event) => {
    if (!element.inert || (event.type === "keydown" && !["Enter", " "].includes(event.key))) return;
    event.preventDefault();
    element.inert = false;
    box.classList.remove("covered");
    for (const name of ["role", "tabindex", "aria-label"]) box.removeAttribute(name);
  };
  box.addEventListener("click", show);
  box.addEventListener("keydown", show);
  return box;
}
