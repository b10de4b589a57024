// Translates commands to a user's language, as Discord's client does. `key` keeps the name that is sent.

/** Returns commands with the names and descriptions of commands, options and choices in `locale`. */
export function localizeCommands(commands, locale) {
  const localized = (thing, field) => thing[`${field}_localizations`]?.[locale] ?? thing[field];
  const choice = (one) => ({ ...one, name: localized(one, "name") });
  const node = (one) => ({
    ...one, key: one.name, name: localized(one, "name"), description: localized(one, "description"),
    options: one.options?.map(node), choices: one.choices?.map(choice),
  });
  return commands.map(node);
}
