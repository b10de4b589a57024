// Creates elements. Strings always become text nodes, so that no message can inject markup.

/** Returns the element of an id. */
export const byId = (id) => document.getElementById(id);

/** Creates an element. `props`: class, text, on: {event: handler}, data: {…}; other names are attributes. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name === "on") {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SHAPES = {
  menu: ["M4 7h16", "M4 12h16", "M4 17h16"],
  plus: ["M12 5v14", "M5 12h14"],
  send: ["M5 12h13", "M12 5l7 7-7 7"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  more: ["M5 12h.01", "M12 12h.01", "M19 12h.01"],
  reply: ["M9 7l-5 5 5 5", "M4 12h9c4 0 7 2 7 6"],
  pen: ["M4 20l1-4L16 5l3 3L8 19z", "M14 7l3 3"],
  bin: ["M5 7h14", "M9 7V4h6v3", "M7 7l1 13h8l1-13"],
  spark: ["M12 3l2 7 7 2-7 2-2 7-2-7-7-2 7-2z"],
  hash: ["M9 4L7 20", "M17 4l-2 16", "M4.500 9H20", "M4 15h15.500"],
  file: ["M6 3h8l4 4v14H6z", "M14 3v4h4"],
  compare: ["M12 3v18", "M8 8l-4 4 4 4", "M16 8l4 4-4 4"],
  left: ["M15 5l-7 7 7 7"],
  right: ["M9 5l7 7-7 7"],
  down: ["M12 4v12", "M6 11l6 6 6-6", "M5 20h14"],
  eye: ["M3 12c3-5 6-7 9-7s6 2 9 7c-3 5-6 7-9 7s-6-2-9-7z", "M12 9a3 3 0 100 6 3 3 0 000-6z"],
  smile: ["M12 3a9 9 0 100 18 9 9 0 000-18z", "M8.500 14c1 2 6 2 7 0", "M9 9.500h.01", "M15 9.500h.01"],
  at: ["M12 8.500a3.500 3.500 0 100 7 3.500 3.500 0 000-7z", "M15.500 8.500V14c0 3 5 2.500 5-2A8.500 8.500 0 1017 18.800"],
  forward: ["M15 7l5 5-5 5", "M20 12h-9c-4 0-7 2-7 6"],
  link: ["M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1", "M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1"],
  people: ["M9 5a3.500 3.500 0 100 7 3.500 3.500 0 000-7z", "M2.500 19c.500-3.500 3-5 6.500-5s6 1.500 6.500 5", "M15.500 5.500a3 3 0 010 6", "M18 14.500c2 .700 3.200 2.200 3.500 4.500"],
  crown: ["M4 18h16", "M4 15l-1-8 5 4 4-6 4 6 5-4-1 8z"],
  check: ["M5 13l4 4L19 7"],
  sun: ["M12 8a4 4 0 100 8 4 4 0 000-8z", "M12 2.500v2", "M12 19.500v2", "M2.500 12h2", "M19.500 12h2", "M5.300 5.300l1.400 1.400", "M17.300 17.300l1.400 1.400", "M18.700 5.300l-1.400 1.400", "M6.700 17.300l-1.400 1.400"],
  moon: ["M20 14.500A8.500 8.500 0 019.500 4 8.500 8.500 0 1020 14.500z"],
  copy: ["M9 9h11v11H9z", "M15 9V4H4v11h5"],
};

/** Creates a stroked 24-unit icon, hidden from screen readers. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of SHAPES[name]) {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** Creates a button that shows only an icon; `label` is its accessible name and its tooltip. */
export function iconButton(label, name, act, props = {}) {
  const { class: more = "", ...rest } = props;
  const facts = { class: `tool ${more}`, type: "button", "aria-label": label, title: label, on: { click: act } };
  return h("button", { ...facts, ...rest }, icon(name));
}

/** Creates three animated dots for "is thinking" and "is typing". */
export const dots = () => h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));

/** Creates a user's avatar: the picture, initials on a colour if there is none, or the eye for a bot. */
export function avatar(user, className = "avatar") {
  const name = nameOf(user);
  if (user?.bot) {
    const eye = h("img", { class: `${className} avatar-bot`, src: "/page/icon.svg", alt: "" });
    return eye;
  }
  if (user?.avatar) {
    return h("img", { class: `${className} avatar-drawn`, src: `/avatars/${user.id}/${user.avatar}.png`, alt: "" });
  }
  const initials = name.split(/[\s_.-]+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]).join("");
  const circle = h("span", { class: className, "aria-hidden": "true", text: initials.toUpperCase() || "?" });
  circle.style.setProperty("--hue", String(hueOf(user)));
  return circle;
}

/** Returns a hue in degrees that is always the same for a user. */
export function hueOf(user) {
  if (user?.bot) return 252;
  let hash = 0;
  for (const letter of `${user?.id ?? ""}${user?.username ?? ""}`) hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
  return (hash * 47) % 360;
}

/** Returns the name to show for a user. */
export function nameOf(user) {
  return user?.global_name || user?.username || user?.name || "unknown user";
}

/** Shows a short notice at the edge of the page, which disappears after a while. */
export function toast(message, kind = "bad") {
  const box = document.getElementById("toasts");
  const note = h("div", { class: `toast toast-${kind}` }, h("span", { text: message }),
    iconButton("Dismiss", "close", () => note.remove()));
  box.append(note);
  while (box.children.length > 3) box.firstChild.remove();
  setTimeout(() => note.remove(), 4000 + message.length * 60);
}
