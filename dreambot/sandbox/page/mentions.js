// Mentions: users type @name, messages contain <@id> for a user and <@&id> for a role.

// An @ in code and URLs is not a mention.
const PLAIN = /```[^]*?```|``[^]+?``|`[^`\n]+`|https?:\/\/\S+/g;
// An @ after these characters is part of a word, a URL or a path, not a mention.
const INSIDE = /[\p{Script=Latin}\p{N}]_?$|[./\\@<&=%#-]$/u;
const LETTER = /[\p{Script=Latin}\p{N}_]$/u;
// The name continues after the match. An underscore alone does not count: it may end italics.
const MORE = /^_*[\p{Script=Latin}\p{N}]/u;

/** Returns the names that can mention a user or a role, the displayed one first. */
export const namesOf = (user) => [...new Set([user.nick, user.global_name, user.username, user.name].filter(Boolean))];

const sentAs = ({ id, isRole }) => (isRole ? `<@&${id}>` : `<@${id}>`);

/** Returns the users and roles by each of their names (in lower case) that is unique. Roles give way to users. */
function usersByName(users) {
  const found = new Map();
  for (const user of users) {
    for (const name of new Set(namesOf(user).map((one) => one.toLowerCase()))) {
      const other = found.get(name);
      if (!found.has(name)) found.set(name, user);
      else if (!user.isRole || other?.isRole) found.set(name, null);
    }
  }
  return new Map([...found].filter(([, user]) => user));
}

/** Returns the text that mentions a user or role: @name, or <@id> if none of the names is unique. */
export function mentionOf(user, users) {
  const known = usersByName(users);
  const name = namesOf(user).find((one) => known.get(one.toLowerCase())?.id === user.id);
  return name ? `@${name}` : sentAs(user);
}

/** Returns the mentions in a typed text, in order: [{start, end, user}]. The longest matching name counts. */
export function findMentions(text, users) {
  const known = [...usersByName(users)].sort(([a], [b]) => b.length - a.length);
  const plain = [...text.matchAll(PLAIN)].map((match) => [match.index, match.index + match[0].length]);
  const lower = text.toLowerCase();
  const found = [];
  for (let start = lower.indexOf("@"); start >= 0; start = lower.indexOf("@", start + 1)) {
    if (INSIDE.test(text.slice(0, start).slice(-2)) || plain.some(([from, to]) => from <= start && start < to)) continue;
    const fits = ([name]) => lower.startsWith(name, start + 1)
      && !(LETTER.test(name) && MORE.test(text.slice(start + 1 + name.length)));
    const [name, user] = known.find(fits) ?? [];
    if (user) found.push({ start, end: start + 1 + name.length, user });
  }
  return found;
}

/** Returns a typed text as it is sent. */
export function encodeMentions(text, users) {
  let at = 0;
  const parts = findMentions(text, users).map(({ start, end, user }) => {
    const part = text.slice(at, start) + sentAs(user);
    at = end;
    return part;
  });
  return parts.join("") + text.slice(at);
}

/** Returns a sent text as it is typed, for editing: the inverse of `encodeMentions`. */
export function decodeMentions(text, users) {
  const typed = text.replace(/<@([!&]?)(\d+)>/g, (whole, kind, id) => {
    const user = users.find((one) => one.id === id && Boolean(one.isRole) === (kind === "&"));
    return user ? mentionOf(user, users) : whole;
  });
  return encodeMentions(typed, users) === text ? typed : text;
}

/** Returns the unfinished mention before the caret: {from, typed}, or null. */
export function openMention(text, caret) {
  const from = text.lastIndexOf("@", caret - 1);
  if (from < 0 || caret - from > 33 || INSIDE.test(text.slice(0, from).slice(-2))) return null;
  const typed = text.slice(from + 1, caret);
  const inPlain = [...text.matchAll(PLAIN)].some((match) => match.index < from && from < match.index + match[0].length);
  return inPlain || /\n|^\s/.test(typed) ? null : { from, typed };
}
