// The panel above the composer that suggests commands, options, values and mentions.

import { interact } from "./api.js";
import { OPTION, withKeys } from "./commands.js";
import { avatar, h, icon } from "./dom.js";
import { choiceItems, suggest } from "./suggest.js";

const DEBOUNCE_MS = 150;

export class Completion {
  element = h("div", { class: "completion", hidden: true });
  #list = h("div", { class: "completion-list", role: "listbox", id: "completion-list", "aria-label": "Suggestions" });
  #head = h("div", { class: "completion-head" });
  #input;
  #scope;
  #pick;
  #offer = null;
  #items = [];
  #active = -1;
  #timer = 0;
  #turn = 0;

  /** `scope()`: {flat, users, mentionable, channels, user, channelId}; `pick(item)` inserts an item into the text. */
  constructor(input, scope, pick) {
    this.#input = input;
    this.#scope = scope;
    this.#pick = pick;
    this.element.append(this.#head, this.#list);
    this.element.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Updates the suggestions after the text or the caret changed. */
  refresh() {
    const scope = this.#scope();
    const caret = this.#input.selectionEnd;
    const offer = suggest(this.#input.value, caret, scope.flat, scope);
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    if (!offer) {
      this.close();
      return;
    }
    const same = this.#offer?.kind === "values" && offer.ask && this.#offer.title === offer.title;
    this.#offer = offer;
    if (offer.ask) {
      if (!same) this.#show([], "Looking…");
      this.#timer = setTimeout(() => this.#askServer(offer, turn, scope), same ? DEBOUNCE_MS : 0);
    } else this.#show(offer.items, offer.kind === "commands" ? "No such command" : "");
  }

  async #askServer({ ask: { command, token, tokens } }, turn, { user, channelId }) {
    const others = tokens.filter(({ option, name, value }) =>
      option && value && name !== token.name && option.type !== OPTION.FILE);
    let choices = [];
    let words = "Nothing to suggest; you may type any value";
    try {
      const answer = await interact({
        user, channel_id: channelId, type: "autocomplete", name: command.key, option: token.option.key,
        value: token.value, options: withKeys(Object.fromEntries(others.map(({ name, value }) => [name, value])), command),
      });
      choices = answer?.choices ?? [];
    } catch (error) {
      words = error.message;
    }
    if (turn === this.#turn && this.#offer) this.#show(choiceItems(choices, token.valueStart, token.end), words);
  }

  close() {
    clearTimeout(this.#timer);
    this.#turn++;
    this.#offer = null;
    this.#items = [];
    this.element.hidden = true;
    this.#input.removeAttribute("aria-activedescendant");
  }

  #show(items, emptyWords) {
    const { kind, title, detail, note, exact } = this.#offer;
    this.#items = items;
    if (!items.length && !emptyWords && kind !== "values") {
      this.close();
      return;
    }
    this.#head.replaceChildren(h("b", { text: title }), detail ? h("span", { text: detail }) : "",
      note ? h("span", { class: "completion-note", text: note }) : "");
    this.#list.replaceChildren(...items.map((item, index) => this.#row(item, index)));
    if (!items.length && emptyWords) this.#list.append(h("div", { class: "completion-empty", text: emptyWords }));
    this.#list.hidden = !this.#list.hasChildNodes();
    this.element.hidden = false;
    this.#setActive(["commands", "members"].includes(kind) && items.length && !exact ? 0 : -1);
  }

  #row(item, index) {
    const click = () => this.#pick(item);
    const pointermove = () => this.#active !== index && this.#setActive(index, false);
    const hint = ({ name, required }) => h("span", { class: `hint${required ? " hint-needed" : ""}`, text: name });
    return h("div", { class: "choice", role: "option", id: `choice-${index}`, "aria-selected": "false",
      on: { click, pointermove } },
    item.user ? (item.user.isRole ? icon("people") : avatar(item.user, "avatar avatar-small")) : null,
    h("span", { class: "choice-label", text: item.label }),
    (item.hints ?? []).map(hint),
    item.detail ? h("span", { class: "choice-detail", text: item.detail }) : null,
    item.note ? h("span", { class: "choice-note", text: item.note }) : null);
  }

  #setActive(index, scroll = true) {
    this.#active = index;
    [...this.#list.children].forEach((row, at) => row.setAttribute?.("aria-selected", String(at === index)));
    if (index >= 0 && this.#items.length) {
      this.#input.setAttribute("aria-activedescendant", `choice-${index}`);
      if (scroll) this.#list.children[index].scrollIntoView({ block: "nearest" });
    } else this.#input.removeAttribute("aria-activedescendant");
  }

  /** Handles a key if it is for the panel, and returns whether it was. Enter is handled only if a row is active. */
  takeKey(event) {
    if (!this.isOpen) return false;
    const count = this.#items.length;
    if (event.key === "Escape") this.close();
    else if (!count) return false;
    else if (event.key === "ArrowDown") this.#setActive((this.#active + 1) % count);
    else if (event.key === "ArrowUp") this.#setActive(this.#active <= 0 ? count - 1 : this.#active - 1);
    else if (event.key === "Tab" && !event.shiftKey) this.#pick(this.#items[Math.max(this.#active, 0)]);
    else if (event.key === "Enter" && !event.shiftKey && this.#active >= 0) this.#pick(this.#items[this.#active]);
    else return false;
    event.preventDefault();
    return true;
  }
}
