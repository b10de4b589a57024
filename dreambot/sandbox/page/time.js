// Formats dates and times.

const EPOCH = 1420070400000n;
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [
  ["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60],
];

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

/** Returns the time at which a message was written. */
export function writtenAt(message) {
  return message.timestamp ? new Date(message.timestamp) : new Date(Number((BigInt(message.id) >> 22n) + EPOCH));
}

/** Formats a time relative to now: "in 5 minutes", "2 days ago". */
export function fromNow(date, now = Date.now()) {
  const seconds = Math.round((date - now) / 1000);
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return relative.format(seconds, "second");
}

/** Formats a time in one of Discord's timestamp styles (t T d D f F R). */
export function formatTime(date, style = "f") {
  if (style === "R") return fromNow(date);
  return new Intl.DateTimeFormat(undefined, STYLES[style] ?? STYLES.f).format(date);
}

export const clock = (date) => new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(date);

/** Formats the text of a day line: "Today", "Yesterday" or the date. */
export function formatDay(date, now = new Date()) {
  const day = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
  const days = Math.round((day(now) - day(date)) / 86400000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return new Intl.DateTimeFormat(undefined, { dateStyle: "long" }).format(date);
}

/** Updates every <time data-relative> of the page each second. */
export function keepRelativeTimes() {
  setInterval(() => {
    for (const element of document.querySelectorAll("time[data-relative]")) {
      element.textContent = fromNow(new Date(element.dateTime));
    }
  }, 1000);
}
