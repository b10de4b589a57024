// Suggestions at the caret: commands, options, values of an option, or members to mention.

import { OPTION, readCommand } from "./commands.js";
import { nameOf } from "./dom.js";
import { mentionOf, namesOf, openMention } from "./mentions.js";

const TYPES = { 3: "text", 4: "whole number", 5: "true or false", 6: "member", 7: "channel", 8: "role", 9: "mention",
  10: "number", 11: "file" };

/**
 * Returns suggestions for `text` at `caret`, or null if there are none:
 * {kind, title, items: [{label, detail, insert, from, to, option?}], ask?}. `ask` is the token whose values the
 * server must be asked for. Selecting an item replaces text[from, to) with `insert`.
 */
export function suggest(text, caret, flat, { users, channels, mentionable }) {
  if (!text.startsWith("/") || !flat) return memberItems(text, caret, mentionable);
  const read = readCommand(text, flat);
  if (!read || caret <= read.nameEnd) {
    if (read && text.length > read.nameEnd) return null;
    return commandItems(text.slice(1).trimStart().toLowerCase(), text, flat, read);
  }
  const token = read.tokens.find(({ valueStart, end }) => caret >= valueStart && caret <= Math.max(end, valueStart));
  if (token?.option) return valueItems(token, read, { users, channels });
  return optionItems(text, caret, read);
}

function memberItems(text, caret, users) {
  const open = openMention(text, caret);
  if (!open) return null;
  const typed = open.typed.toLowerCase();
  const order = (user) => {
    const names = namesOf(user).map((name) => name.toLowerCase());
    if (names.some((name) => name.startsWith(typed))) return user.bot ? 0 : 1;
    return names.some((name) => !/\s/.test(typed) && name.includes(typed)) ? 2 : 3;
  };
  const ranked = users.map((user) => [order(user), user]).filter(([rank]) => rank < 3);
  ranked.sort((a, b) => a[0] - b[0] || Boolean(a[1].isRole) - Boolean(b[1].isRole) || nameOf(a[1]).localeCompare(nameOf(b[1])));
  const to = caret + /^[\p{L}\p{N}_]*/u.exec(text.slice(caret))[0].length;
  return {
    kind: "members", title: "Members", exact: ranked.length === 1 && namesOf(ranked[0][1]).some((name) => name.toLowerCase() === typed),
    items: ranked.slice(0, 25).map(([, user]) => ({
      label: nameOf(user), detail: user.isRole ? "Mentions everyone with this role" : `@${user.username}`,
      note: user.isRole ? "role" : user.rank, user,
      insert: `${mentionOf(user, users)} `, from: open.from, to,
    })),
  };
}

function commandItems(typed, text, flat, read) {
  const ranked = flat.map((command) => [rank(command, typed), command]).filter(([order]) => order < 3);
  ranked.sort((a, b) => a[0] - b[0]);
  return {
    kind: "commands", title: "Commands", exact: Boolean(read),
    items: ranked.slice(0, 25).map(([, command]) => ({
      label: `/${command.name}`, detail: command.description, insert: `/${command.name} `, from: 0, to: text.length,
      hints: command.options.map(({ name, required }) => ({ name, required })),
    })),
  };
}

function rank(command, typed) {
  if (command.name.startsWith(typed)) return 0;
  if (command.name.includes(typed)) return 1;
  return typed.length > 2 && command.description.toLowerCase().includes(typed) ? 2 : 3;
}

function optionItems(text, caret, read) {
  const given = new Set(read.tokens.map(({ name }) => name));
  const from = caret - /[^\s:]*$/.exec(text.slice(0, caret))[0].length;
  const to = caret + /^[^\s:]*/.exec(text.slice(caret))[0].length;
  const typed = text.slice(Math.max(from, read.nameEnd), caret).toLowerCase();
  const open = read.command.options.filter(({ name }) => !given.has(name) && name.startsWith(typed));
  const gap = from <= read.nameEnd && text[read.nameEnd] !== " " ? " " : "";
  return {
    kind: "options", title: `/${read.command.name}`, detail: read.command.description, items: open.map((option) => ({
      label: option.name, detail: option.description, note: describeType(option), option,
      insert: `${gap}${option.name}:`, from, to,
    })),
  };
}

/** Describes the type of an option: "whole number 1–11 · required". */
export function describeType(option) {
  const range = option.min_value !== undefined && option.max_value < 10000
    ? ` ${option.min_value}–${option.max_value}` : "";
  return `${TYPES[option.type] ?? "value"}${range}${option.required ? " · required" : ""}`;
}

function valueItems(token, read, { users, channels }) {
  const { option, valueStart, end, value } = token;
  const wanted = (isPerson(option) ? value.replace(/^@/, "") : value).toLowerCase();
  const known = knownValues(option, users, channels).filter(({ name, value: what }) =>
    name.toLowerCase().includes(wanted) || String(what).toLowerCase().includes(wanted));
  return {
    kind: "values", title: option.name, detail: option.description, note: describeType(option),
    ask: option.autocomplete ? { command: read.command, token, tokens: read.tokens } : null,
    items: choiceItems(known, valueStart, end),
  };
}

/** Returns choices ({name, value}) as items that replace text[from, to). */
export function choiceItems(choices, from, to) {
  return choices.slice(0, 25).map(({ name, value }) => ({
    label: name, detail: name.startsWith(String(value)) ? "" : String(value), insert: `${value} `, from, to,
  }));
}

const isPerson = ({ type }) => type === OPTION.USER || type === OPTION.MENTIONABLE;

function knownValues(option, users, channels) {
  if (option.choices?.length) return option.choices;
  if (option.type === OPTION.BOOLEAN) return [{ name: "true", value: true }, { name: "false", value: false }];
  if (isPerson(option)) return users.map((user) => ({ name: nameOf(user), value: nameOf(user) }));
  if (option.type === OPTION.CHANNEL) return channels.map(({ name }) => ({ name, value: name }));
  return [];
}
