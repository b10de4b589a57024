// The sandbox's page API: requests as functions, and a socket that comes back by itself.

/** The sandbox refused, or (status 0) did not answer; the message is for the person. */
export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

async function ask(path, init) {
  let answer;
  try {
    answer = await fetch(`/api/page/${path}`, init);
  } catch {
    throw new ApiError("The sandbox does not answer. Is it still running?");
  }
  const text = await answer.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = null;
  }
  if (!answer.ok) throw new ApiError(body?.error || `The sandbox refused (HTTP ${answer.status}).`, answer.status);
  return body;
}

export const fetchState = (user) => ask(`state${user ? `?user=${encodeURIComponent(user)}` : ""}`);

export const fetchMessages = (channel, user) => ask(`channels/${channel}/messages?user=${user}&limit=100`);

export const deleteMessage = (id, user) => ask(`messages/${id}?user=${user}`, { method: "DELETE" });

/** Change the text of one's own message. Resolves to the message. */
export const editMessage = (id, user, content) => ask(`messages/${id}`, {
  method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, content }),
});

/** Set the language of a person's client. */
export const setLocale = (user, locale) => ask("locale", {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, locale }),
});

/** Add (`on`) or take back a reaction. */
export const react = (id, user, emoji, on) => ask(`messages/${id}/reactions`, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, emoji, on }),
});

/** Post text and files. `replyTo` is a message id or null. Resolves to the message. */
export function postMessage(channel, user, { content, files, replyTo }) {
  const form = new FormData();
  // As JSON, because form fields would turn line breaks into CR LF.
  form.set("payload_json", JSON.stringify({ user, content, ...(replyTo ? { reply_to: replyTo } : {}) }));
  files.forEach((file, index) => form.append(`files[${index}]`, file, file.name));
  return ask(`channels/${channel}/messages`, { method: "POST", body: form });
}

/** Send an interaction; `files` maps part names to File objects. */
export function interact(payload, files = new Map()) {
  if (!files.size) {
    return ask("interactions", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(payload),
    });
  }
  const form = new FormData();
  form.set("payload_json", JSON.stringify(payload));
  for (const [part, file] of files) form.append(part, file, file.name);
  return ask("interactions", { method: "POST", body: form });
}

/** Listen to the sandbox until `close()`; tries again with growing pauses when the line is cut. */
export class Socket {
  #user;
  #handlers;
  #socket = null;
  #timer = 0;
  #pause = 500;
  #closed = false;
  #opened = false;

  constructor(user, { onEvent, onOpen, onLost }) {
    this.#user = user;
    this.#handlers = { onEvent, onOpen, onLost };
    this.#connect();
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/page/socket?user=${encodeURIComponent(this.#user)}`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#pause = 500;
      this.#handlers.onOpen(this.#opened);
      this.#opened = true;
    };
    socket.onmessage = (event) => {
      if (!this.#closed) this.#handlers.onEvent(JSON.parse(event.data));
    };
    socket.onclose = () => {
      if (this.#closed) return;
      this.#handlers.onLost();
      this.#timer = setTimeout(() => this.#connect(), this.#pause);
      this.#pause = Math.min(this.#pause * 1.7, 8000);
    };
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }
}

/** The sandbox's own files under this page's origin, whichever of its names the bot was given. */
export function localUrl(url) {
  try {
    const parsed = new URL(url, location.href);
    const loopback = /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/;
    const same = parsed.port === location.port && loopback.test(parsed.hostname) && parsed.protocol.startsWith("http");
    return same ? parsed.pathname + parsed.search : parsed.href;
  } catch {
    return "";
  }
}
