// One message: built once, then patched part by part when it is edited.

import { avatar, h, hueOf, icon, nameOf } from "./dom.js";
import { componentNodes } from "./components.js";
import { embedCard, filesInEmbeds } from "./embeds.js";
import { markdown, plainWords } from "./markdown.js";
import { picturesIn } from "./media.js";
import { Attachments } from "./pictures.js";
import { EPHEMERAL, LOADING } from "./store.js";
import { clock, inStyle, writtenAt } from "./time.js";

const V2 = 1 << 15;
const LATE_MS = 2000;

export class MessageView {
  message;
  element;
  #context;
  #slots = {};
  #drawn = {};
  #attachments;

  /** `context`: markdown names, plus press, open, menu, reply, jump, dismiss, commandType, hasSource, compare. */
  constructor(message, context) {
    this.#context = context;
    this.message = message;
    this.#attachments = new Attachments((attachment) => context.open(attachment, this.message), message.author?.bot ? 400 : 200);
    for (const name of ["origin", "text", "thinking", "embeds", "components", "compare", "private"]) {
      this.#slots[name] = h("div", { class: `slot-${name}` });
    }
    const when = writtenAt(message);
    const { author } = message;
    this.name = h("span", { class: "name", text: nameOf(author) });
    this.name.style.setProperty("--hue", String(hueOf(author)));
    this.element = h("li", { class: "message", id: `message-${message.id}`, data: { id: message.id } },
      this.#slots.origin,
      h("div", { class: "gutter" }, avatar(author),
        h("time", { class: "gutter-time", datetime: when.toISOString(), text: clock(when), "aria-hidden": "true" })),
      h("article", { class: "body", "aria-label": `Message from ${nameOf(author)}` },
        h("header", { class: "byline" }, this.name, author?.bot ? h("span", { class: "tag", text: "APP" }) : null,
          h("time", { class: "when", datetime: when.toISOString(), title: inStyle(when, "F"), text: clock(when) })),
        this.#slots.text, this.#slots.thinking, this.#attachments.element, this.#slots.compare,
        this.#slots.embeds, this.#slots.components, this.#slots.private),
      this.#tools());
    this.update(message);
  }

  #tools() {
    const open = (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      this.#context.menu(this, box.right, box.bottom, event.currentTarget);
    };
    return h("div", { class: "tools" },
      h("button", { class: "tool tool-reply", type: "button", "aria-label": "Reply", title: "Reply",
        on: { click: () => this.#context.reply(this.message) } }, icon("reply")),
      h("button", { class: "tool tool-more", type: "button", "aria-label": "More", title: "More", "aria-haspopup": "menu",
        on: { click: open } }, icon("more")));
  }

  /** Show the message as it is now, touching only what changed. */
  update(message) {
    this.message = message;
    const context = this.#context;
    const loading = Boolean(message.flags & LOADING);
    this.element.classList.toggle("is-ephemeral", Boolean(message.flags & EPHEMERAL));
    this.element.classList.toggle("mentions-me", (message.mentions ?? []).some((user) => context.isMe(user.id)));
    const asker = { ...message.interaction, ...message.interaction_metadata };
    this.#draw("origin", [message.referenced_message, message.message_reference, asker], () => this.#origin(asker));
    this.#draw("text", [message.content, message.edited_timestamp, loading], () => this.#text(loading));
    this.#draw("thinking", [loading], () => loading ? [thinking(nameOf(message.author))] : []);
    const shownElsewhere = filesInEmbeds(message);
    const files = message.flags & V2 ? [] : (message.attachments ?? []).filter((file) => !shownElsewhere.has(file));
    this.#attachments.update(files);
    this.#draw("embeds", [message.embeds, [...shownElsewhere]], () =>
      (message.embeds ?? []).map((embed) => embedCard(embed, message, context, (picture) => context.open(picture, message))));
    this.#draw("components", [message.components, message.flags & V2 ? message.attachments : 0], () =>
      componentNodes(message.components, message, { ...context, open: (picture) => context.open(picture, message) }));
    const picture = loading ? null : picturesIn(message)[0];
    this.#draw("compare", [picture && context.hasSource(message, picture), picture?.id], () => this.#compare(picture));
    this.#draw("private", [message.flags & EPHEMERAL], () => message.flags & EPHEMERAL ? [h("div", { class: "private" },
      icon("eye"), "Only you can see this · ",
      h("button", { class: "linklike", type: "button", text: "dismiss", on: { click: () => context.dismiss(this.message) } }))] : []);
  }

  get hasOrigin() {
    return this.#slots.origin.childElementCount > 0;
  }

  #draw(slot, facts, make) {
    const key = JSON.stringify(facts);
    if (this.#drawn[slot] === key) return;
    this.#drawn[slot] = key;
    const place = this.#slots[slot];
    const nodes = make();
    const swap = () => {
      if (this.#drawn[slot] !== key) return;
      const focused = place.contains(document.activeElement) ? document.activeElement.dataset.customId : null;
      place.replaceChildren(...nodes);
      place.hidden = !nodes.length;
      if (focused) place.querySelector(`[data-custom-id="${CSS.escape(focused)}"]`)?.focus();
    };
    // Pictures take the place of pictures only once they are there; otherwise an edit would flicker.
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
      const words = plainWords(referenced.content ?? "", context) || (referenced.attachments?.length ? "a picture" : "a message");
      return [h("button", { class: "origin origin-reply plain", type: "button", "aria-label": `In reply to ${nameOf(referenced.author)}: ${words}`,
        on: { click: () => context.jump(referenced.id) } }, avatar(referenced.author, "avatar avatar-small"),
      h("b", { text: nameOf(referenced.author) }), h("span", { class: "origin-words", text: words }))];
    }
    if (message.message_reference && message.type === 19) return [h("div", { class: "origin", text: "Original message was deleted" })];
    return [];
  }

  #text(loading) {
    const { message } = this;
    if (!message.content || loading) return [];
    const edited = message.edited_timestamp && !message.author?.bot
      ? h("span", { class: "edited", title: inStyle(new Date(message.edited_timestamp), "F"), text: "(edited)" }) : null;
    const nodes = markdown(message.content, this.#context);
    if (edited) {
      const last = nodes.at(-1);
      if (last?.tagName === "P") last.append(edited);
      else nodes.push(edited);
    }
    return [h("div", { class: "text content" }, nodes)];
  }

  #compare(picture) {
    if (!picture || !this.#context.hasSource(this.message, picture)) return [];
    return [h("button", { class: "compare-open", type: "button",
      on: { click: () => this.#context.compare(picture, this.message) } }, icon("compare"), "Before / after")];
  }
}

function thinking(name) {
  return h("div", { class: "thinking", role: "status" },
    h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), `${name} is thinking…`);
}
