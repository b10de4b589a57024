// One message: created once; an edit updates only the parts that changed.

import { avatar, dots, h, hueOf, icon, iconButton, nameOf } from "./dom.js";
import { componentNodes } from "./components.js";
import { embedCard, filesInEmbeds } from "./embeds.js";
import { markdown, plainText } from "./markdown.js";
import { picturesIn } from "./media.js";
import { Attachments } from "./attachments.js";
import { reactionNodes } from "./reactions.js";
import { EPHEMERAL, LOADING } from "./store.js";
import { clock, formatTime, writtenAt } from "./time.js";

const V2 = 1 << 15;
const REPLY = 19;
const LATE_MS = 2000;
// Minimum width of pictures in pixels. A bot's previews are as wide as its result, so that the layout is stable.
const MIN_PICTURE_PX = 200;
const MIN_BOT_PICTURE_PX = 400;

export class MessageView {
  message;
  element;
  #context;
  #slots = {};
  #drawn = {};
  #attachments;

  /** `context`: markdown names, plus press, open, menu, userMenu, react, pick, reply, jump, dismiss, commandType, hasSource, compare. */
  constructor(message, context) {
    this.#context = context;
    this.message = message;
    const minWidth = message.author?.bot ? MIN_BOT_PICTURE_PX : MIN_PICTURE_PX;
    this.#attachments = new Attachments((attachment) => context.open(attachment, this.message), minWidth);
    for (const name of ["origin", "text", "thinking", "forward", "stickers", "embeds", "components", "compare", "reactions",
      "private"]) {
      this.#slots[name] = h("div", { class: `slot-${name}` });
    }
    const when = writtenAt(message);
    const { author } = message;
    const person = (event) => {
      event.preventDefault();
      event.stopPropagation();
      const box = event.currentTarget.getBoundingClientRect();
      context.userMenu(author, box.left, box.bottom + 4, event.currentTarget);
    };
    const opens = { type: "button", "aria-haspopup": "menu", on: { click: person, contextmenu: person } };
    this.name = h("button", { class: "plain who name", ...opens, text: nameOf(author) });
    this.name.style.setProperty("--hue", String(hueOf(author)));
    this.#slots.text.id = `text-${message.id}`;
    this.#attachments.element.id = `files-${message.id}`;
    this.element = h("article", { class: "message", id: `message-${message.id}`, data: { id: message.id }, tabindex: "-1",
      "aria-label": `Message from ${nameOf(author)}, ${formatTime(when, "F")}`,
      "aria-describedby": `text-${message.id} files-${message.id}` },
      this.#slots.origin,
      h("div", { class: "gutter" },
        h("button", { class: "plain who who-face", ...opens, tabindex: "-1", "aria-label": nameOf(author) },
          avatar(author)),
        h("time", { class: "gutter-time", datetime: when.toISOString(), text: clock(when), "aria-hidden": "true" })),
      h("div", { class: "body" },
        h("header", { class: "byline" }, this.name, author?.bot ? h("span", { class: "tag", text: "APP" }) : rankTag(context.rank(author?.id)),
          h("time", { class: "when", datetime: when.toISOString(), title: formatTime(when, "F"), text: clock(when) })),
        this.#slots.text, this.#slots.thinking, this.#slots.forward, this.#attachments.element, this.#slots.stickers,
        this.#slots.compare, this.#slots.embeds, this.#slots.components, this.#slots.reactions, this.#slots.private),
      this.#tools());
    this.update(message);
  }

  #tools() {
    const open = (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      this.#context.menu(this, box.right, box.bottom, event.currentTarget);
    };
    const pick = (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      this.#context.pick(this, box.left, box.bottom + 4, event.currentTarget);
    };
    return h("div", { class: "tools" },
      iconButton("Add reaction", "smile", pick, { class: "tool-react", "aria-haspopup": "menu" }),
      iconButton("Reply", "reply", () => this.#context.reply(this.message), { class: "tool-reply" }),
      iconButton("More", "more", open, { "aria-haspopup": "menu" }));
  }

  /** Shows the current state of the message, and updates only the parts that changed. */
  update(message) {
    this.message = message;
    const context = this.#context;
    const loading = Boolean(message.flags & LOADING);
    this.element.classList.toggle("is-ephemeral", Boolean(message.flags & EPHEMERAL));
    this.element.classList.toggle("is-v2", Boolean(message.flags & V2));
    this.element.classList.toggle("mentions-me", (message.mentions ?? []).some((user) => context.isMe(user.id))
      || (message.mention_roles ?? []).some((id) => context.isMyRole(id)));
    const asker = { ...message.interaction, ...message.interaction_metadata };
    this.#draw("origin", [message.referenced_message, message.message_reference, asker], () => this.#origin(asker));
    this.#draw("text", [message.content, message.edited_timestamp, loading], () => this.#text(loading));
    this.#draw("thinking", [loading], () => loading ? [thinking(nameOf(message.author))] : []);
    const shownElsewhere = filesInEmbeds(message);
    const files = message.flags & V2 ? [] : (message.attachments ?? []).filter((file) => !shownElsewhere.has(file));
    this.#attachments.update(files);
    const show = (picture) => context.open(picture, message);
    this.#draw("embeds", [message.embeds, [...shownElsewhere]], () =>
      (message.embeds ?? []).map((embed) => embedCard(embed, message, context, show)));
    this.#draw("components", [message.components, message.flags & V2 ? message.attachments : 0], () =>
      componentNodes(message.components, message, { ...context, open: show }));
    const picture = loading ? null : picturesIn(message)[0];
    this.#draw("compare", [picture && context.hasSource(message, picture), picture?.id], () => this.#compare(picture));
    this.#draw("forward", [message.message_snapshots], () => this.#forward());
    this.#draw("stickers", [message.sticker_items], () => (message.sticker_items ?? []).map(({ id, name }) =>
      h("img", { class: "sticker", src: `/stickers/${id}.png`, alt: `Sticker: ${name}`, title: name })));
    this.#draw("reactions", [message.reactions], () =>
      reactionNodes(message.reactions, (emoji, on) => context.react(this.message, emoji, on)));
    const isPrivate = Boolean(message.flags & EPHEMERAL);
    this.#draw("private", [isPrivate], () => isPrivate ? [h("div", { class: "private" },
      icon("eye"), "Only you can see this · ",
      h("button", { class: "linklike", type: "button", text: "Dismiss message",
        on: { click: () => context.dismiss(this.message) } }))] : []);
  }

  get hasOrigin() {
    return this.#slots.origin.childElementCount > 0;
  }

  #draw(slot, facts, make) {
    // The signature in a file's URL changes each time; the file does not.
    const key = JSON.stringify(facts).replaceAll(/\?ex=[^"]*/g, "");
    if (this.#drawn[slot] === key) return;
    this.#drawn[slot] = key;
    const place = this.#slots[slot];
    const nodes = make();
    const swap = () => {
      if (this.#drawn[slot] !== key) return;
      const focused = place.contains(document.activeElement) ? document.activeElement.dataset.customId : null;
      place.replaceChildren(...nodes);
      place.hidden = !nodes.length;
      if (focused) place.querySelector(`[data-custom-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    };
    // New pictures replace old ones only after they have loaded, to avoid flicker.
    const waiting = place.querySelector("img") ? nodes.flatMap((node) => [...node.querySelectorAll("img")]) : [];
    if (!waiting.length) {
      swap();
      return;
    }
    const late = new Promise((done) => setTimeout(done, LATE_MS));
    Promise.race([Promise.allSettled(waiting.map((image) => image.decode())), late]).then(swap);
  }

  #origin(asker) {
    const { message } = this;
    const context = this.#context;
    const referenced = message.referenced_message;
    if (asker.user && asker.name) {
      const slash = context.commandType(asker.name) === 1 ? "/" : "";
      return [h("div", { class: "origin" }, avatar(asker.user, "avatar avatar-small"),
        h("b", { text: nameOf(asker.user) }), " used ", h("span", { class: "mention", text: slash + asker.name }))];
    }
    if (referenced) {
      const name = nameOf(referenced.author);
      const words = plainText(referenced.content ?? "", context)
        || (picturesIn(referenced).length ? "a picture" : "a message");
      return [h("button", { class: "origin origin-reply plain", type: "button",
        on: { click: () => context.jump(referenced.id) } },
      h("span", { class: "visually-hidden", text: "In reply to " }), avatar(referenced.author, "avatar avatar-small"),
      h("b", { text: name }), h("span", { class: "visually-hidden", text: ": " }),
      h("span", { class: "origin-words", text: words }))];
    }
    const isOrphan = message.message_reference && message.type === REPLY;
    return isOrphan ? [h("div", { class: "origin", text: "Original message was deleted" })] : [];
  }

  #text(loading) {
    const { message } = this;
    if (!message.content || loading) return [];
    const edited = message.edited_timestamp && !message.author?.bot
      ? h("span", { class: "edited", title: formatTime(new Date(message.edited_timestamp), "F"), text: "(edited)" })
      : null;
    const nodes = markdown(message.content, this.#context);
    if (edited) {
      const last = nodes.at(-1);
      if (last?.tagName === "P") last.append(edited);
      else nodes.push(edited);
    }
    return [h("div", { class: "text content" }, nodes)];
  }

  #forward() {
    const snapshot = this.message.message_snapshots?.[0]?.message;
    if (!snapshot) return [];
    const open = (attachment) => this.#context.open(attachment, this.message);
    const files = new Attachments(open, MIN_PICTURE_PX);
    files.update(snapshot.attachments ?? []);
    return [h("div", { class: "forward" }, h("div", { class: "forward-word" }, icon("forward"), "Forwarded"),
      h("div", { class: "text" }, markdown(snapshot.content ?? "", this.#context)), files.element,
      (snapshot.embeds ?? []).map((embed) => embedCard(embed, snapshot, this.#context, open)),
      componentNodes(snapshot.components, snapshot, this.#context), this.#forwardOrigin())];
  }

  #forwardOrigin() {
    const { channel_id: channel, message_id: id } = this.message.message_reference;
    return h("button", { class: "forward-origin", type: "button", text: `#${this.#context.channelName(channel)}`,
      title: "Go to the message", on: { click: () => this.#context.visit(channel, id) } });
  }

  #compare(picture) {
    // A message with Components V2 shows several pictures that are not made from each other.
    const paged = this.message.flags & V2;
    if (!picture || paged || !this.#context.hasSource(this.message, picture)) return [];
    return [h("button", { class: "compare-open", type: "button",
      on: { click: () => this.#context.compare(picture, this.message) } }, icon("compare"), "Before / after")];
  }
}

// The tag of a user who is more than a member.
function rankTag(rank) {
  const isPlain = !rank || rank === "member";
  return isPlain ? null : h("span", { class: "tag tag-rank", text: rank });
}

function thinking(name) {
  return h("div", { class: "thinking", role: "status" },
    dots(), `${name} is thinking…`);
}
