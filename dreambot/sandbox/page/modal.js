// Modals of bots, shown as dialogs.

import { interact } from "./api.js";
import { h, iconButton } from "./dom.js";
import { bytes } from "./attachments.js";
import { markdown } from "./markdown.js";
import { selectControl } from "./selects.js";

const LABEL = 18;
const ROW = 1;
const TEXT_DISPLAY = 10;
const LONG = 2;

let count = 0;

/** Shows a modal. `me`: the user who fills it in; `context`: the users, roles and channels that fields offer. */
export function showModal(modal, me, context) {
  const fields = [];
  const parts = modal.components.flatMap((component) => partNodes(component, fields, context));
  const error = h("p", { class: "modal-error", role: "alert", hidden: true });
  const send = h("button", { class: "button button-primary", type: "submit", text: "Submit" });
  const id = `modal-${++count}`;
  const dialog = h("dialog", { class: "modal", "aria-labelledby": id });
  const close = () => dialog.close();
  const form = h("form", { class: "modal-form", novalidate: true },
    h("header", { class: "modal-head" }, h("h2", { id, text: modal.title }), iconButton("Close", "close", close)),
    h("div", { class: "modal-body" }, parts, error),
    h("footer", { class: "modal-foot" },
      h("button", { class: "button", type: "button", text: "Cancel", on: { click: close } }), send));
  dialog.append(form);
  const showError = (words) => {
    error.textContent = words;
    error.hidden = !words;
    if (words) error.scrollIntoView({ block: "nearest" });
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = new Map();
    const values = Object.fromEntries(fields.map(({ name, read }) => [name, read(files)]));
    send.disabled = true;
    showError("");
    try {
      await interact({ user: me.id, type: "modal", interaction_id: modal.interaction_id, values }, files);
      close();
    } catch (failure) {
      showError(failure.message);
    } finally {
      send.disabled = false;
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  // Files that are dropped or pasted here belong to the modal, not to the composer.
  for (const name of ["dragenter", "dragover", "dragleave", "drop", "paste", "keydown"]) {
    dialog.addEventListener(name, (event) => event.stopPropagation());
  }
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector(".modal-body input, .modal-body textarea, .modal-body select")?.focus();
}

function partNodes(component, fields, context) {
  if (component.type === TEXT_DISPLAY) return [h("div", { class: "text" }, markdown(component.content, context))];
  if (component.type === ROW) {
    return component.components.map((inner) => fieldNode(inner, inner.label, null, fields, context));
  }
  if (component.type !== LABEL) return [];
  return [fieldNode(component.component, component.label, component.description, fields, context)];
}

function fieldNode(field, label, description, fields, context) {
  const make = MAKERS[field.type] ?? selectField;
  const { element, read, group } = make(field, label, context);
  fields.push({ name: field.custom_id, read });
  const id = `field-${++count}`;
  const words = [label, field.required === false || field.type === 23 ? null
    : h("span", { class: "needed", title: "required", text: " *" })];
  const note = description ? h("small", { class: "field-note", id: `${id}-note`, text: description }) : null;
  if (group) {
    return h("fieldset", { class: "modal-field" }, h("legend", { class: "field-label" }, words), note, element);
  }
  const control = element.matches("input, textarea, select") ? element : element.querySelector("input, textarea, select");
  control.id = id;
  if (note) control.setAttribute("aria-describedby", note.id);
  return h("div", { class: "modal-field" }, h("label", { class: "field-label", for: id }, words), note, element);
}

function textField(field) {
  const facts = { class: "modal-text", maxlength: field.max_length ?? 4000, placeholder: field.placeholder,
    autocomplete: "off", required: field.required !== false };
  const input = field.style === LONG ? h("textarea", { ...facts, rows: "4" }) : h("input", { ...facts, type: "text" });
  input.value = field.value ?? "";
  if (!field.max_length) return { element: input, read: () => input.value };
  const left = h("small", { class: "field-count", "aria-hidden": "true" });
  const showCount = () => { left.textContent = `${input.value.length} / ${field.max_length}`; };
  input.addEventListener("input", showCount);
  showCount();
  return { element: h("div", { class: `counted${field.style === LONG ? " counted-long" : ""}` }, input, left), read: () => input.value };
}

function selectField(field, label, context) {
  const proposed = (field.default_values ?? []).map(({ id }) => id);
  const { element, chosen, group } = selectControl(field, label, context, proposed);
  return { element, read: chosen, group };
}

function optionCards(field, type) {
  const name = `group-${++count}`;
  const boxes = field.options.map((option) => h("label", { class: "option-card" },
    h("input", { type, name, value: option.value, checked: Boolean(option.default) }),
    h("span", {}, option.label, option.description ? h("small", { text: option.description }) : null)));
  return h("div", { class: "option-cards" }, boxes);
}

function radioField(field) {
  const element = optionCards(field, "radio");
  return { element, group: true, read: () => element.querySelector("input:checked")?.value ?? null };
}

function boxesField(field) {
  const element = optionCards(field, "checkbox");
  return { element, group: true, read: () => [...element.querySelectorAll("input:checked")].map((box) => box.value) };
}

function boxField(field) {
  const box = h("input", { type: "checkbox", checked: Boolean(field.default) });
  return { element: h("div", { class: "lone-check" }, box), read: () => box.checked };
}

function fileField(field) {
  const input = h("input", {
    type: "file", multiple: (field.max_values ?? 1) > 1,
    accept: (field.file_types ?? []).map((type) => (type.startsWith(".") ? type : `${type}/*`)).join(),
  });
  const words = h("span", { class: "upload-words" });
  const show = () => {
    const files = [...input.files];
    words.replaceChildren(...(files.length
      ? files.map((file) => h("b", { text: `${file.name} (${bytes(file.size)})` }))
      : [h("b", { text: "Choose or drop a file" })]));
  };
  input.addEventListener("change", show);
  show();
  const read = (parts) => [...input.files].map((file, index) => {
    const part = `${field.custom_id}-${index}`;
    parts.set(part, file);
    return `file:${part}`;
  });
  return { element: h("div", { class: "upload" }, words, input), read };
}

const MAKERS = { 4: textField, 19: fileField, 21: radioField, 22: boxesField, 23: boxField };
