// Embeds: a card with title, words, fields and a picture.

import { h } from "./dom.js";
import { inline, markdown } from "./markdown.js";
import { mediaUrl } from "./media.js";
import { inStyle } from "./time.js";

/**
 * The embed as a card. `context`: names for markdown; `message`: where attachment:// pictures are;
 * `open(picture)`: shows one large.
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
    const parts = [embed.footer?.text, embed.timestamp && inStyle(new Date(embed.timestamp))].filter(Boolean);
    card.append(h("div", { class: "embed-footer", text: parts.join(" • ") }));
  }
  return card;
}

/** Files that the embeds of a message show themselves; they are not listed again. */
export function filesInEmbeds(message) {
  const urls = (message.embeds ?? []).flatMap((embed) => [embed.image?.url, embed.thumbnail?.url]).filter(Boolean);
  return new Set((message.attachments ?? []).filter((file) =>
    urls.some((url) => url === `attachment://${file.filename}` || url === file.url)));
}

/** A colour number as CSS. */
export const hex = (color) => `#${color.toString(16).padStart(6, "0")}`;

const isWeb = (url) => /^https?:\/\//.test(url ?? "");

// What a link to an animation shows: it runs by itself, in silence.
function moving(embed) {
  const film = h("video", { class: "film", src: embed.video.url, loop: true, playsinline: true,
    poster: embed.thumbnail?.proxy_url, "aria-label": embed.title ?? "Animation" });
  film.muted = true;
  film.autoplay = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  film.controls = !film.autoplay;
  return film;
}

function picture(media, message, className, open) {
  const url = mediaUrl(media.url, message);
  const words = media.description ?? "";
  return h("button", {
    class: `plain ${className}`, type: "button", "aria-label": `Open picture${words ? `: ${words}` : ""}`,
    on: { click: () => open({ id: url, url, filename: "picture", description: words }) },
  }, h("img", { src: url, alt: words }));
}
