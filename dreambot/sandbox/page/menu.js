// Menus of messages and users, opened by a button, a right click or a long press.

import { h, icon } from "./dom.js";

const LONG_PRESS_MS = 480;
const SLIP_PX = 10;
const EDGE_PX = 8;

let open = null;

function close() {
  if (!open) return;
  const { element, submenu, opener, shade, onKey } = open;
  open = null;
  submenu?.element.remove();
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
  if (entry.entries) return submenuItem(entry);
  return h("button", { class: `menu-item${entry.danger ? " menu-danger" : ""}`, type: "button", role: "menuitem",
    tabindex: "-1", on: act(entry) }, h("span", { text: entry.label }), icon(entry.icon));
}

// An item that opens a submenu: on a click, a tap, the right arrow key, or when the mouse is over it.
function submenuItem(entry) {
  const element = h("button", { class: "menu-item", type: "button", role: "menuitem", tabindex: "-1",
    "aria-haspopup": "menu", "aria-expanded": "false" }, h("span", { text: entry.label }), icon("right"));
  const show = () => { if (open.submenu?.opener !== element) openSubmenu(entry, element); };
  element.addEventListener("click", () => {
    show();
    buttonsOf(open.submenu.element)[0]?.focus({ preventScroll: true });
  });
  element.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show());
  element.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation();
    element.click();
  });
  return element;
}

// Menus are inside a landmark, for screen readers.
const placeForMenus = () => document.querySelector("main");

const buttonsOf = (menu) => [...menu.querySelectorAll("button")];

const within = (at, size, whole) => Math.max(EDGE_PX, Math.min(at, whole - size - EDGE_PX));

function openSubmenu(entry, opener) {
  closeSubmenu();
  const element = h("div", { class: "menu", role: "menu", "aria-label": entry.label }, entry.entries.map(item));
  placeForMenus().append(element);
  const [beside, { width, height }] = [opener.getBoundingClientRect(), element.getBoundingClientRect()];
  const fitsRight = beside.right + width + EDGE_PX <= innerWidth;
  const fitsLeft = beside.left - width >= EDGE_PX;
  // If neither side has room, the submenu is below its item.
  const left = fitsRight ? beside.right + 2 : fitsLeft ? beside.left - width - 2 : beside.left;
  element.style.left = `${within(left, width, innerWidth)}px`;
  element.style.top = `${within(fitsRight || fitsLeft ? beside.top - 6 : beside.bottom, height, innerHeight)}px`;
  opener.setAttribute("aria-expanded", "true");
  open.submenu = { element, opener };
}

function closeSubmenu() {
  const { submenu } = open;
  if (!submenu) return;
  submenu.opener.setAttribute("aria-expanded", "false");
  if (submenu.element.contains(document.activeElement)) submenu.opener.focus({ preventScroll: true });
  submenu.element.remove();
  open.submenu = null;
}

/**
 * Shows a menu at a point of the window. `entries`: {label, icon, danger, act}, {label, entries} for a submenu,
 * {row: [{label, face, act}]}, or "line". `head`: an element above the entries.
 */
export function showMenu(entries, x, y, opener, label = "Message", head = null) {
  close();
  const menu = h("div", { role: "menu", "aria-label": label }, entries.map(item));
  const element = h("div", { class: "menu" }, head, menu);
  // After a long press, the finger may be over an item when it is lifted. That must not select the item.
  let isPressed = false;
  element.addEventListener("pointerdown", () => { isPressed = true; }, true);
  element.addEventListener("click", (event) => {
    if (event.detail && !isPressed) event.stopPropagation();
  }, true);
  // The long press that opened this menu ends with a contextmenu event, which must not close it.
  const contextmenu = (event) => event.preventDefault();
  const shade = h("div", { class: "menu-shade", on: { pointerdown: close, contextmenu } });
  placeForMenus().append(shade, element);
  const { width, height } = element.getBoundingClientRect();
  element.style.left = `${within(x, width, innerWidth)}px`;
  element.style.top = `${within(y, height, innerHeight)}px`;
  const onKey = (event) => {
    const inSubmenu = open.submenu?.element.contains(document.activeElement);
    const buttons = buttonsOf(inSubmenu ? open.submenu.element : menu);
    const at = buttons.indexOf(document.activeElement);
    const opensOne = document.activeElement?.getAttribute("aria-haspopup");
    if (inSubmenu && ["ArrowLeft", "Escape"].includes(event.key)) closeSubmenu();
    else if (event.key === "ArrowRight" && opensOne) return;
    else {
      const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1 + buttons.length,
        ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
      if (to !== undefined) buttons[to % buttons.length].focus();
      else if (event.key === "Escape" || event.key === "Tab") close();
      else return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  // Moving the mouse to another item closes the submenu.
  menu.addEventListener("pointerover", (event) => {
    const over = event.target.closest("button");
    if (event.pointerType === "mouse" && over && over !== open?.submenu?.opener) closeSubmenu();
  });
  document.addEventListener("keydown", onKey, true);
  open = { element, opener, shade, onKey, submenu: null };
  buttonsOf(menu)[0]?.focus({ preventScroll: true });
}

/**
 * Calls `show(messageElement, x, y, opener)` for right clicks, long presses and the menu key on messages inside `list`.
 * `opener`: the element that gets the focus back.
 */
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
    const opener = message.contains(document.activeElement) ? document.activeElement : null;
    if (!pressed) show(message, event.clientX, event.clientY, opener);
  });
  list.addEventListener("pointerdown", (event) => {
    pressed = false;
    const message = event.target.closest(".message");
    if (event.pointerType !== "touch" || !message || leaveAlone(event.target)) return;
    start = event;
    timer = setTimeout(() => {
      pressed = true;
      navigator.vibrate?.(10);
      show(message, start.clientX, start.clientY, null);
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
