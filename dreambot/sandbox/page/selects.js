// Select menus of options, users, roles and channels, for one value or several.

import { h, nameOf } from "./dom.js";

/** Returns the options of a select: [{label, value, description?, emoji?, default?}]. */
function optionsOf(component, context) {
  const people = () => context.users().map((user) => ({ label: nameOf(user), value: user.id }));
  const roles = () => context.roles().map(({ id, name }) => ({ label: `@${name.replace(/^@/, "")}`, value: id }));
  switch (component.type) {
    case 5: return people();
    case 6: return roles();
    case 7: return [...people(), ...roles()];
    case 8: return context.channels()
      .filter(({ type }) => !component.channel_types?.length || component.channel_types.includes(type))
      .map(({ id, name }) => ({ label: `#${name}`, value: id }));
    default: return component.options ?? [];
  }
}

/**
 * Creates the control of a select: {element, chosen(), group}. `proposed`: selected values, instead of the defaults
 * of the options; `changed(element)`: called after a selection is complete, not used in modals.
 */
export function selectControl(component, label, context, proposed = [], changed = null) {
  const wanted = new Set(proposed);
  const options = optionsOf(component, context).map((option) =>
    ({ ...option, chosen: wanted.size ? wanted.has(option.value) : Boolean(option.default) }));
  const make = (component.max_values ?? 1) > 1 ? several : single;
  return make(component, options, label, changed);
}

function words({ label, description, emoji }) {
  return [emoji?.id ? "" : emoji?.name, label, description && `— ${description}`].filter(Boolean).join(" ");
}

function single(component, options, label, changed) {
  const optional = !changed && component.required === false;
  const empty = component.placeholder || (optional ? "(none)" : label || "Make a selection");
  const element = h("select", { class: "select", "aria-label": label, disabled: Boolean(component.disabled) },
    h("option", { value: "", text: empty, disabled: !optional }),
    options.map((option) => h("option", { value: option.value, title: option.description ?? "", text: words(option) })));
  element.value = options.find((option) => option.chosen)?.value ?? "";
  element.addEventListener("change", () => changed?.(element));
  return { element, chosen: () => (element.value ? [element.value] : []), group: false };
}

function several(component, options, label, changed) {
  const boxes = options.map((option) => h("label", { class: "check" },
    h("input", { type: "checkbox", value: option.value, checked: option.chosen }),
    h("span", {}, option.label, option.description ? h("small", { text: option.description }) : null)));
  const list = h("div", { class: "many-list" }, boxes);
  const chosen = () => [...list.querySelectorAll("input:checked")].map((box) => box.value);
  if (!changed) return { element: list, chosen, group: true };
  const done = h("button", { class: "button button-primary", type: "button", text: "Done" });
  list.append(done);
  const summary = h("summary", { class: "select" });
  const element = h("details", { class: "many" }, summary, list);
  const check = () => {
    const { length } = chosen();
    done.disabled = Boolean(component.disabled) || length < (component.min_values ?? 1) || length > component.max_values;
    summary.textContent = length ? `${label} (${length})` : label;
  };
  element.addEventListener("change", check);
  done.addEventListener("click", () => {
    element.open = false;
    changed(done);
  });
  check();
  return { element, chosen, group: true };
}
