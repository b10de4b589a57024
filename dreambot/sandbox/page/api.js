// The sandbox's page API: one function per request, and a WebSocket that reconnects.

/** The sandbox refused a request, or did not answer (status 0). The message is shown to the user. */
export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

/** Calls the page's API. Resolves to the JSON of the response. */
export async function ask(path, init) {
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

/** Changes the text of the user's own message. Resolves to the message. */
export const editMessage = (id, user, content) => ask(`messages/${id}`, {
  method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, content }),
});

/** Sets the language of a user's client. */
export const setLocale = (user, locale) => ask("locale", {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, locale }),
});

/** Adds (`on`) or removes a reaction. */
export const react = (id, user, emoji, on) => ask(`messages/${id}/reactions`, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, emoji, on }),
});

/** Posts text and files. `replyTo` is a message id or null. Resolves to the message. */
export function postMessage(channel, user, { content, files, replyTo }) {
  const form = new FormData();
  // As JSON, because form fields change line breaks to CR LF.
  form.set("payload_json", JSON.stringify({ user, content, ...(replyTo ? { reply_to: replyTo } : {}) }));
  files.forEach((file, index) => form.append(`files[${index}]`, file, file.name));
  return ask(`channels/${channel}/messages`, { method: "POST", body: form });
}

/** Sends an interaction; `files` maps part names to File objects. */
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

/** Receives events until `close()`. It reconnects with growing delays when the connection is lost. */
export class Socket {
  #user;
  #handlers;
  #socket = null;
  #timer = 0;
  #delay = 500;
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
      this.#delay = 500;
      this.#handlers.onOpen(this.#opened);
      this.#opened = true;
    };
    socket.onmessage = (event) => {
      if (!this.#closed) this.#handlers.onEvent(JSON.parse(event.data));
    };
    socket.onclose = () => {
      if (this.#closed) return;
      this.#handlers.onLost();
      this.#timer = setTimeout(() => this.#connect(), this.#delay);
      this.#delay = Math.min(this.#delay * 1.7, 8000);
    };
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }
}

/** Changes a URL of the sandbox to this page's origin. The bot may know the sandbox by another host name. */
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
