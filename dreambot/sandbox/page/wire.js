// The wire view: a drawer that lists what the bot and the sandbox send each other, with switches that make it fail.

import { ask } from "./api.js";
import { h, iconButton, toast } from "./dom.js";
import { bytes } from "./attachments.js";

const KINDS = { rest: "REST", gateway: "Gateway", cdn: "CDN", switch: "Switches" };
const RETRY_MS = 1500;
const NEAR_END_PX = 40;
const OPEN_KEY = "wire";
const narrow = matchMedia("(max-width: 999px)");
const byId = (id) => document.getElementById(id);
const send = (path, init) => ask(`wire${path}`, init).catch((error) => toast(error.message));

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
  fractionalSecondDigits: 3 });

const duration = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms} ms`);

/** The words that the text filter searches. */
function wordsOf({ kind, title, status, fault, rate_limit: limit, files, bodies }) {
  return [kind, title, status, fault, limit?.bucket, ...files.map(({ name }) => name),
    ...bodies.map(({ text }) => text)].join("\n").toLowerCase();
}

export class Wire {
  #drawer = byId("wire");
  #opener = byId("wire-open");
  #rows = new Map();
  #waiting = [];
  #paused = false;
  #socket = null;
  #timer = 0;
  #kinds = new Set(Object.keys(KINDS));
  #switches = new Map();

  constructor() {
    this.#build();
    this.#opener.addEventListener("click", () => this.#toggle(this.#drawer.hidden));
    this.#drawer.addEventListener("keydown", (event) => this.#onKey(event));
    narrow.addEventListener("change", () => this.#cover());
    if (sessionStorage.getItem(OPEN_KEY)) this.#show();
  }

  #build() {
    this.filter = h("input", { class: "wire-filter", type: "search", placeholder: "Filter", "aria-label": "Filter by text",
      autocomplete: "off", on: { input: () => this.#applyFilter() } });
    const kinds = Object.entries(KINDS).map(([kind, text]) => h("button", { class: "wire-chip", type: "button",
      "aria-pressed": "true", text, on: { click: (event) => this.#toggleKind(kind, event.currentTarget) } }));
    this.pause = h("button", { class: "button", type: "button", "aria-pressed": "false", text: "Pause",
      on: { click: () => this.#togglePause() } });
    const clear = h("button", { class: "button", type: "button", text: "Clear", on: { click: () => this.#clear() } });
    this.count = h("span", { class: "wire-count" });
    this.cancel = h("button", { class: "button", type: "button", text: "Cancel what is planned", hidden: true,
      on: { click: () => send("/switches", { method: "DELETE" }) } });
    this.switchList = h("ul", { class: "wire-switches" });
    this.faults = h("details", { class: "wire-faults", open: !narrow.matches },
      h("summary", { text: "Make things fail" }), h("div", { class: "wire-faults-body" }, this.switchList, this.cancel));
    this.list = h("ol", { class: "wire-list", "aria-label": "Entries, oldest first", "aria-live": "off" });
    this.note = h("p", { class: "wire-note" });
    this.#drawer.append(
      h("header", { class: "wire-head" }, h("h2", { text: "Wire" }), this.count, this.pause, clear,
        iconButton("Close the wire view", "close", () => this.#toggle(false))),
      this.faults,
      h("div", { class: "wire-bar" }, this.filter, h("div", { class: "wire-chips", role: "group",
        "aria-label": "Kinds of entries" }, kinds)),
      this.list, this.note);
  }

  #toggle(open) {
    if (open) {
      this.#show();
      // On a phone, the filter would open the keyboard over the list.
      (narrow.matches ? this.pause : this.filter).focus({ preventScroll: true });
    } else {
      this.#hide();
      this.#opener.focus();
    }
  }

  #show() {
    sessionStorage.setItem(OPEN_KEY, "open");
    this.#drawer.hidden = false;
    this.#opener.setAttribute("aria-expanded", "true");
    this.#cover();
    this.#connect();
  }

  #hide() {
    sessionStorage.removeItem(OPEN_KEY);
    this.#drawer.hidden = true;
    this.#opener.setAttribute("aria-expanded", "false");
    this.#cover();
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#removeRows();
  }

  /** On a phone the drawer covers the page, which must not be reachable behind it. */
  #cover() {
    const open = !this.#drawer.hidden;
    document.body.classList.toggle("wire-shown", open);
    byId("app").inert = open && narrow.matches;
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/page/wire/socket`);
    this.#socket = socket;
    socket.onopen = () => this.#removeRows();
    socket.onmessage = (event) => {
      if (this.#socket === socket) this.#receive(JSON.parse(event.data));
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.note.textContent = "The connection to the sandbox is lost. Reconnecting…";
      this.#timer = setTimeout(() => this.#connect(), RETRY_MS);
    };
  }

  #receive({ entries, first, switches, limits }) {
    this.note.textContent = `The last ${limits.entries} entries. Bodies are cut after ${bytes(limits.body)}. Tokens are masked.`;
    this.#drawSwitches(switches, limits.count);
    this.#waiting = [...this.#waiting, ...entries].filter(({ id }) => id >= first);
    if (!this.#paused) this.#showWaiting(first);
    this.#drawCount();
  }

  #showWaiting(first) {
    const { list } = this;
    // The list stays where it is while somebody reads an entry.
    const reads = list.contains(document.activeElement) && document.activeElement.ariaExpanded === "true";
    const follows = !reads && list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    for (const [id, { element }] of this.#rows) {
      if (id >= first) break;
      element.remove();
      this.#rows.delete(id);
    }
    const added = this.#waiting.map((entry) => this.#row(entry));
    this.#waiting = [];
    list.append(...added);
    this.#keepOneTabStop();
    if (follows) list.scrollTop = list.scrollHeight;
  }

  #removeRows() {
    this.#rows.clear();
    this.#waiting = [];
    this.list.replaceChildren();
    this.#drawCount();
  }

  #clear() {
    this.#removeRows();
    send("", { method: "DELETE" });
  }

  #togglePause() {
    this.#paused = !this.#paused;
    this.pause.setAttribute("aria-pressed", String(this.#paused));
    if (!this.#paused) this.#showWaiting(0);
    this.#drawCount();
  }

  #drawCount() {
    const shown = [...this.#rows.values()].filter(({ element }) => !element.hidden).length;
    const waiting = this.#waiting.length ? `, ${this.#waiting.length} new` : "";
    this.count.textContent = `${shown} of ${this.#rows.size}${waiting}`;
  }

  #row(entry) {
    const { title, time, to, status, failed, ms, fault, rate_limit: limit } = entry;
    const facts = [
      status === "" ? null : h("span", { class: failed ? "wire-bad" : "wire-good", text: String(status) }),
      ms === null ? null : h("span", { text: duration(ms) }),
      limit?.bucket ? h("span", { title: `Bucket ${limit.bucket}`,
        text: `${limit.bucket.slice(0, 6)} ${limit.remaining}/${limit.limit}` }) : null,
      limit?.retry_after ? h("span", { class: "wire-bad", text: `Retry-After ${limit.retry_after}` }) : null,
      fault ? h("span", { class: "wire-fault", text: fault }) : null,
    ];
    const arrow = to === "bot" ? "←" : "→";
    const button = h("button", { class: `wire-row${failed ? " wire-failed" : ""}`, type: "button", "aria-expanded": "false",
      tabindex: "-1", data: { kind: entry.kind } },
    h("span", { class: "wire-time", text: clock.format(time) }),
    h("span", { class: "wire-arrow", "aria-hidden": "true", text: arrow }),
    h("span", { class: "visually-hidden", text: to === "bot" ? "to the bot" : "to Discord" }),
    facts, h("span", { class: "wire-title", text: title }));
    const element = h("li", {}, button);
    button.addEventListener("click", () => this.#expand(element, button, entry));
    const row = { entry, element, button };
    element.hidden = !this.#matches(row);
    this.#rows.set(entry.id, row);
    return element;
  }

  #expand(element, button, entry) {
    this.#keepOneTabStop(button);
    const open = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(open));
    if (!open) {
      element.lastChild.remove();
      return;
    }
    element.append(details(entry));
    const fits = element.offsetHeight <= this.list.clientHeight;
    element.scrollIntoView({ block: fits ? "nearest" : "start" });
  }

  #matches(row) {
    const wanted = this.filter.value.trim().toLowerCase();
    if (wanted) row.words ??= wordsOf(row.entry);
    return this.#kinds.has(row.entry.kind) && (!wanted || row.words.includes(wanted));
  }

  #applyFilter() {
    for (const row of this.#rows.values()) row.element.hidden = !this.#matches(row);
    this.#keepOneTabStop();
    this.#drawCount();
  }

  #toggleKind(kind, button) {
    const on = !this.#kinds.delete(kind);
    if (on) this.#kinds.add(kind);
    button.setAttribute("aria-pressed", String(on));
    this.#applyFilter();
  }

  #visibleButtons() {
    return [...this.#rows.values()].filter(({ element }) => !element.hidden).map(({ button }) => button);
  }

  /** The list is one Tab stop; arrow keys move inside it. */
  #keepOneTabStop(chosen) {
    const buttons = this.#visibleButtons();
    const current = chosen ?? buttons.find((button) => button.tabIndex === 0) ?? buttons.at(-1);
    for (const { button } of this.#rows.values()) button.tabIndex = button === current ? 0 : -1;
  }

  #onKey(event) {
    // These keys have other meanings in the page behind.
    event.stopPropagation();
    if (event.key === "Escape") {
      if (event.target === this.filter && this.filter.value) return;
      event.preventDefault();
      this.#toggle(false);
      return;
    }
    const buttons = this.#visibleButtons();
    const index = buttons.indexOf(event.target);
    if (index < 0) return;
    const steps = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: buttons.length - 1 };
    const next = buttons[steps[event.key]];
    if (steps[event.key] === undefined) return;
    event.preventDefault();
    if (!next) return;
    this.#keepOneTabStop(next);
    next.focus();
  }

  #drawSwitches(switches, most) {
    for (const one of switches) {
      if (!this.#switches.has(one.name)) this.#addSwitch(one, most);
      const { state, button } = this.#switches.get(one.name);
      const planned = one.planned ? ` · ${one.planned} to come` : "";
      state.textContent = `hit ${one.hits}×${planned}`;
      button.disabled = Boolean(one.unavailable);
    }
    this.cancel.hidden = !switches.some(({ planned }) => planned);
  }

  #addSwitch({ name, label, description, default: times, unavailable }, most) {
    const id = `wire-${name}`;
    const number = times === null ? null : h("input", { class: "wire-times", type: "number", min: "1", max: String(most),
      value: String(times), "aria-label": `How many times: ${label}` });
    const use = () => send(`/switches/${name}`, { method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify(number ? { count: number.valueAsNumber } : {}) });
    const button = h("button", { class: "button button-danger", type: "button", "aria-describedby": id, text: label,
      on: { click: use } });
    const state = h("span", { class: "wire-hits", data: { switch: name } });
    this.switchList.append(h("li", { class: "wire-switch" },
      h("div", { class: "wire-use" }, button, number ? [number, h("span", { "aria-hidden": "true", text: "×" })] : null, state),
      h("p", { id, text: unavailable ?? description })));
    this.#switches.set(name, { state, button });
  }
}

/** What a row shows when it is opened. */
function details({ kind, to, fault, rate_limit: limit, files, bodies }) {
  const facts = [["Direction", to === "bot" ? "sandbox → bot" : "bot → sandbox"], ["Kind", KINDS[kind]],
    ["Planned fault", fault], ["Bucket", limit?.bucket],
    ["Rate limit", limit?.limit && `${limit.remaining} of ${limit.limit} left, resets after ${limit.reset_after} s`],
    ["Retry-After", limit?.retry_after && `${limit.retry_after} s`], ["Scope", limit?.scope]];
  return h("div", { class: "wire-details" },
    h("dl", {}, facts.filter(([, value]) => value).map(([name, value]) =>
      h("div", {}, h("dt", { text: name }), h("dd", { text: value })))),
    files.length ? h("ul", { class: "wire-files" }, files.map(({ name, size }) =>
      h("li", { text: `${name} (${bytes(size)})` }))) : null,
    bodies.flatMap(({ title, text }) => [h("h3", { text: title }), h("pre", { text })]));
}
