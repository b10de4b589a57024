// The list of messages: order, groups by author, day lines, and scrolling to the newest.

import { h, nameOf } from "./dom.js";
import { MessageView } from "./message.js";
import { Roving } from "./roving.js";
import { EPHEMERAL, LOADING } from "./store.js";
import { formatDay, writtenAt } from "./time.js";

const GROUP_MS = 7 * 60 * 1000;
const NEAR_PX = 80;
// How long after a wheel, touch or key event a scroll may still be caused by it.
const INPUT_MS = 400;
const KEYS_UP = ["ArrowUp", "PageUp", "Home"];
// Enter on a message leads to its buttons, else to its pictures, else to its first control.
const MAIN_CONTROLS = [".slot-components *", ".picture", "*"];
const mainControl = (controls) => MAIN_CONTROLS.flatMap((selector) => controls.find((one) => one.matches(selector)) ?? [])[0];

export class MessageList {
  #store;
  #context;
  #views = new Map();
  #channelId = null;
  #pinned = true;
  #metrics = { top: 0, scrollHeight: 0, clientHeight: 0 };
  #inputAt = -INPUT_MS;
  #scroller = document.getElementById("scroller");
  #list = document.getElementById("messages");
  #jump = document.getElementById("jump");
  #announcer = document.getElementById("announcer");
  #roving;

  /** `context`: see MessageView; `leave()`: called when Escape is pressed on a message. */
  constructor(store, context, leave) {
    this.#store = store;
    this.#context = { ...context, jump: (id) => this.reveal(id) };
    store.addEventListener("channel", () => this.#rebuild());
    store.addEventListener("messages", ({ detail }) => detail.channelId === store.channelId && this.#reconcile());
    store.addEventListener("message", ({ detail }) => this.#onMessage(detail));
    store.addEventListener("gone", ({ detail }) => detail.channelId === this.#channelId && this.#reconcile());
    this.#scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    this.#watchInput();
    this.#roving = new Roving(this.#list, ".message", { start: (items) => items.at(-1), first: mainControl, leave });
    const watch = new ResizeObserver(() => this.#onResize());
    watch.observe(this.#list);
    watch.observe(this.#scroller);
    this.#jump.addEventListener("click", () => this.toEnd());
  }

  /** Returns the view of a message, or undefined. */
  view(id) {
    return this.#views.get(id);
  }

  toEnd() {
    this.#pinned = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#jump.hidden = true;
    this.#saveMetrics();
  }

  /** Scrolls to a message and highlights it for a moment. */
  reveal(id) {
    const element = this.#views.get(id)?.element;
    if (!element) return;
    const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#inputAt = performance.now();
    element.scrollIntoView({ block: "center", behavior: reducedMotion ? "auto" : "smooth" });
    element.classList.remove("highlighted");
    requestAnimationFrame(() => element.classList.add("highlighted"));
  }

  /** Marks the message that is being edited; undefined removes the mark. */
  mark(id) {
    for (const [known, view] of this.#views) view.element.classList.toggle("is-edited-now", known === id);
  }

  #saveMetrics() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#metrics = { top: scrollTop, scrollHeight, clientHeight };
  }

  // Records wheel, touch and key events that may scroll up. #onScroll detects scrollbars and find-in-page.
  #watchInput() {
    const box = this.#scroller;
    const note = () => { if (box.scrollTop > 0) this.#inputAt = performance.now(); };
    let fingerY = 0;
    box.addEventListener("wheel", (event) => event.deltaY < 0 && note(), { passive: true });
    box.addEventListener("touchstart", (event) => { fingerY = event.touches[0].clientY; }, { passive: true });
    box.addEventListener("touchmove", (event) => {
      const { clientY } = event.touches[0];
      if (clientY > fingerY) note();
      fingerY = clientY;
    }, { passive: true });
    box.addEventListener("keydown", (event) => (KEYS_UP.includes(event.key) || (event.key === " " && event.shiftKey))
      && note());
  }

  get #isUserScrolling() {
    return performance.now() - this.#inputAt < INPUT_MS;
  }

  // Growing content and a resized window also move the end out of view. The list stops following the end only
  // when the user scrolls: after an input event, or upwards while all sizes stay the same.
  #onScroll() {
    const { top, scrollHeight, clientHeight } = this.#metrics;
    this.#saveMetrics();
    const now = this.#metrics;
    const distance = now.scrollHeight - now.top - now.clientHeight;
    const sameSize = now.scrollHeight === scrollHeight && now.clientHeight === clientHeight;
    if (distance < NEAR_PX) {
      if (!this.#pinned && !(this.#isUserScrolling && now.top < top)) {
        this.#pinned = true;
        this.#jump.hidden = true;
        // Who is back at the end is no longer scrolling up: what grows now is followed at once.
        this.#inputAt = -INPUT_MS;
      }
    } else if (this.#isUserScrolling || (sameSize && now.top < top)) this.#pinned = false;
    else if (this.#pinned) this.toEnd();
  }

  #onResize() {
    if (!this.#pinned) this.#saveMetrics();
    else if (this.#isUserScrolling) this.#pinned = false;
    else this.toEnd();
  }

  #rebuild() {
    this.#channelId = this.#store.channelId;
    this.#views.clear();
    this.#list.replaceChildren();
    this.#reconcile();
    this.toEnd();
  }

  #onMessage({ message, isNew, before }) {
    if (message.channel_id !== this.#channelId) return;
    // The user may have reached the end after the last scroll event, which comes with the next frame.
    this.#onScroll();
    // The response to the user's own command is scrolled into view.
    const mine = [message.author?.id, message.interaction_metadata?.user?.id].includes(this.#store.me?.id);
    if (isNew) {
      this.#reconcile();
      if (mine) this.toEnd();
      else if (!this.#pinned) this.#jump.hidden = false;
    } else this.#views.get(message.id)?.update(message);
    const finished = before && (before.flags & LOADING) && !(message.flags & LOADING);
    if (finished && !this.#pinned) this.#jump.hidden = false;
    if (message.author?.id !== this.#store.me?.id && (isNew || finished) && !(message.flags & LOADING)) this.#announce(message);
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
      this.#roving.release(view.element);
      view.element.remove();
      this.#views.delete(id);
    }
    for (const line of this.#list.querySelectorAll(".day")) line.remove();
    // A feed without articles is not allowed.
    this.#list.setAttribute("role", messages.length ? "feed" : "group");
    let previous = null;
    let place = this.#list.firstChild;
    for (const [index, message] of messages.entries()) {
      let view = this.#views.get(message.id);
      if (!view) this.#views.set(message.id, (view = new MessageView(message, this.#context)));
      else if (view.message !== message) view.update(message);
      const date = writtenAt(message);
      if (!previous || formatDay(date) !== formatDay(writtenAt(previous))) {
        this.#list.insertBefore(h("div", { class: "day" }, h("span", { text: formatDay(date) })), place);
        previous = null;
      }
      if (place === view.element) place = place.nextSibling;
      else this.#list.insertBefore(view.element, place);
      view.element.classList.toggle("continues", continues(view, previous));
      view.element.setAttribute("aria-posinset", String(index + 1));
      view.element.setAttribute("aria-setsize", String(messages.length));
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
