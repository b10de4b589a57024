// Embeds: a card with title, text, fields and a picture.

import { h } from "./dom.js";
import { inline, markdown } from "./markdown.js";
import { mediaUrl } from "./media.js";
import { formatTime } from "./time.js";

/**
 * Creates the card of an embed. `context`: names for markdown; `message`: has the files of attachment:// URLs;
 * `open(picture)`: called when a picture is clicked.
 */
export function embedCard(embed, message, context, open) {
  if (embed.type === "gifv" && isWeb(embed.video?.url)) return moving(embed);
  if (embed.type === "image" && embed.thumbnail?.url) return picture(embed.thumbnail, message, "embed-bare", open);
  const card = h("div", { class: "embed" });
  if (Number.isInteger(embed.color)) card.style.setProperty("--bar", hex(embed.color));
  const words = h("div", { class: "embed-words" });
  if (embed.author?.name) words.append(h("div", { class: "embed-author", text: embed.author.name }));
  if (embed.title) {
    const title = inline(embed.title, context);
    words.append(h("div", { class: "embed-title" }, isWeb(embed.url)
      ? h("a", { href: embed.url, target: "_blank", rel: "noopener noreferrer nofollow" }, title) : title));
  }
  if (embed.description) words.append(h("div", { class: "text" }, markdown(embed.description, context)));
  if (embed.fields?.length) {
    words.append(h("dl", { class: "fields" }, embed.fields.map((field) =>
      h("div", { class: field.inline ? "field field-inline" : "field" },
        h("dt", {}, inline(field.name, context)), h("dd", { class: "text" }, markdown(field.value, context))))));
  }
  card.append(words);
  if (embed.thumbnail?.url) card.append(picture(embed.thumbnail, message, "embed-thumbnail", open));
  if (embed.image?.url) card.append(picture(embed.image, message, "embed-image", open));
  if (embed.footer?.text || embed.timestamp) {
    const parts = [embed.footer?.text, embed.timestamp && formatTime(new Date(embed.timestamp))].filter(Boolean);
    card.append(h("div", { class: "embed-footer", text: parts.join(" • ") }));
  }
  return card;
}

/** Returns the files that the embeds of a message show. They are not listed a second time. */
export function filesInEmbeds(message) {
  const urls = (message.embeds ?? []).flatMap((embed) => [embed.image?.url, embed.thumbnail?.url]).filter(Boolean);
  return new Set((message.attachments ?? []).filter((file) =>
    urls.some((url) => url === `attachment://${file.filename}` || url === file.url)));
}

/** Formats a colour number as CSS. */
export const hex = (color) => `#${color.toString(16).padStart(6, "0")}`;

const isWeb = (url) => /^https?:\/\//.test(url ?? "");

// The animation that a link leads to. It plays automatically and without sound.
function moving(embed) {
  const video = h("video", { class: "video", src: embed.video.url, loop: true, playsinline: true,
    poster: embed.thumbnail?.proxy_url, "aria-label": embed.title ?? "Animation" });
  video.muted = true;
  video.autoplay = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  video.controls = !video.autoplay;
  return video;
}

function picture(media, message, className, open) {
  const url = mediaUrl(media.url, message);
  const words = media.description ?? "";
  return h("button", {
    class: `plain ${className}`, type: "button", "aria-label": `Open picture${words ? `: ${words}` : ""}`,
    on: { click: () => open({ id: url, url, filename: "picture", description: words }) },
  }, h("img", { src: url, alt: words }));
}
