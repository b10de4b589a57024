// Reactions: the chips under a message, and the row of emoji in menus.

import { h } from "./dom.js";

const USUAL = ["👁️", "⭐", "👍", "❤️", "😂", "😮", "🔥", "🌀"];

/** Returns the key of an emoji in reactions: the emoji itself, or name:id for a guild's emoji. */
const keyOf = ({ id, name }) => (id ? `${name}:${id}` : name);

/** Creates the element of an emoji: its text, or the picture of a guild's emoji. */
export function emojiNode({ id, name }) {
  if (!id) return h("span", { class: "emoji", text: name });
  return h("img", { class: "emoji", src: `/emojis/${id}.png`, alt: `:${name}:`, title: `:${name}:` });
}

/** Creates the chips of a message's reactions; `react(emoji, on)` is called when one is pressed. */
export function reactionNodes(reactions, react) {
  return (reactions ?? []).map(({ emoji, count, me }) => h("button", { class: `reaction${me ? " reaction-mine" : ""}`,
    type: "button", "aria-pressed": String(Boolean(me)), "aria-label": `${emoji.name}, ${count}`,
    on: { click: () => react(keyOf(emoji), !me) } }, emojiNode(emoji), h("span", { text: String(count) })));
}

/** Returns a row of emoji for a menu: common ones and those of the guild. */
export function reactionRow(own, react) {
  const all = [...USUAL.map((name) => ({ id: null, name })), ...own];
  return { row: all.map((emoji) => ({ label: emoji.name, face: emojiNode(emoji), act: () => react(keyOf(emoji), true) })) };
}
