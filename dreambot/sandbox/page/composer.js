// The input for messages and commands.

import { editMessage, interact, postMessage } from "./api.js";
import { CommandError, OPTION, fillCommand, flatten, noSuchCommand, readCommand } from "./commands.js";
import { Completion } from "./completion.js";
import { h, icon, iconButton, nameOf } from "./dom.js";
import { FileTray } from "./files.js";
import { decodeMentions, encodeMentions, findMentions, mentionOf } from "./mentions.js";
import { describeType } from "./suggest.js";
import { localizeCommands } from "./localization.js";

const MAX_CHARACTERS = 2000;
const LEAVE_MS = 150;

export class Composer extends EventTarget {
  #store;
  #flat = [];
  #replyTo = null;
  #editing = null;
  #busy = false;
  #tray = new FileTray(() => this.#dropTarget());
  #attach = iconButton("Attach files", "plus", () => this.#tray.choose(), { class: "attach" });
  #text = h("textarea", {
    id: "text", class: "write-text", rows: "1", autocomplete: "off", spellcheck: "false", enterkeyhint: "send",
    "aria-autocomplete": "list", "aria-controls": "completion-list",
  });
  #highlights = h("div", { class: "write-highlights", "aria-hidden": "true" });
  #about = h("div", { class: "replying", hidden: true });
  #options = h("div", { class: "options", role: "group", "aria-label": "Options of the command", hidden: true });
  #error = h("div", { class: "write-error", role: "alert", hidden: true });
  #send = h("button", { class: "send", type: "submit", "aria-label": "Send" }, icon("send"));
  #completion = new Completion(this.#text, () => this.#scope(), (item) => this.#insert(item));

  constructor(store, place) {
    super();
    this.#store = store;
    const form = h("form", { class: "composer", on: { submit: (event) => this.#submit(event) } },
      this.#completion.element, this.#error, this.#options,
      h("div", { class: "box" }, this.#about, this.#tray.element,
        h("div", { class: "write" }, this.#attach, this.#tray.input,
          h("div", { class: "write-field" }, this.#highlights, this.#text), this.#send)));
    place.append(form);
    this.#text.addEventListener("input", () => this.#changed());
    this.#text.addEventListener("click", () => this.#completion.refresh());
    this.#text.addEventListener("keydown", (event) => this.#onKey(event, form));
    this.#text.addEventListener("keyup", (event) => ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)
      && this.#completion.refresh());
    this.#text.addEventListener("blur", () => setTimeout(() => {
      if (!form.contains(document.activeElement)) this.#completion.close();
    }, LEAVE_MS));
    this.#text.addEventListener("scroll", () => { this.#highlights.scrollTop = this.#text.scrollTop; });
    this.#tray.addEventListener("change", () => { this.#changed(false); this.#text.focus(); });
    for (const event of ["state", "commands"]) store.addEventListener(event, () => this.#updateCommands());
    store.addEventListener("channel", () => { this.edit(null); this.replyTo(null); this.#updateCommands(); });
    store.addEventListener("gone", ({ detail }) => {
      if (detail.id === this.#replyTo?.id) this.replyTo(null);
      if (detail.id === this.#editing?.message.id) this.edit(null);
    });
    addEventListener("keydown", (event) => this.#catchTyping(event));
  }

  focus() {
    this.#text.focus();
  }

  /** Adds a mention of a user at the end of the text. */
  mention(user) {
    const { value } = this.#text;
    const gap = /\S$/.test(value) ? " " : "";
    const insert = `${gap}${mentionOf(user, this.#store.mentionableHere())} `;
    this.#insert({ insert, from: value.length, to: value.length });
  }

  /** Starts a reply to a message, or cancels it (null). */
  replyTo(message) {
    if (message) this.edit(null);
    this.#replyTo = message;
    this.#showAbout();
    if (message) this.#text.focus();
  }

  /** Starts editing the user's own message, or cancels it (null). A draft is kept and restored. */
  edit(message) {
    if (!message && !this.#editing) return;
    if (message) this.replyTo(null);
    const draft = this.#editing?.draft ?? this.#text.value;
    this.#editing = message && { message, draft };
    this.#text.value = message ? decodeMentions(message.content, this.#store.mentionableHere()) : draft;
    this.#attach.disabled = Boolean(message);
    this.#showAbout();
    this.#changed(false);
    this.#completion.close();
    this.dispatchEvent(new CustomEvent("editing", { detail: message }));
    if (message) this.#text.focus();
  }

  #showAbout() {
    const [replied, edited] = [this.#replyTo, this.#editing?.message];
    this.#about.hidden = !replied && !edited;
    if (replied) {
      this.#about.replaceChildren(h("span", {}, "Replying to ", h("b", { text: nameOf(replied.author) })),
        iconButton("Do not reply", "close", () => this.replyTo(null)));
    } else if (edited) {
      this.#about.replaceChildren(h("span", {}, h("b", { text: "Editing a message" }),
        h("span", { class: "keys", text: " · Enter saves, Esc cancels" })),
        iconButton("Do not edit", "close", () => this.edit(null)));
    }
  }

  #updateCommands() {
    this.#flat = flatten(localizeCommands(this.#store.commandsHere(), this.#store.me?.locale));
    this.#place();
    this.#changed(document.activeElement === this.#text);
  }

  #place() {
    const channel = this.#store.channels.get(this.#store.channelId);
    const words = channel ? `Message ${channel.guild ? "#" : "@"}${channel.name}` : "Message";
    this.#text.placeholder = `${words} or type /`;
    this.#text.setAttribute("aria-label", `${words}. Type / for commands.`);
  }

  #scope() {
    const { me, channelId, channels } = this.#store;
    return { flat: this.#editing ? null : this.#flat, user: me?.id, channelId, users: this.#store.membersHere(),
      mentionable: this.#store.mentionableHere(), channels: [...channels.values()].filter(({ guild }) => guild) };
  }

  #dropTarget() {
    const read = readCommand(this.#text.value, this.#flat);
    const option = read?.command.options.find(({ type }) => type === OPTION.FILE);
    const channel = this.#store.channels.get(this.#store.channelId);
    return option ? `${option.name} of /${read.command.name}` : `#${channel?.name ?? ""}`;
  }

  #changed(complete = true) {
    this.#showError(null);
    const read = this.#editing ? null : readCommand(this.#text.value, this.#flat);
    this.#drawHighlights(read);
    this.#drawOptions(read);
    if (complete) this.#completion.refresh();
    this.#send.classList.toggle("ready", Boolean(this.#text.value.trim() || this.#tray.files.length));
  }

  // The text of the textarea is transparent; this layer below it draws the text with highlights.
  #drawHighlights(read) {
    const { value } = this.#text;
    const spans = [];
    let at = 0;
    const mark = (from, to, className) => {
      spans.push(value.slice(at, from), h("span", { class: className, text: value.slice(from, to) }));
      at = to;
    };
    if (read) {
      mark(0, read.nameEnd, "mark-command");
      for (const token of read.tokens) {
        mark(token.start, token.valueStart, token.option ? "mark-option" : "mark-option mark-wrong");
        if (token.end > token.valueStart) mark(token.valueStart, token.end, "mark-value");
      }
    } else for (const { start, end } of findMentions(value, this.#store.mentionableHere())) mark(start, end, "mark-mention");
    this.#highlights.replaceChildren(...spans, value.slice(at), "\u200b");
  }

  #drawOptions(read) {
    this.#options.hidden = !read?.command.options.length;
    if (this.#options.hidden) return;
    let spare = this.#tray.files.length;
    this.#options.replaceChildren(...read.command.options.map((option) => {
      const token = read.tokens.find(({ name }) => name === option.name);
      const file = option.type === OPTION.FILE && spare > 0 && spare--;
      const filled = Boolean(token?.value) || file;
      const state = `${filled ? " pill-filled" : ""}${option.required ? " pill-needed" : ""}`;
      return h("button", { class: `pill${state}`, type: "button", on: { click: () => this.#fill(option, token) },
        title: `${option.description} (${describeType(option)})` },
      filled ? "✓ " : option.required ? "" : "+ ", option.name);
    }));
  }

  #fill(option, token) {
    if (option.type === OPTION.FILE) {
      this.#tray.choose();
      return;
    }
    this.#text.focus();
    if (token) this.#text.setSelectionRange(token.end, token.end);
    else {
      const { value } = this.#text;
      const insert = `${/\s$/.test(value) ? "" : " "}${option.name}:`;
      this.#insert({ insert, from: value.length, to: value.length });
    }
    this.#completion.refresh();
  }

  #insert({ insert, from, to, option }) {
    const { value } = this.#text;
    const isFile = option?.type === OPTION.FILE;
    const inserted = isFile ? "" : insert;
    const rest = value.slice(to);
    this.#text.value = value.slice(0, from) + inserted + (inserted.endsWith(" ") ? rest.trimStart() : rest);
    this.#text.setSelectionRange(from + inserted.length, from + inserted.length);
    this.#text.focus();
    this.#changed();
    if (isFile) this.#tray.choose();
  }

  #onKey(event, form) {
    if (event.isComposing) return;
    if (this.#completion.takeKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape" && this.#editing) this.edit(null);
    else if (event.key === "Escape" && this.#replyTo) this.replyTo(null);
    else if (event.key === "ArrowUp" && !this.#text.value && !this.#tray.files.length) this.#editLast(event);
  }

  #editLast(event) {
    const last = this.#store.messages(this.#store.channelId).findLast((message) => this.#store.isEditable(message));
    if (!last) return;
    event.preventDefault();
    this.edit(last);
  }

  #catchTyping(event) {
    const busy = event.target.closest?.("input, textarea, select, button, [role=menu], dialog, details, [role=button]");
    const isLetter = event.key.length === 1 && event.key !== " ";
    if (!busy && isLetter && !event.ctrlKey && !event.metaKey && !event.altKey) this.#text.focus();
  }

  #showError(words) {
    this.#error.hidden = !words;
    this.#error.textContent = words ?? "";
  }

  async #submit(event) {
    event.preventDefault();
    const content = this.#text.value.trim();
    const files = this.#tray.files;
    if (this.#busy || (!content && !files.length && !this.#editing) || !this.#store.me) return;
    this.#busy = true;
    this.#send.classList.add("sending");
    try {
      if (this.#editing) {
        await this.#save(content);
        return;
      }
      if (/^\/[^\s/]/.test(content)) await this.#command(content, files);
      else await this.#message(content, files);
      this.#text.value = "";
      this.#tray.clear();
      this.replyTo(null);
      this.#changed();
    } catch (error) {
      this.#completion.close();
      this.#showError(error.message);
    } finally {
      this.#busy = false;
      this.#send.classList.remove("sending");
    }
  }

  /** Returns a typed text as it is sent. Throws CommandError. */
  #encode(typed) {
    const content = encodeMentions(typed, this.#store.mentionableHere());
    if (content.length > MAX_CHARACTERS) {
      throw new CommandError(`A message holds ${MAX_CHARACTERS} characters; this one has ${content.length}.`);
    }
    return content;
  }

  async #save(typed) {
    const { message } = this.#editing;
    const content = this.#encode(typed);
    if (content !== message.content) this.#store.upsert(await editMessage(message.id, this.#store.me.id, content));
    this.edit(null);
  }

  async #message(typed, files) {
    const content = this.#encode(typed);
    const { channelId, me } = this.#store;
    const message = await postMessage(channelId, me.id, { content, files, replyTo: this.#replyTo?.id ?? null });
    if (message?.id) this.#store.upsert(message);
  }

  // Commands that this user or this channel does not have are not offered, as in Discord.
  #whyNotUsable(content) {
    const { commands, guild, me } = this.#store;
    const command = readCommand(content, flatten(localizeCommands(commands, me.locale)))?.command;
    if (!command) return noSuchCommand(content, this.#flat);
    const root = commands.find(({ name }) => name === command.key.split(" ")[0]);
    return guild && root.default_member_permissions
      ? `“/${command.name}” is for moderators. To try it, switch to one below the list of channels.`
      : `“/${command.name}” cannot be used in this channel.`;
  }

  async #command(content, files) {
    const read = readCommand(content, this.#flat);
    if (!read) throw new CommandError(this.#whyNotUsable(content));
    const scope = this.#scope();
    const { options, parts } = fillCommand(read, { files, users: scope.users, channels: scope.channels });
    const { me, channelId } = this.#store;
    const payload = { user: me.id, channel_id: channelId, type: "slash", name: read.command.key, options };
    const answer = await interact(payload, parts);
    const [picture] = [...parts.values()].filter((file) => file.type.startsWith("image/"));
    if (picture && answer?.interaction_id) this.#store.rememberSource(answer.interaction_id, picture);
  }
}
