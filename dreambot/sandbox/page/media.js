// Finds the pictures of a message: attachments, embeds and components.

import { localUrl } from "./api.js";

const SHAPE_SLACK = 0.04;

export const isPicture = (attachment) =>
  (attachment?.content_type ?? "").startsWith("image/") && attachment.content_type !== "image/svg+xml";

export const isVideo = (media) => /^video\/(mp4|webm)/.test(media?.content_type ?? "");

export const isSound = (media) => (media?.content_type ?? "").startsWith("audio/");

/** Returns the URL to load for a media URL, which may be an attachment:// URL. */
export function mediaUrl(url, message) {
  const name = /^attachment:\/\/(.+)$/.exec(url ?? "")?.[1];
  const file = name && message.attachments?.find((attachment) => attachment.filename === name);
  return localUrl(file ? file.url : url ?? "");
}

/** Returns the large pictures of a message: [{id, url, filename, description, width?, height?}]. */
export function picturesIn(message) {
  const snapshot = message.message_snapshots?.[0]?.message;
  if (snapshot) return picturesIn(snapshot);
  const found = (message.attachments ?? []).filter(isPicture).map(({ id, url, filename, description, width, height }) =>
    ({ id, url: localUrl(url), filename, description, width, height }));
  const add = (media, description) => {
    const url = mediaUrl(media?.url, message);
    if (url && !found.some((known) => known.url === url)) {
      found.push({ id: url, url, filename: fileName(url), description, width: media.width, height: media.height });
    }
  };
  for (const embed of message.embeds ?? []) if (embed.image?.url) add(embed.image, embed.image.description);
  const walk = (components) => {
    for (const component of components ?? []) {
      if (component.type === 12) for (const item of component.items ?? []) if (!isVideo(item.media)) add(item.media, item.description);
      walk(component.components);
    }
  };
  walk(message.components);
  return found;
}

/** Returns whether two pictures have the same aspect ratio, or one is not known yet. */
export function sameShape(before, after) {
  if (!before || !after) return false;
  if (!before.width || !before.height || !after.width || !after.height) return true;
  return Math.abs((before.width * after.height) / (before.height * after.width) - 1) < SHAPE_SLACK;
}

/** Returns the filename in a URL. */
export const fileName = (url) => decodeURIComponent(url.split(/[?#]/)[0].split("/").at(-1)) || "picture";
