// The sidebar: guilds, channels with unread marks, the current user, and whether the bot is online.

import { avatar, byId, h, icon, nameOf } from "./dom.js";
import { themeSwitch } from "./theme.js";

// The channels of a guild have no type in the state.
const channelIcon = (channel) => (channel?.type === 1 ? "at" : "hash");
const LOCALES = ["en-US", "de", "fr", "es-ES", "pt-BR", "ja"];
const RANKS = ["member", "moderator", "administrator", "owner"];
const nativeName = (locale) => new Intl.DisplayNames(locale, { type: "language" }).of(locale);

export class Sidebar {
  #store;
  #unread = new Set();
  #showChannel;

  /** Called when the user selects something: `showChannel(channelId)`, `switchUser(userId)`, `setLocale(locale)`. */
  constructor(store, { showChannel, switchUser, setLocale }) {
    this.#store = store;
    this.#showChannel = showChannel;
    byId("side-open").append(icon("menu"));
    byId("side-open").addEventListener("click", () => this.#toggle(true));
    byId("side-shade").addEventListener("click", () => this.#toggle(false));
    byId("side").addEventListener("keydown", (event) => event.key === "Escape" && this.#toggle(false));
    byId("you").addEventListener("change", (event) => switchUser(event.target.value));
    byId("locale").append(...LOCALES.map((locale) =>
      h("option", { value: locale, text: locale.slice(0, 2), title: nativeName(locale) })));
    byId("locale").addEventListener("change", (event) => setLocale(event.target.value));
    themeSwitch(byId("theme"));
    store.addEventListener("state", () => this.#draw());
    store.addEventListener("channel", () => {
      this.#unread.delete(store.channelId);
      this.#toggle(false);
      this.#draw();
    });
    store.addEventListener("message", ({ detail: { message, isNew } }) => {
      if (!isNew || message.channel_id === store.channelId || this.#unread.has(message.channel_id)) return;
      this.#unread.add(message.channel_id);
      this.#draw();
    });
    store.addEventListener("bot", () => this.#drawBot());
  }

  #toggle(open) {
    const app = byId("app");
    const was = app.classList.contains("side-shown");
    app.classList.toggle("side-shown", open);
    byId("side-open").setAttribute("aria-expanded", String(open));
    if (open) byId("channels").querySelector("[aria-current]")?.focus();
    else if (was) byId("side-open").focus();
  }

  #draw() {
    const { guilds, channelId, channels, me } = this.#store;
    const direct = [...channels.values()].filter(({ guild }) => !guild);
    const sections = [...guilds, ...(direct.length ? [{ name: "Direct messages", channels: direct }] : [])];
    byId("channels").replaceChildren(...sections.map((guild) => h("section", { class: "guild" },
      h("h2", { class: "guild-name", text: guild.name }),
      h("ul", {}, guild.channels.map((channel) => h("li", {}, this.#channelButton(channel, channelId)))))));
    const channel = channels.get(channelId);
    byId("channel-name").replaceChildren(icon(channelIcon(channel)), h("span", { text: channel?.name ?? "nowhere" }),
      channel?.nsfw ? h("span", { class: "tag tag-nsfw", text: "18+" }) : "");
    document.title = channel ? `${channel.name} · dreambot sandbox` : "dreambot sandbox";
    byId("welcome").replaceChildren(h("div", { class: "welcome-mark" }, icon(channelIcon(channel))),
      h("h2", { text: channel?.type === 1 ? `You and ${channel.name}` : `Welcome to #${channel?.name ?? ""}` }),
      h("p", { text: "Post a picture, type / for commands, or open a picture’s menu. "
        + "Nothing here leaves this machine." }));
    byId("you").replaceChildren(...this.#memberGroups(this.#store.people()));
    byId("you").value = me?.id ?? "";
    byId("you-label").textContent = `You are a${/^[ao]/.test(this.#rank(me)) ? "n" : ""} ${this.#rank(me)}`;
    byId("locale").value = me?.locale ?? LOCALES[0];
    byId("you-avatar").replaceChildren(avatar(me));
    this.#drawBot();
  }

  #rank(user) {
    const { guild, guilds } = this.#store;
    const here = guild ?? guilds[0];
    return here?.members.find(({ id }) => id === user?.id)?.rank ?? "member";
  }

  // The members to switch to, grouped by rank.
  #memberGroups(users) {
    const groups = Map.groupBy(users, (user) => this.#rank(user));
    return RANKS.filter((rank) => groups.has(rank)).map((rank) =>
      h("optgroup", { label: `${rank[0].toUpperCase()}${rank.slice(1)}s` },
        groups.get(rank).map((user) => h("option", { value: user.id, text: nameOf(user) }))));
  }

  #channelButton(channel, current) {
    const unread = this.#unread.has(channel.id);
    return h("button", { class: `channel${unread ? " channel-unread" : ""}`, type: "button",
      "aria-current": channel.id === current ? "page" : null, on: { click: () => this.#showChannel(channel.id) } },
    icon(channelIcon(channel)), h("span", { text: channel.name }),
    unread ? h("span", { class: "visually-hidden", text: "(new messages)" }) : null);
  }

  #drawBot() {
    const { bot, connected, me } = this.#store;
    const state = byId("bot-state");
    state.classList.toggle("bot-online", bot.online && connected);
    state.replaceChildren(h("i", { "aria-hidden": "true" }),
      h("span", {}, h("span", { class: "bot-name", text: `${bot.name} is ` }), bot.online ? "online" : "offline"));
    const words = !connected ? "The connection to the sandbox is lost. Reconnecting…"
      : bot.online ? "" : `${bot.name} is not connected. You can post; commands work once it is back.`;
    byId("banner").textContent = me ? words : "";
    byId("banner").hidden = !words || !me;
  }
}
