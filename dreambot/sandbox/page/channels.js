// The side: guilds, channels, unread dots, who you are, and whether the bot is there.

import { avatar, h, icon, nameOf } from "./dom.js";

// A guild's list has channels without a type.
const sign = (channel) => (channel?.type === 1 ? "at" : "hash");
const TONGUES = ["en-US", "de", "fr", "es-ES", "pt-BR", "ja"];
const RANKS = ["member", "moderator", "administrator", "owner"];
const inItself = (locale) => new Intl.DisplayNames(locale, { type: "language" }).of(locale);
const byElement = (id) => document.getElementById(id);

export class Side {
  #store;
  #unread = new Set();
  #go;

  /** `go(channelId)`, `become(userId)`, `speak(locale)`: what to do on a choice. */
  constructor(store, { go, become, speak }) {
    this.#store = store;
    this.#go = go;
    byElement("side-open").append(icon("menu"));
    byElement("side-open").addEventListener("click", () => this.#toggle(true));
    byElement("side-shade").addEventListener("click", () => this.#toggle(false));
    byElement("side").addEventListener("keydown", (event) => event.key === "Escape" && this.#toggle(false));
    byElement("you").addEventListener("change", (event) => become(event.target.value));
    byElement("tongue").append(...TONGUES.map((locale) =>
      h("option", { value: locale, text: locale.slice(0, 2), title: inItself(locale) })));
    byElement("tongue").addEventListener("change", (event) => speak(event.target.value));
    store.addEventListener("state", () => this.#draw());
    store.addEventListener("channel", () => {
      this.#unread.delete(store.channelId);
      this.#toggle(false);
      this.#draw();
    });
    store.addEventListener("message", ({ detail: { message, fresh } }) => {
      if (!fresh || message.channel_id === store.channelId || this.#unread.has(message.channel_id)) return;
      this.#unread.add(message.channel_id);
      this.#draw();
    });
    store.addEventListener("bot", () => this.#drawBot());
  }

  #toggle(open) {
    const app = byElement("app");
    const was = app.classList.contains("side-shown");
    app.classList.toggle("side-shown", open);
    byElement("side-open").setAttribute("aria-expanded", String(open));
    if (open) byElement("channels").querySelector("[aria-current]")?.focus();
    else if (was) byElement("side-open").focus();
  }

  #draw() {
    const { guilds, channelId, channels, users, me } = this.#store;
    const direct = [...channels.values()].filter(({ guild }) => !guild);
    const sections = [...guilds, ...(direct.length ? [{ name: "Direct messages", channels: direct }] : [])];
    byElement("channels").replaceChildren(...sections.map((guild) => h("section", { class: "guild" },
      h("h2", { class: "guild-name", text: guild.name }),
      h("ul", {}, guild.channels.map((channel) => h("li", {}, this.#channelButton(channel, channelId)))))));
    const channel = channels.get(channelId);
    byElement("channel-name").replaceChildren(icon(sign(channel)), h("span", { text: channel?.name ?? "nowhere" }),
      channel?.nsfw ? h("span", { class: "tag tag-nsfw", text: "18+" }) : "");
    document.title = channel ? `${channel.name} · dreambot sandbox` : "dreambot sandbox";
    byElement("welcome").replaceChildren(h("div", { class: "welcome-mark" }, icon(sign(channel))),
      h("h2", { text: channel?.type === 1 ? `You and ${channel.name}` : `Welcome to #${channel?.name ?? ""}` }),
      h("p", { text: "Post a picture, type / for commands, or open a picture’s menu. "
        + "Nothing here leaves this machine." }));
    const members = [...users.values()].filter((user) => !user.bot);
    byElement("you").replaceChildren(...this.#memberGroups(members));
    byElement("you").value = me?.id ?? "";
    byElement("you-label").textContent = `You are a${/^[ao]/.test(this.#rank(me)) ? "n" : ""} ${this.#rank(me)}`;
    byElement("tongue").value = me?.locale ?? TONGUES[0];
    byElement("you-avatar").replaceChildren(avatar(me));
    this.#drawBot();
  }

  #rank(user) {
    const { guild, guilds } = this.#store;
    const here = guild ?? guilds[0];
    return here?.members.find(({ id }) => id === user?.id)?.rank ?? "member";
  }

  // Whom one can be, under what they are: the owner, moderators, members.
  #memberGroups(users) {
    const groups = Map.groupBy(users, (user) => this.#rank(user));
    return RANKS.filter((rank) => groups.has(rank)).map((rank) =>
      h("optgroup", { label: `${rank[0].toUpperCase()}${rank.slice(1)}s` },
        groups.get(rank).map((user) => h("option", { value: user.id, text: nameOf(user) }))));
  }

  #channelButton(channel, current) {
    const unread = this.#unread.has(channel.id);
    return h("button", { class: `channel${unread ? " channel-unread" : ""}`, type: "button",
      "aria-current": channel.id === current ? "page" : null, on: { click: () => this.#go(channel.id) } },
    icon(sign(channel)), h("span", { text: channel.name }),
    unread ? h("span", { class: "unseen", text: "(new messages)" }) : null);
  }

  #drawBot() {
    const { bot, connected, me } = this.#store;
    const state = byElement("bot-state");
    state.classList.toggle("bot-online", bot.online && connected);
    state.replaceChildren(h("i", { "aria-hidden": "true" }), `${bot.name} ${bot.online ? "is here" : "is away"}`);
    const words = !connected ? "The line to the sandbox is cut. Trying again…"
      : bot.online ? "" : `${bot.name} is not connected. You can post; commands work once it is back.`;
    byElement("banner").textContent = me ? words : "";
    byElement("banner").hidden = !words || !me;
  }
}
