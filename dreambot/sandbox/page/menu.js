// The menu of a message: by its button, the right mouse button, or a long press.

import { h, icon } from "./dom.js";

const LONG_PRESS_MS = 480;
const SLIP_PX = 10;

let open = null;

function close() {
  if (!open) return;
  const { element, opener, shade, onKey } = open;
  open = null;
  element.remove();
  shade.remove();
  document.removeEventListener("keydown", onKey, true);
  opener?.focus?.({ preventScroll: true });
}

const act = (entry) => ({ click: () => { close(); entry.act(); } });

function item(entry) {
  if (entry === "line") return h("hr", { class: "menu-line" });
  if (entry.row) {
    return h("div", { class: "menu-row", role: "group", "aria-label": "React" }, entry.row.map((one) =>
      h("button", { class: "menu-face", type: "button", role: "menuitem", tabindex: "-1", title: one.label,
        "aria-label": `React with ${one.label}`, on: act(one) }, one.face)));
  }
  return h("button", { class: `menu-item${entry.danger ? " menu-danger" : ""}`, type: "button", role: "menuitem",
    tabindex: "-1", on: act(entry) }, h("span", { text: entry.label }), icon(entry.icon));
}

/** Show `entries` ({label, icon, danger, act}, {row: [{label, face, act}]} or "line") at a point of the window. */
export function showMenu(entries, x, y, opener, label = "Message") {
  close();
  const element = h("div", { class: "menu", role: "menu", "aria-label": label }, entries.map(item));
  const contextmenu = (event) => {
    event.preventDefault();
    close();
  };
  const shade = h("div", { class: "menu-shade", on: { pointerdown: close, contextmenu } });
  document.body.append(shade, element);
  const { width, height } = element.getBoundingClientRect();
  element.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  element.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`;
  const buttons = [...element.querySelectorAll("button")];
  buttons[0]?.focus({ preventScroll: true });
  const onKey = (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1 + buttons.length,
      ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (to !== undefined) buttons[to % buttons.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("keydown", onKey, true);
  open = { element, opener, shade, onKey };
}

/** Call `show(messageElement, x, y)` for right clicks and long presses on messages inside `list`. */
export function watchForMenu(list, show) {
  let timer = 0;
  let start = null;
  let pressed = false;
  const stop = () => clearTimeout(timer);
  const leaveAlone = (target) => target.closest("a, input, select, video, .who") || getSelection()?.toString();
  list.addEventListener("contextmenu", (event) => {
    const message = event.target.closest(".message");
    if (!message || leaveAlone(event.target)) return;
    event.preventDefault();
    if (!pressed) show(message, event.clientX, event.clientY);
  });
  list.addEventListener("pointerdown", (event) => {
    pressed = false;
    const message = event.target.closest(".message");
    if (event.pointerType !== "touch" || !message || leaveAlone(event.target)) return;
    start = event;
    timer = setTimeout(() => {
      pressed = true;
      navigator.vibrate?.(10);
      show(message, start.clientX, start.clientY);
    }, LONG_PRESS_MS);
  });
  list.addEventListener("pointermove", (event) => {
    if (start && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > SLIP_PX) stop();
  });
  for (const name of ["pointerup", "pointercancel"]) list.addEventListener(name, stop);
  list.addEventListener("click", (event) => {
    if (!pressed) return;
    pressed = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}
