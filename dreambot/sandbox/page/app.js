// Connects the parts of the page: loads the state, opens the WebSocket, sends actions.

import { Socket, deleteMessage, fetchMessages, fetchState, interact, localUrl, react, setLocale } from "./api.js";
import { Sidebar } from "./sidebar.js";
import { Composer } from "./composer.js";
import { FirstSteps } from "./hint.js";
import { avatar, h, nameOf, toast } from "./dom.js";
import { Lightbox } from "./lightbox.js";
import { picturesIn, sameShape } from "./media.js";
import { showMenu, watchForMenu } from "./menu.js";
import { showModal } from "./modal.js";
import { MemberList } from "./members.js";
import { MessageList } from "./messages.js";
import { reactionRow } from "./reactions.js";
import { EPHEMERAL, Store } from "./store.js";
import { keepRelativeTimes } from "./time.js";
import { watchTyping } from "./typing.js";
import { Wire } from "./wire.js";

const PRESS_MS = 3500;
const RETRY_MS = 1500;

const store = new Store();
const lightbox = new Lightbox();
const firstSteps = new FirstSteps(store);
let socket = null;

const toastErrors = (action) => action.catch((error) => toast(error.message));

async function loadMessages() {
  const { channelId, me } = store;
  if (!channelId || !me) return;
  const list = document.getElementById("messages");
  list.setAttribute("aria-busy", "true");
  store.startLoading();
  try {
    store.setMessages(channelId, await fetchMessages(channelId, me.id));
  } finally {
    if (store.channelId === channelId) list.setAttribute("aria-busy", "false");
  }
}

async function showChannel(channelId) {
  store.openChannel(channelId);
  await toastErrors(loadMessages());
}

/** Switches to a member (by default the first one), and opens their WebSocket. */
async function switchUser(userId) {
  socket?.close();
  try {
    store.setState(await fetchState(userId));
  } catch (error) {
    store.setConnected(false);
    const isUnknown = error.status && userId;
    if (!isUnknown) toast(error.message);
    setTimeout(() => switchUser(), isUnknown ? 0 : RETRY_MS);
    return;
  }
  const { me } = store;
  sessionStorage.setItem("member", me.id);
  let listening;
  const opened = new Promise((done) => { listening = done; });
  socket = new Socket(me.id, {
    onEvent: (event) => store.apply(event),
    onLost: () => {
      store.setConnected(false);
      checkMember(me);
    },
    onOpen: (again) => {
      store.setConnected(true);
      listening();
      if (again) toastErrors(reload());
    },
  });
  // Wait for the socket before fetching messages, so that none is missed in between.
  await Promise.race([opened, new Promise((done) => { setTimeout(done, RETRY_MS); })]);
  if (store.me === me) await showChannel(store.channelId);
}

// After a restart the sandbox has other members, and its socket would always refuse this one.
async function checkMember({ id }) {
  try {
    await fetchState(id);
  } catch (error) {
    if (error.status && store.me?.id === id) await switchUser();
  }
}

// There may be other channels after a lost connection.
async function reload() {
  const channel = store.channelId;
  store.setState(await fetchState(store.me.id));
  if (store.channelId === channel) await loadMessages();
  else await showChannel(store.channelId);
}

function changeLocale(locale) {
  store.setLocale(locale);
  return toastErrors(setLocale(store.me.id, locale));
}

async function press(message, customId, values, element) {
  const { me } = store;
  element.classList.add("pressed");
  setTimeout(() => element.classList.remove("pressed"), PRESS_MS);
  try {
    await interact({ user: me.id, channel_id: message.channel_id, type: "component", message_id: message.id,
      custom_id: customId, ...(values ? { values } : {}) });
    firstSteps.pressed(customId);
  } catch (error) {
    element.classList.remove("pressed");
    toast(error.message);
  }
}

async function runMenuCommand(name, target) {
  const { me, channelId } = store;
  await interact({ user: me.id, channel_id: channelId, type: "menu", name, ...target });
}

const menuCommands = (type, target) => store.commandsHere().filter((command) => command.type === type)
  .map((command) => ({ label: command.name_localizations?.[store.me.locale] ?? command.name, icon: "spark",
    act: () => toastErrors(runMenuCommand(command.name, target)) }));

const reactTo = (message) => (emoji, on) => toastErrors(react(message.id, store.me.id, emoji, on));

// As in Discord, the commands of bots are in a submenu.
const appsMenu = (commands) => commands.length ? ["line", { label: "Apps", entries: commands }] : [];

const userMenuFor = (user) => [
  { label: "Mention", icon: "at", act: () => composer.mention(user) },
  ...appsMenu(menuCommands(2, { user_id: user.id })),
];

/** The head of a user's menu: names, rank in the guild, and roles. */
function profileOf(user) {
  const { rank = user.bot ? "app" : "", roles = [] } = store.memberOf(user.id) ?? {};
  return h("div", { class: "profile" }, avatar(user), h("div", {},
    h("b", { text: store.userName(user.id) }),
    h("small", { text: [`@${user.username}`, rank].filter(Boolean).join(" · ") }),
    roles.length ? h("small", { text: `Roles: ${roles.join(", ")}` }) : null));
}

