// The light and the dark theme: the system's, or the one that the user chose.

import { icon } from "./dom.js";

const KEY = "theme";
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: light)");
const systemTheme = () => (system.matches ? "light" : "dark");
const theme = () => root.dataset.theme ?? systemTheme();

function apply(chosen) {
  if (chosen) root.dataset.theme = chosen;
  else delete root.dataset.theme;
  const colour = getComputedStyle(document.body ?? root).backgroundColor;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.content = colour;
}

/** Makes `button` switch between the themes. The system's theme is followed again once it is chosen. */
export function themeSwitch(button) {
  const draw = () => {
    const isLight = theme() === "light";
    button.replaceChildren(icon(isLight ? "moon" : "sun"));
    button.title = isLight ? "Use the dark theme" : "Use the light theme";
    button.setAttribute("aria-label", button.title);
  };
  button.addEventListener("click", () => {
    const next = theme() === "light" ? "dark" : "light";
    if (next === systemTheme()) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
    apply(next === systemTheme() ? null : next);
    draw();
  });
  const refresh = () => {
    apply(localStorage.getItem(KEY));
    draw();
  };
  system.addEventListener("change", refresh);
  // Another tab of the page changed it.
  addEventListener("storage", (event) => event.key === KEY && refresh());
  refresh();
}
