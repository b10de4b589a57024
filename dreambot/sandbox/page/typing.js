// "Ada is typing…" under the composer.

import { dots } from "./dom.js";

const LASTS_MS = 9000;

/** Shows who is typing in the open channel. */
export function watchTyping(store) {
  const box = document.getElementById("typing");
  const until = new Map();
  const key = (channelId, userId) => `${channelId} ${userId}`;

  function draw() {
    const now = Date.now();
    for (const [who, end] of until) if (end <= now) until.delete(who);
    const ids = [...until.keys()].map((who) => who.split(" ")).filter(([channel]) => channel === store.channelId);
    const names = ids.map(([, user]) => store.userName(user));
    const words = names.length > 3 ? "Several people are typing…"
      : names.length ? `${new Intl.ListFormat("en").format(names)} ${names.length > 1 ? "are" : "is"} typing…` : "";
    if (box.dataset.words === words) return;
    box.dataset.words = words;
    box.replaceChildren(...(words ? [dots(), words] : []));
  }

  store.addEventListener("typing", ({ detail }) => {
    if (detail.user_id === store.me?.id) return;
    until.set(key(detail.channel_id, detail.user_id), Date.now() + LASTS_MS);
    draw();
  });
  store.addEventListener("message", ({ detail: { message, isNew } }) => {
    if (isNew && until.delete(key(message.channel_id, message.author?.id))) draw();
  });
  store.addEventListener("channel", draw);
  setInterval(draw, 1000);
}
