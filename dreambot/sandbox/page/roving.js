// Arrow keys in a list: the list is one Tab stop, and the controls of an item are reachable from that item.

const CONTROLS = "a[href], button, input, select, textarea, summary, audio, video, [tabindex]";
const USES_ARROWS = "input, select, textarea, audio, video";

export class Roving {
  #list;
  #selector;
  #first;
  #leave;
  #start;
  #current = null;

  /**
   * `selector`: the items. `start(items)`: the item that Tab leads to; `first(controls)`: the control of an item that
   * Enter leads to; `leave()`: called when Escape is pressed on an item.
   */
  constructor(list, selector, { start = ([item]) => item, first = ([control]) => control, leave = () => {} } = {}) {
    this.#list = list;
    this.#selector = selector;
    this.#start = start;
    this.#first = first;
    this.#leave = leave;
    list.addEventListener("focusin", (event) => this.#enter(event.target.closest(selector)));
    list.addEventListener("focusout", (event) => {
      const item = event.target.closest(selector);
      if (!item?.contains(event.relatedTarget)) close(item);
    });
    list.addEventListener("keydown", (event) => this.#onKey(event));
    new MutationObserver(() => this.#refresh()).observe(list, { childList: true, subtree: true });
    this.#refresh();
  }

  get #items() {
    return [...this.#list.querySelectorAll(this.#selector)];
  }

  /** Moves the focus to the item beside `item` before that is removed, if the focus is in it. */
  release(item) {
    if (!item.contains(document.activeElement)) return;
    const items = this.#items;
    const at = items.indexOf(item);
    const next = items[at + 1] ?? items[at - 1];
    if (next) this.#focus(next);
    else this.#leave();
  }

  #focus(item) {
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  #enter(item) {
    if (!item) return;
    this.#select(item);
    for (const control of item.querySelectorAll("[data-tab]")) {
      if (control.dataset.tab) control.setAttribute("tabindex", control.dataset.tab);
      else control.removeAttribute("tabindex");
      delete control.dataset.tab;
    }
  }

  #select(item) {
    if (this.#current !== item) this.#current?.setAttribute("tabindex", "-1");
    item?.setAttribute("tabindex", "0");
    this.#current = item;
  }

  // Items were added, removed or redrawn.
  #refresh() {
    const items = this.#items;
    const focused = document.activeElement?.closest(this.#selector);
    for (const item of items) {
      if (item !== this.#current) item.setAttribute("tabindex", "-1");
      if (item !== focused) close(item);
    }
    if (!this.#list.contains(focused) || !this.#current?.isConnected) this.#select(this.#start(items) ?? null);
  }

  #onKey(event) {
    const item = event.target.closest(this.#selector);
    if (!item || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const isInside = event.target !== item;
    const items = this.#items;
    const at = items.indexOf(item);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, ...(isInside ? {} : { Home: 0, End: items.length - 1 }) }[event.key];
    if (to !== undefined && !event.target.matches(USES_ARROWS)) this.#focus(items[to] ?? item);
    else if (event.key === "Escape") {
      if (isInside) item.focus();
      else this.#leave();
    } else if (event.key === "Enter" && !isInside && item.tagName !== "BUTTON") {
      const controls = [...item.querySelectorAll(CONTROLS)].filter((control) =>
        control.getAttribute("tabindex") !== "-1" && !control.disabled && control.checkVisibility());
      this.#first(controls)?.focus();
    } else return;
    event.preventDefault();
  }
}

function close(item) {
  for (const control of item?.querySelectorAll(CONTROLS) ?? []) {
    const tab = control.getAttribute("tabindex");
    if (tab === "-1") continue;
    control.dataset.tab = tab ?? "";
    control.setAttribute("tabindex", "-1");
  }
}
