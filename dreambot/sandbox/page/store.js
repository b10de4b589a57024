// What the page knows. Views listen to its events and never talk to the socket themselves.

import { nameOf } from "./dom.js";
import { picturesIn } from "./media.js";

export const EPHEMERAL = 64;
export const LOADING = 128;

/** Order of two ids (decimal strings too long for numbers). */
export const byId = (a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

export class Store extends EventTarget {
  me = null;
  bot = { id: "0", name: "the bot", online: false };
  connected = false;
  guilds = [];
  users = new Map();
  channels = new Map();
  commands = [];
  channelId = null;
  #messages = new Map();
  #dismissed = new Set();
  // Messages for this member alone that came while the page was open: like Discord's, they end with the page.
  #ephemeral = new Set();
  #sources = new Map();
  #during = null;

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Take the answer of /state. */
  setState(state) {
    if (state.me.id !== this.me?.id) this.#ephemeral.clear();
    this.me = state.me;
    this.bot = state.bot;
    this.guilds = state.guilds;
    this.commands = state.commands;
    this.users = new Map(state.users.map((user) => [user.id, user]));
    const places = state.guilds.flatMap((guild) => guild.channels.map((channel) => ({ ...channel, type: 0, guild })));
    if (state.direct) places.push({ id: state.direct, name: state.bot.name, type: 1, guild: null });
    this.channels = new Map(places.map((channel) => [channel.id, channel]));
    if (!this.channels.has(this.channelId)) this.channelId = this.channels.keys().next().value ?? null;
    this.#tell("state");
  }

  /** The guild of the open channel, or null in direct conversation. */
  get guild() {
    return this.channels.get(this.channelId)?.guild ?? null;
  }

  /** The members of the open channel's guild, or the two of a direct conversation, with `nick` and `rank`. */
  membersHere() {
    const members = this.guild?.members ?? [{ id: this.me?.id }, { id: this.bot.id }];
    return members.filter(({ id }) => this.users.has(id)).map((member) => ({ ...this.users.get(member.id), ...member }));
  }

  /** The commands that may be used in the open channel. */
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

  /** The language of this member's client. */
  speak(locale) {
    this.me = { ...this.me, locale };
    this.#tell("commands");
  }

  setConnected(connected) {
    this.connected = connected;
    this.#tell("bot");
  }

  openChannel(id) {
    this.channelId = id;
    this.#tell("channel");
  }

  /** A list is being fetched: what the socket tells meanwhile is newer than the list. */
  startLoading() {
    this.#during = new Map();
  }

  /** Replace what is known of a channel by a fresh list, oldest first. */
  setMessages(channelId, messages) {
    const isOver = ({ id, flags }) => this.#dismissed.has(id) || (flags & EPHEMERAL && !this.#ephemeral.has(id));
    const kept = messages.filter((message) => !isOver(message));
    const known = new Map(kept.map((message) => [message.id, message]));
    for (const [id, message] of this.#during ?? []) {
      if (!message) known.delete(id);
      else if (message.channel_id === channelId) known.set(id, message);
    }
    this.#during = null;
    this.#messages.set(channelId, known);
    this.#tell("messages", { channelId });
  }

  /** Whether this member may change the text of a message. */
  isEditable(message) {
    return message.author?.id === this.me?.id && !(message.flags & EPHEMERAL) && !message.message_snapshots?.length;
  }

  /** Messages of a channel, oldest first. */
  messages(channelId) {
    return [...(this.#messages.get(channelId)?.values() ?? [])].sort((a, b) => byId(a.id, b.id));
  }

  message(channelId, id) {
    return this.#messages.get(channelId)?.get(id);
  }

  put(message) {
    if (this.#dismissed.has(message.id)) return;
    const known = this.#messages.get(message.channel_id) ?? new Map();
    this.#messages.set(message.channel_id, known);
    const fresh = !known.has(message.id);
    if (message.flags & EPHEMERAL) this.#ephemeral.add(message.id);
    const before = known.get(message.id);
    const whole = fresh ? message : { ...before, ...message };
    known.set(message.id, whole);
    this.#during?.set(message.id, whole);
    if (!this.users.has(message.author?.id) && message.author) this.users.set(message.author.id, message.author);
    this.#tell("message", { message: whole, fresh, before });
  }

  // Changes of a message that is not shown must not bring it up.
  #edit(message) {
    if (this.message(message.channel_id, message.id)) this.put(message);
    else if (!(message.flags & EPHEMERAL)) this.#during?.set(message.id, message);
  }

  drop(channelId, id) {
    this.#during?.set(id, null);
    if (this.#messages.get(channelId)?.delete(id)) this.#tell("gone", { channelId, id });
  }

  /** Hide a message that only this member sees, for good. */
  dismiss(message) {
    this.#dismissed.add(message.id);
    this.drop(message.channel_id, message.id);
  }

  /** Take one event of the socket. */
  apply({ t, d }) {
    if (t === "MESSAGE_CREATE") this.put(d);
    else if (t === "MESSAGE_UPDATE") this.#edit(d);
    else if (t === "MESSAGE_DELETE") this.drop(d.channel_id, d.id);
    else if (t === "MESSAGE_DELETE_BULK") for (const id of d.ids) this.drop(d.channel_id, id);
    else if (t === "MODAL") this.#tell("modal", d);
    else if (t === "TYPING_START") this.#tell("typing", d);
    else if (t === "INTERACTION_FAILED") this.#tell("failed", d);
    else if (t === "COMMANDS") {
      this.commands = d;
      this.#tell("commands");
    } else if (t === "BOT") {
      this.bot = { ...this.bot, ...d };
      this.#tell("bot");
    }
  }

  /** Remember the picture sent along with an interaction, to show before and after later. */
  rememberSource(interactionId, file) {
    this.#sources.set(interactionId, { url: URL.createObjectURL(file), name: file.name });
    for (const [id, source] of [...this.#sources].slice(0, -20)) {
      URL.revokeObjectURL(source.url);
      this.#sources.delete(id);
    }
  }

  /** Where a bot's picture most likely came from: {url, width?, height?}, or null. */
  sourceOf(message) {
    if (!message.author?.bot) return null;
    const meta = message.interaction_metadata;
    const sent = this.#sources.get(meta?.id);
    if (sent) return sent;
    const target = message.referenced_message?.id ?? message.message_reference?.message_id
      ?? meta?.target_message_id ?? meta?.interacted_message_id;
    const replied = target && this.message(message.channel_id, target);
    if (replied) return picturesIn(replied)[0] ?? null;
    if (message.referenced_message) return picturesIn(message.referenced_message)[0] ?? null;
    const earlier = this.messages(message.channel_id).filter((other) => byId(other.id, message.id) < 0).reverse();
    const own = earlier.find((other) => other.author?.id === meta?.user?.id && picturesIn(other).length);
    const found = own ?? earlier.find((other) => picturesIn(other).length);
    return found ? picturesIn(found)[0] : null;
  }

  userName(id) {
    const member = this.memberOf(id);
    return member?.nick || nameOf(this.users.get(id) ?? (id === this.bot.id ? this.bot : null));
  }

  /** What the open channel's guild says of a user: {id, nick, rank, roles}; undefined where it does not know them. */
  memberOf(id) {
    return this.guild?.members.find((member) => member.id === id);
  }
}