function menuFor(message) {
  const isPrivate = message.flags & EPHEMERAL;
  const entries = [];
  if (!isPrivate) entries.push(reactionRow(store.guild?.emojis ?? [], reactTo(message)));
  const edit = { label: "Edit message", icon: "pen", act: () => composer.edit(message) };
  if (store.isEditable(message)) entries.push(edit);
  if (!isPrivate) entries.push({ label: "Reply", icon: "reply", act: () => composer.replyTo(message) });
  const copy = () => toastErrors(navigator.clipboard.writeText(message.content));
  if (message.content) entries.push({ label: "Copy text", icon: "copy", act: copy });
  const place = `${store.guild?.id ?? "@me"}/${message.channel_id}/${message.id}`;
  const copyLink = () => toastErrors(navigator.clipboard.writeText(`https://discord.com/channels/${place}`));
  if (!isPrivate) entries.push({ label: "Copy link", icon: "link", act: copyLink });
  if (!isPrivate) entries.push(...appsMenu(menuCommands(3, { message_id: message.id })));
  const dismiss = { label: "Dismiss message", icon: "close", act: () => store.dismiss(message) };
  const erase = () => toastErrors(deleteMessage(message.id, store.me.id));
  const remove = { label: "Delete", icon: "bin", danger: true, act: erase };
  if (isPrivate) entries.push(dismiss);
  else if (message.author?.id === store.me?.id) entries.push("line", remove);
  return entries[0] === "line" ? entries.slice(1) : entries;
}

/** All pictures of the channel, each with its source picture, to page through them. */
function gallery() {
  return store.messages(store.channelId).flatMap((message) => picturesIn(message)
    .map((picture, index) => ({ ...picture, before: store.sourceOf(message, index)?.url })));
}

function openPicture(attachment, message, comparing = false) {
  const pictures = gallery();
  const index = pictures.findIndex(({ id, url }) => id === attachment.id || url === localUrl(attachment.url));
  if (index >= 0) lightbox.open(pictures, index, comparing);
  else lightbox.open([{ ...attachment, before: store.sourceOf(message)?.url }], 0, comparing);
}

const composer = new Composer(store, document.getElementById("composer"));
new Sidebar(store, { showChannel, switchUser: (id) => switchUser(id), setLocale: changeLocale });
const context = {
  userName: (id) => store.userName(id),
  channelName: (id) => store.channels.get(id)?.name ?? "unknown",
  isMe: (id) => id === store.me?.id,
  isMyRole: (id) => store.memberOf(store.me?.id)?.roles.includes(context.roleName(id)),
  rank: (id) => store.memberOf(id)?.rank,
  roleName: (id) => store.guild?.roles.find((role) => role.id === id)?.name ?? "role",
  commandType: (name) => store.commands.find((command) => command.name === name && command.type !== 1)?.type ?? 1,
  users: () => [...store.users.values()],
  roles: () => store.guild?.roles ?? [],
  channels: () => store.guild?.channels.map((channel) => ({ type: 0, ...channel })) ?? [],
  hasSource: (message, picture) => sameShape(store.sourceOf(message), picture),
  reply: (message) => composer.replyTo(message),
  dismiss: (message) => store.dismiss(message),
  visit: async (channelId, id) => {
    if (!store.channels.has(channelId)) return;
    if (channelId !== store.channelId) await showChannel(channelId);
    list.reveal(id);
  },
  userMenu: (user, x, y, opener) => showMenu(userMenuFor(user), x, y, opener, nameOf(user), profileOf(user)),
  react: (message, emoji, on) => reactTo(message)(emoji, on),
  pick: ({ message }, x, y, opener) =>
    showMenu([reactionRow(store.guild?.emojis ?? [], reactTo(message))], x, y, opener, "Reactions"),
  menu: (view, x, y, opener) => showMenu(menuFor(view.message), x, y, opener),
  open: openPicture,
  compare: (attachment, message) => openPicture(attachment, message, true),
  press,
};
const list = new MessageList(store, context, () => composer.focus());
new MemberList(store, context.userMenu);

watchForMenu(document.getElementById("messages"), (element, x, y, opener) => {
  const view = list.view(element.dataset.id);
  if (view) showMenu(menuFor(view.message), x, y, opener);
});
composer.addEventListener("editing", ({ detail }) => list.mark(detail?.id));
watchTyping(store);
keepRelativeTimes();
new Wire();
store.addEventListener("modal", ({ detail }) => showModal(detail, store.me, context));
store.addEventListener("failed", ({ detail }) => toast(detail.message || "The bot did not answer in time."));
await switchUser(sessionStorage.getItem("member") ?? undefined);
if (matchMedia("(pointer: fine)").matches) composer.focus();
