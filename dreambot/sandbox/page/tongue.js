// Commands in a person's language, as Discord's client shows them. `key` keeps the name they are sent under.

/** Commands, options and choices with what `locale` calls them. */
export function inTongue(commands, locale) {
  const said = (thing, field) => thing[`${field}_localizations`]?.[locale] ?? thing[field];
  const choice = (one) => ({ ...one, name: said(one, "name") });
  const node = (one) => ({
    ...one, key: one.name, name: said(one, "name"), description: said(one, "description"),
    options: one.options?.map(node), choices: one.choices?.map(choice),
  });
  return commands.map(node);
}
