// Parses slash commands typed as text, such as "/dream layer:mixed5 intensity:11", and reports mistakes.

export const OPTION = {
  GROUP: 2, STRING: 3, INTEGER: 4, BOOLEAN: 5, USER: 6, CHANNEL: 7, MENTIONABLE: 9, NUMBER: 10, FILE: 11,
};
const YES = ["true", "yes", "on", "1"];
const NO = ["false", "no", "off", "0"];

/** A mistake in a typed command. The message is shown to the user. */
export class CommandError extends Error {}

/** Returns slash commands, one entry for each subcommand: [{name: "autodream on", key, description, options}]. */
export function flatten(commands) {
  const found = [];
  const walk = (node, name, key) => {
    const nested = (node.options ?? []).filter((option) => option.type <= OPTION.GROUP);
    if (!nested.length) found.push({ name, key, description: node.description ?? "", options: node.options ?? [] });
    for (const option of nested) walk(option, `${name} ${option.name}`, `${key} ${option.key}`);
  };
  for (const command of commands) if ((command.type ?? 1) === 1) walk(command, command.name, command.key);
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

/** Returns the command that a text starts with, or null: {command, nameEnd, tokens, stray}. Offsets are into `text`. */
export function readCommand(text, flat) {
  if (!text.startsWith("/")) return null;
  const lower = text.toLowerCase();
  const fits = flat.filter(({ name }) => lower.startsWith(`/${name}`) && !/\S/.test(text[name.length + 1] ?? " "));
  const command = fits.sort((a, b) => b.name.length - a.name.length)[0];
  if (!command) return null;
  const nameEnd = command.name.length + 1;
  return { command, nameEnd, ...readTokens(text, nameEnd, command) };
}

function readTokens(text, from, command) {
  const marks = [];
  for (const match of text.slice(from).matchAll(/(^|\s)([\p{L}\p{N}_-]{1,32}):/gu)) {
    const start = from + match.index + match[1].length;
    const name = match[2].toLowerCase();
    const valueStart = start + match[2].length + 1;
    const option = command.options.find((candidate) => candidate.name === name) ?? null;
    const inText = marks.at(-1)?.option && freeText(marks.at(-1).option);
    if (option || (!text.startsWith("//", valueStart) && !(inText && !nearest(name, names(command), 2)))) {
      marks.push({ name, option, start, valueStart });
    }
  }
  const tokens = marks.map((mark, index) => {
    const end = marks[index + 1]?.start ?? text.length;
    const value = text.slice(mark.valueStart, end).trim();
    const valueEnd = text.slice(0, end).trimEnd().length;
    return { ...mark, value, end: Math.max(valueEnd, mark.valueStart) };
  });
  return { tokens, stray: text.slice(from, marks[0]?.start ?? text.length).trim() };
}

const names = (command) => command.options.map((option) => option.name);
const freeText = (option) => option.type === OPTION.STRING && !option.choices?.length && !option.autocomplete;

/**
 * Returns the options of a parsed command as they are sent, and the files by part name.
 * `files`: attached File objects; `users`, `channels`: to find values given by name. Throws CommandError.
 */
export function fillCommand({ command, tokens, stray }, { files, users, channels }) {
  const options = {};
  const parts = new Map();
  const free = [...files];
  const take = (option, file) => {
    const part = `file_${option.key}`;
    free.splice(free.indexOf(file), 1);
    parts.set(part, file);
    options[option.name] = `file:${part}`;
  };
  if (stray) throw new CommandError(strayWords(stray, command));
  for (const { name, option, value } of tokens) {
    if (!option) throw new CommandError(unknownWords(name, command));
    if (name in options) throw new CommandError(`“${name}” is given twice.`);
    if (option.type === OPTION.FILE) {
      const file = (value && free.find((candidate) => candidate.name === value)) || free[0];
      if (!file) throw new CommandError(`“${name}” needs a file: attach one with +, drop it here, or paste it.`);
      take(option, file);
    } else if (value) options[name] = convert(option, value, users, channels);
    else if (option.required) throw new CommandError(`“${name}” has no value.`);
  }
  for (const option of command.options) {
    if (option.type === OPTION.FILE && !(option.name in options) && free.length) take(option, free[0]);
    if (option.required && !(option.name in options)) {
      throw new CommandError(`/${command.name} needs “${option.name}”: ${option.description || "it is required"}.`);
    }
  }
  if (free.length) {
    throw new CommandError(parts.size ? `/${command.name} has no place for ${free[0].name}; remove it.`
      : `/${command.name} takes no files; remove ${free[0].name}.`);
  }
  return { options: withKeys(options, command), parts };
}

/** Maps values by displayed option names to values by the names that are sent. */
export function withKeys(values, command) {
  const keyed = command.options.filter(({ name }) => name in values).map(({ name, key }) => [key, values[name]]);
  return Object.fromEntries(keyed);
}

/** Converts a typed value to the type of its option. Throws CommandError. */
export function convert(option, value, users = [], channels = []) {
  const quoted = `“${value}”`;
  if (option.choices?.length) {
    const wanted = value.toLowerCase();
    const isMeant = (one) => [one.name, String(one.value)].some((word) => word.toLowerCase() === wanted);
    const choice = option.choices.find(isMeant);
    if (choice) return choice.value;
    const near = nearest(wanted, option.choices.map((one) => one.name), 3);
    throw new CommandError(`${option.name}: ${quoted} is not one of its choices${near ? `. Did you mean “${near}”?`
      : `: ${option.choices.slice(0, 8).map((one) => one.name).join(", ")}.`}`);
  }
  switch (option.type) {
    case OPTION.INTEGER: case OPTION.NUMBER: return number(option, value, quoted);
    case OPTION.BOOLEAN: {
      if (YES.includes(value.toLowerCase())) return true;
      if (NO.includes(value.toLowerCase())) return false;
      throw new CommandError(`${option.name} is true or false, not ${quoted}.`);
    }
    case OPTION.USER: case OPTION.MENTIONABLE: return named(option, value, users, "member", peopleNames);
    case OPTION.CHANNEL: return named(option, value, channels, "channel", (channel) => [channel.name]);
    default: return text(option, value);
  }
}

function number(option, value, quoted) {
  const whole = option.type === OPTION.INTEGER;
  const kind = whole ? "a whole number" : "a number";
  const result = Number(value);
  const range = [option.min_value, option.max_value].map((bound) => bound ?? null);
  const between = range[0] !== null && range[1] !== null ? ` from ${range[0]} to ${range[1]}`
    : range[0] !== null ? ` of at least ${range[0]}` : range[1] !== null ? ` of at most ${range[1]}` : "";
  const bad = !value.trim() || !Number.isFinite(result) || (whole && !Number.isInteger(result))
    || (range[0] !== null && result < range[0]) || (range[1] !== null && result > range[1]);
  if (bad) throw new CommandError(`${option.name} is ${kind}${between}, not ${quoted}.`);
  return result;
}

const peopleNames = (user) => [user.global_name, user.username];

function named(option, value, things, word, namesOf) {
  const wanted = value.replace(/^[<@#!]+|>$/g, "").toLowerCase();
  const isMeant = (thing) => thing.id === wanted || namesOf(thing).some((name) => name?.toLowerCase() === wanted);
  const found = things.find(isMeant);
  if (!found) throw new CommandError(`${option.name}: there is no ${word} “${value}” here.`);
  return found.id;
}

function text(option, value) {
  const [least, most] = [option.min_length ?? 0, option.max_length ?? 6000];
  if (value.length < least) throw new CommandError(`${option.name} needs at least ${least} characters.`);
  if (value.length > most) {
    throw new CommandError(`${option.name} takes at most ${most} characters, not ${value.length}.`);
  }
  return value;
}

function unknownWords(name, command) {
  const near = nearest(name, names(command), 3);
  if (near) return `/${command.name} has no option “${name}”. Did you mean “${near}”?`;
  if (!command.options.length) return `/${command.name} takes no options.`;
  return `/${command.name} has no option “${name}”. It has: ${names(command).join(", ")}.`;
}

function strayWords(stray, command) {
  const word = stray.split(/\s/)[0];
  if (!command.options.length) return `/${command.name} takes no options, so “${word}” has no place.`;
  const example = command.options.find((option) => option.type !== OPTION.FILE) ?? command.options[0];
  return `“${word}” belongs to no option. Write it as option:value, for example ${example.name}:${word}`;
}

/** Returns the error message for a text that starts with / but is not a command. */
export function noSuchCommand(text, flat) {
  const typed = text.slice(1).split(/\s/)[0];
  const near = nearest(typed, flat.map(({ name }) => name), 3);
  if (!flat.length) return "There are no commands yet: the bot has not registered any.";
  return `There is no command “/${typed}”.${near ? ` Did you mean “/${near}”?` : ""}`;
}

/** Returns the candidate with the smallest edit distance to `word`, or null above `most` or the length of the word. */
export function nearest(word, candidates, most) {
  let best = null;
  let least = Math.min(most, Math.max(1, word.length - 1)) + 1;
  for (const candidate of candidates) {
    const distance = edits(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function edits(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
