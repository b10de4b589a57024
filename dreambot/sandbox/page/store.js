// The state of the page. Views listen to its events and never use the WebSocket themselves.

import { nameOf } from "./dom.js";
import { picturesIn } from "./media.js";

export const EPHEMERAL = 64;
export const LOADING = 128;
const MENTION_EVERYONE = 1n << 17n;

/** Compares two ids, which are decimal strings too long for numbers. */
export const byId = (a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

export class Store extends EventTarget {
  me = null;
  bot = { id: "0", name: "the bot", online: false };
  connected = false;
  guilds = [];
  users = new Map();
  #people = [];
  channels = new Map();
  commands = [];
  channelId = null;
  #messages = new Map();
  #dismissed = new Set();
  // Ephemeral messages received while the page is open. As in Discord, reloading the page removes them.
  #ephemeral = new Set();
  #sources = new Map();
  #pendingUpdates = null;

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Applies the response of /state. */
  setState(state) {
    if (state.me.id !== this.me?.id) this.#ephemeral.clear();
    this.me = state.me;
    this.bot = state.bot;
    this.guilds = state.guilds;
    this.commands = state.commands;
    this.users = new Map(state.users.map((user) => [user.id, user]));
    this.#people = state.people;
    const channels = state.guilds.flatMap((guild) => guild.channels.map((channel) => ({ ...channel, type: 0, guild })));
    if (state.direct) channels.push({ id: state.direct, name: state.bot.name, type: 1, guild: null });
    this.channels = new Map(channels.map((channel) => [channel.id, channel]));
    if (!this.channels.has(this.channelId)) this.channelId = this.channels.keys().next().value ?? null;
    this.#emit("state");
  }

  /** The guild of the open channel, or null in a direct conversation. */
  get guild() {
    return this.channels.get(this.channelId)?.guild ?? null;
  }

  /** Returns the users that the page can switch to. */
  people() {
    return this.#people.map((id) => this.users.get(id));
  }

  /** Returns the members of the open channel's guild or direct conversation, with `nick` and `rank`. */
  membersHere() {
    const members = this.guild?.members ?? [{ id: this.me?.id }, { id: this.bot.id }];
    return members.filter(({ id }) => this.users.has(id)).map((member) => ({ ...this.users.get(member.id), ...member }));
  }

  /** Returns the members, and the roles that the user may mention: {id, name, isRole}. */
  mentionableHere() {
    const { guild } = this;
    const mayAll = (BigInt(guild?.permissions ?? 0) & MENTION_EVERYONE) !== 0n;
    const roles = (guild?.roles ?? []).filter(({ id, mentionable }) => id !== guild.id && (mentionable || mayAll));
    return [...this.membersHere(), ...roles.map(({ id, name }) => ({ id, name, isRole: true }))];
  }

  /** Returns the commands that may be used in the open channel. */
  commandsHere() {
    const { guild } = this;
    const channel = this.channels.get(this.channelId);
    const has = BigInt(guild?.permissions ?? 0);
    const may = (needed) => !guild || needed === null || (has & 8n) !== 0n
      || (BigInt(needed) !== 0n && (has & BigInt(needed)) === BigInt(needed));
    return this.commands.filter((command) => (!command.guild_id || command.guild_id === guild?.id)
      && (!command.contexts || command.contexts.includes(guild ? 0 : 1))
      && (guild || command.dm_permission !== false) && (!command.nsfw || channel?.nsfw)
      && may(command.default_member_permissions ?? null));
  }

  /** Sets the language of the user's client. */
  setLocale(locale) {
    this.me = { ...this.me, locale };
    this.#emit("commands");
  }

  setConnected(connected) {
    this.connected = connected;
    this.#emit("bot");
  }

  openChannel(id) {
    this.channelId = id;
    this.#emit("channel");
  }

  /** Marks that a list is being fetched. Events received meanwhile are newer than the list. */
  startLoading() {
    this.#pendingUpdates = new Map();
  }

  /** Replaces the messages of a channel with a fetched list, oldest first. */
  setMessages(channelId, messages) {
    const isOver = ({ id, flags }) => this.#dismissed.has(id) || (flags & EPHEMERAL && !this.#ephemeral.has(id));
    const kept = messages.filter((message) => !isOver(message));
    const known = new Map(kept.map((message) => [message.id, message]));
    for (const [id, message] of this.#pendingUpdates ?? []) {
      if (!message) known.delete(id);
      else if (message.channel_id === channelId) known.set(id, message);
    }
    this.#pendingUpdates = null;
    this.#messages.set(channelId, known);
    this.#emit("messages", { channelId });
  }

  /** Returns whether the user may change the text of a message. */
  isEditable(message) {
    return message.author?.id === this.me?.id && !(message.flags & EPHEMERAL) && !message.message_snapshots?.length;
  }

  /** Returns the messages of a channel, oldest first. */
  messages(channelId) {
    return [...(this.#messages.get(channelId)?.values() ?? [])].sort((a, b) => byId(a.id, b.id));
  }

  message(channelId, id) {
    return this.#messages.get(channelId)?.get(id);
  }

  upsert(message) {
    if (this.#dismissed.has(message.id)) return;
    const known = this.#messages.get(message.channel_id) ?? new Map();
    this.#messages.set(message.channel_id, known);
    const isNew = !known.has(message.id);
    if (message.flags & EPHEMERAL) this.#ephemeral.add(message.id);
    const before = known.get(message.id);
    const merged = isNew ? message : { ...before, ...message };
    known.set(message.id, merged);
    this.#pendingUpdates?.set(message.id, merged);
    if (!this.users.has(message.author?.id) && message.author) this.users.set(message.author.id, message.author);
    this.#emit("message", { message: merged, isNew, before });
  }

  // The update of a message that is not shown must not show it.
  #edit(message) {
    if (this.message(message.channel_id, message.id)) this.upsert(message);
    else if (!(message.flags & EPHEMERAL)) this.#pendingUpdates?.set(message.id, message);
  }

  remove(channelId, id) {
    this.#pendingUpdates?.set(id, null);
    if (this.#messages.get(channelId)?.delete(id)) this.#emit("gone", { channelId, id });
  }

  /** Hides an ephemeral message permanently. */
  dismiss(message) {
    this.#dismissed.add(message.id);
    this.remove(message.channel_id, message.id);
  }

  /** Applies one event of the WebSocket. */
  apply({ t, d }) {
    if (t === "MESSAGE_CREATE") this.upsert(d);
    else if (t === "MESSAGE_UPDATE") this.#edit(d);
    else if (t === "MESSAGE_DELETE") this.remove(d.channel_id, d.id);
    else if (t === "MESSAGE_DELETE_BULK") for (const id of d.ids) this.remove(d.channel_id, id);
    else if (t === "MODAL") this.#emit("modal", d);
    else if (t === "TYPING_START") this.#emit("typing", d);
    else if (t === "INTERACTION_FAILED") this.#emit("failed", d);
    else if (t === "COMMANDS") {
      this.commands = d;
      this.#emit("commands");
    } else if (t === "BOT") {
      this.bot = { ...this.bot, ...d };
      this.#emit("bot");
    }
  }

  /** Stores the picture that was sent with an interaction, for comparing it with the result. */
  rememberSource(interactionId, file) {
    this.#sources.set(interactionId, { url: URL.createObjectURL(file), name: file.name });
    this.#emit("source");
    for (const [id, source] of [...this.#sources].slice(0, -20)) {
      URL.revokeObjectURL(source.url);
      this.#sources.delete(id);
    }
  }

  /**
   * Returns the most likely source of a bot's picture: {url, width?, height?}, or null. `index` is the position
   * of the picture in its message.
   */
  sourceOf(message, index = 0) {
    if (!message.author?.bot) return null;
    // Where a picture of an album is missing, or only a preview is shown, the positions differ.
    const among = (pictures) => (pictures.length === picturesIn(message).length ? pictures[index] ?? null : null);
    const meta = message.interaction_metadata;
    const sent = this.#sources.get(meta?.id);
    if (sent) return sent;
    const target = message.referenced_message?.id ?? message.message_reference?.message_id
      ?? meta?.target_message_id ?? meta?.interacted_message_id;
    const replied = target && this.message(message.channel_id, target);
    if (replied) return among(picturesIn(replied));
    if (message.referenced_message) return among(picturesIn(message.referenced_message));
    const earlier = this.messages(message.channel_id).filter((other) => byId(other.id, message.id) < 0).reverse();
    const own = earlier.find((other) => other.author?.id === meta?.user?.id && picturesIn(other).length);
    const found = own ?? earlier.find((other) => picturesIn(other).length);
    return found ? among(picturesIn(found)) : null;
  }

  userName(id) {
    const member = this.memberOf(id);
    return member?.nick || nameOf(this.users.get(id) ?? (id === this.bot.id ? this.bot : null));
  }

  /** Returns the member of the open channel's guild: {id, nick, rank, roles}; undefined for other users. */
  memberOf(id) {
    return this.guild?.members.find((member) => member.id === id);
  }
}
