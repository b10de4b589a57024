// Puts the page together: state in, socket on, actions out.

import { Socket, deleteMessage, fetchMessages, fetchState, interact, localUrl } from "./api.js";
import { Side } from "./channels.js";
import { Composer } from "./composer.js";
import { toast } from "./dom.js";
import { Lightbox } from "./lightbox.js";
import { picturesIn, sameShape } from "./media.js";
import { showMenu, watchForMenu } from "./menu.js";
import { MessageList } from "./messages.js";
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
  socket = new Socket(me.id, {
    onEvent: (event) => store.apply(event),
    onLost: () => {
      store.setConnected(false);
      checkMember(me);
    },
    onOpen: (again) => {
      store.setConnected(true);
      if (again) said(catchUp());
    },
  });
  await go(store.channelId);
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

async function runMenuCommand(name, message) {
  const { me, channelId } = store;
  await interact({ user: me.id, channel_id: channelId, type: "menu", name, message_id: message.id });
}

function menuFor(message) {
  const commands = store.commands.filter((command) => command.type === 3);
  const isPrivate = message.flags & EPHEMERAL;
  const entries = [];
  if (!isPrivate) entries.push({ label: "Reply", icon: "reply", act: () => composer.replyTo(message) });
  const copy = () => said(navigator.clipboard.writeText(message.content));
  if (message.content) entries.push({ label: "Copy text", icon: "copy", act: copy });
  if (commands.length && !isPrivate) {
    const run = ({ name }) => ({ label: name, icon: "spark", act: () => said(runMenuCommand(name, message)) });
    entries.push("line", ...commands.map(run));
  }
  const dismiss = { label: "Dismiss", icon: "close", act: () => store.dismiss(message) };
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
new Side(store, { go, become: (id) => become(id) });
const list = new MessageList(store, {
  userName: (id) => store.userName(id),
  channelName: (id) => store.channels.get(id)?.name ?? "unknown",
  isMe: (id) => id === store.me?.id,
  commandType: (name) => store.commands.find((command) => command.name === name && command.type === 3)?.type ?? 1,
  users: () => [...store.users.values()],
  channels: () => [...store.channels.values()],
  hasSource: (message, picture) => sameShape(store.sourceOf(message), picture),
  reply: (message) => composer.replyTo(message),
  dismiss: (message) => store.dismiss(message),
  menu: (view, x, y, opener) => showMenu(menuFor(view.message), x, y, opener),
  open: openPicture,
  compare: (attachment, message) => openPicture(attachment, message, true),
  press,
});

watchForMenu(document.getElementById("messages"), (element, x, y) => {
  const view = list.view(element.dataset.id);
  if (view) showMenu(menuFor(view.message), x, y, null);
});
watchTyping(store);
keepRelativeTimes();
store.addEventListener("failed", ({ detail }) => toast(detail.message || "The bot did not answer in time."));
await become(sessionStorage.getItem("member") ?? undefined);
if (matchMedia("(pointer: fine)").matches) composer.focus();
