// Reactions: the chips under a message, and what to pick one from.

import { h } from "./dom.js";

const USUAL = ["👁️", "👍", "❤️", "😂", "😮", "🔥", "🌀"];

/** The name reactions go by: the emoji itself, or name:id for a guild's own. */
const keyOf = ({ id, name }) => (id ? `${name}:${id}` : name);

/** An emoji as an element: the sign itself, or the picture of a guild's own. */
export function emojiNode({ id, name }) {
  if (!id) return h("span", { class: "emoji", text: name });
  return h("img", { class: "emoji", src: `/emojis/${id}.png`, alt: `:${name}:`, title: `:${name}:` });
}

/** The chips of a message's reactions; `react(emoji, on)` is called when one is pressed. */
export function reactionNodes(reactions, react) {
  return (reactions ?? []).map(({ emoji, count, me }) => h("button", { class: `reaction${me ? " reaction-mine" : ""}`,
    type: "button", "aria-pressed": String(Boolean(me)), "aria-label": `${emoji.name}, ${count}`,
    on: { click: () => react(keyOf(emoji), !me) } }, emojiNode(emoji), h("span", { text: String(count) })));
}

/** A row of emoji for a menu: the usual ones and the guild's own. */
export function reactionRow(own, react) {
  const all = [...USUAL.map((name) => ({ id: null, name })), ...own];
  return { row: all.map((emoji) => ({ label: emoji.name, face: emojiNode(emoji), act: () => react(keyOf(emoji), true) })) };
}
