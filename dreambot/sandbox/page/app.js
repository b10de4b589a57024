// Puts the page together: state in, socket on, actions out.

import { Socket, deleteMessage, fetchMessages, fetchState, interact, localUrl, react, setLocale } from "./api.js";
import { Side } from "./channels.js";
import { Composer } from "./composer.js";
import { avatar, h, nameOf, toast } from "./dom.js";
import { Lightbox } from "./lightbox.js";
import { picturesIn, sameShape } from "./media.js";
import { showMenu, watchForMenu } from "./menu.js";
import { showModal } from "./modal.js";
import { MessageList } from "./messages.js";
import { reactionRow } from "./reactions.js";
import { EPHEMERAL, Store } from "./store.js";
import { keepRelativeTimes } from "./time.js";
import { watchTyping } from "./typing.js";

const PRESS_MS = 3500;
const RETRY_MS = 1500;

const store = new Store();
const lightbox = new Lightbox();
let socket = null;

const said = (action) => action.catch((error) => toast(error.message));

async function loadMessages() {
  const { channelId, me } = store;
  if (!channelId || !me) return;
  store.startLoading();
  store.setMessages(channelId, await fetchMessages(channelId, me.id));
}

async function go(channelId) {
  store.openChannel(channelId);
  await said(loadMessages());
}

/** Sign in as a member (or whom the sandbox proposes), with a socket of their own. */
async function become(userId) {
  socket?.close();
  try {
    store.setState(await fetchState(userId));
  } catch (error) {
    store.setConnected(false);
    const isUnknown = error.status && userId;
    if (!isUnknown) toast(error.message);
    setTimeout(() => become(), isUnknown ? 0 : RETRY_MS);
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
      if (again) said(catchUp());
    },
  });
  // What is posted after the list was fetched must find the socket open.
  await Promise.race([opened, new Promise((done) => { setTimeout(done, RETRY_MS); })]);
  if (store.me === me) await go(store.channelId);
}

// A sandbox that was started anew has other members; its socket would refuse this one for ever.
async function checkMember({ id }) {
  try {
    await fetchState(id);
  } catch (error) {
    if (error.status && store.me?.id === id) await become();
  }
}

// Other channels may be there after a pause.
async function catchUp() {
  const channel = store.channelId;
  store.setState(await fetchState(store.me.id));
  if (store.channelId === channel) await loadMessages();
  else await go(store.channelId);
}

function speak(locale) {
  store.speak(locale);
  return said(setLocale(store.me.id, locale));
}

async function press(message, customId, values, element) {
  const { me } = store;
  element.classList.add("pressed");
  setTimeout(() => element.classList.remove("pressed"), PRESS_MS);
  try {
    await interact({ user: me.id, channel_id: message.channel_id, type: "component", message_id: message.id,
      custom_id: customId, ...(values ? { values } : {}) });
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
    act: () => said(runMenuCommand(command.name, target)) }));

const reactTo = (message) => (emoji, on) => said(react(message.id, store.me.id, emoji, on));

// As in Discord, the commands of bots are a level of their own.
const appsMenu = (commands) => commands.length ? ["line", { label: "Apps", entries: commands }] : [];

const userMenuFor = (user) => [
  { label: "Mention", icon: "at", act: () => composer.mention(user) },
  ...appsMenu(menuCommands(2, { user_id: user.id })),
];

/** Who somebody is: names, what they are in the guild, and their roles. */
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
  const copy = () => said(navigator.clipboard.writeText(message.content));
  if (message.content) entries.push({ label: "Copy text", icon: "copy", act: copy });
  const place = `${store.guild?.id ?? "@me"}/${message.channel_id}/${message.id}`;
  const copyLink = () => said(navigator.clipboard.writeText(`https://discord.com/channels/${place}`));
  if (!isPrivate) entries.push({ label: "Copy link", icon: "link", act: copyLink });
  if (!isPrivate) entries.push(...appsMenu(menuCommands(3, { message_id: message.id })));
  const dismiss = { label: "Dismiss message", icon: "close", act: () => store.dismiss(message) };
  const erase = () => said(deleteMessage(message.id, store.me.id));
  const remove = { label: "Delete", icon: "bin", danger: true, act: erase };
  if (isPrivate) entries.push(dismiss);
  else if (message.author?.id === store.me?.id) entries.push("line", remove);
  return entries[0] === "line" ? entries.slice(1) : entries;
}

/** Every picture of the channel, with what it came from, for paging through them. */
function gallery() {
  return store.messages(store.channelId).flatMap((message) => picturesIn(message)
    .map((picture) => ({ ...picture, before: store.sourceOf(message)?.url })));
}

function openPicture(attachment, message, comparing = false) {
  const pictures = gallery();
  const index = pictures.findIndex(({ id, url }) => id === attachment.id || url === localUrl(attachment.url));
  if (index >= 0) lightbox.open(pictures, index, comparing);
  else lightbox.open([{ ...attachment, before: store.sourceOf(message)?.url }], 0, comparing);
}

const composer = new Composer(store, document.getElementById("composer"));
new Side(store, { go, become: (id) => become(id), speak });
const context = {
  userName: (id) => store.userName(id),
  channelName: (id) => store.channels.get(id)?.name ?? "unknown",
  isMe: (id) => id === store.me?.id,
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
    if (channelId !== store.channelId) await go(channelId);
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
const list = new MessageList(store, context);

watchForMenu(document.getElementById("messages"), (element, x, y) => {
  const view = list.view(element.dataset.id);
  if (view) showMenu(menuFor(view.message), x, y, null);
});
composer.addEventListener("editing", ({ detail }) => list.mark(detail?.id));
watchTyping(store);
keepRelativeTimes();
store.addEventListener("modal", ({ detail }) => showModal(detail, store.me, context));
store.addEventListener("failed", ({ detail }) => toast(detail.message || "The bot did not answer in time."));
await become(sessionStorage.getItem("member") ?? undefined);
if (matchMedia("(pointer: fine)").matches) composer.focus();
