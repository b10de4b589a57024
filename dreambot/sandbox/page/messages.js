// The list of messages: order, groups of one author, day lines, and staying at the newest.

import { h, nameOf } from "./dom.js";
import { MessageView } from "./message.js";
import { EPHEMERAL, LOADING } from "./store.js";
import { dayWords, writtenAt } from "./time.js";

const GROUP_MS = 7 * 60 * 1000;
const NEAR_PX = 80;

export class MessageList {
  #store;
  #context;
  #views = new Map();
  #channelId = null;
  #pinned = true;
  #scroller = document.getElementById("scroller");
  #list = document.getElementById("messages");
  #jump = document.getElementById("jump");
  #announcer = document.getElementById("announcer");

  constructor(store, context) {
    this.#store = store;
    this.#context = { ...context, jump: (id) => this.reveal(id) };
    store.addEventListener("channel", () => this.#rebuild());
    store.addEventListener("messages", ({ detail }) => detail.channelId === store.channelId && this.#reconcile());
    store.addEventListener("message", ({ detail }) => this.#onMessage(detail));
    store.addEventListener("gone", ({ detail }) => detail.channelId === this.#channelId && this.#reconcile());
    this.#scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    const watch = new ResizeObserver(() => this.#pinned && this.toEnd());
    watch.observe(this.#list);
    watch.observe(this.#scroller);
    this.#jump.addEventListener("click", () => this.toEnd());
  }

  /** The view of a message, or undefined. */
  view(id) {
    return this.#views.get(id);
  }

  toEnd() {
    this.#pinned = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#jump.hidden = true;
  }

  /** Scroll to a message and light it up for a moment. */
  reveal(id) {
    const element = this.#views.get(id)?.element;
    if (!element) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    element.classList.remove("lit");
    requestAnimationFrame(() => element.classList.add("lit"));
  }

  #onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#pinned = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#pinned) this.#jump.hidden = true;
  }

  #rebuild() {
    this.#channelId = this.#store.channelId;
    this.#views.clear();
    this.#list.replaceChildren();
    this.#reconcile();
    this.toEnd();
  }

  #onMessage({ message, fresh, before }) {
    if (message.channel_id !== this.#channelId) return;
    // What one asked for oneself is waited for.
    const mine = [message.author?.id, message.interaction_metadata?.user?.id].includes(this.#store.me?.id);
    if (fresh) {
      this.#reconcile();
      if (mine) this.toEnd();
      else if (!this.#pinned) this.#jump.hidden = false;
    } else this.#views.get(message.id)?.update(message);
    const finished = before && (before.flags & LOADING) && !(message.flags & LOADING);
    if (message.author?.id !== this.#store.me?.id && (fresh || finished) && !(message.flags & LOADING)) this.#announce(message);
  }

  #announce(message) {
    const pictures = (message.attachments ?? []).map((file) => file.description || file.filename).join(", ");
    const words = [message.content, pictures && `Picture: ${pictures}`].filter(Boolean).join(". ");
    this.#announcer.append(h("p", { text: `${nameOf(message.author)}: ${words}` }));
    while (this.#announcer.children.length > 5) this.#announcer.firstChild.remove();
  }

  #reconcile() {
    const messages = this.#store.messages(this.#channelId);
    const kept = new Set(messages.map((message) => message.id));
    for (const [id, view] of this.#views) {
      if (kept.has(id)) continue;
      view.element.remove();
      this.#views.delete(id);
    }
    for (const line of this.#list.querySelectorAll(".day")) line.remove();
    let previous = null;
    let place = this.#list.firstChild;
    for (const message of messages) {
      let view = this.#views.get(message.id);
      if (!view) this.#views.set(message.id, (view = new MessageView(message, this.#context)));
      else if (view.message !== message) view.update(message);
      const date = writtenAt(message);
      if (!previous || dayWords(date) !== dayWords(writtenAt(previous))) {
        this.#list.insertBefore(h("li", { class: "day" }, h("span", { text: dayWords(date) })), place);
        previous = null;
      }
      if (place === view.element) place = place.nextSibling;
      else this.#list.insertBefore(view.element, place);
      view.element.classList.toggle("continues", continues(view, previous));
      previous = message;
    }
  }
}

function continues(view, previous) {
  const { message } = view;
  return Boolean(previous) && previous.author?.id === message.author?.id && !view.hasOrigin
    && (previous.flags & EPHEMERAL) === (message.flags & EPHEMERAL)
    && writtenAt(message) - writtenAt(previous) < GROUP_MS;
}
