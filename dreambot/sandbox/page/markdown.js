// Renders the commonly used part of Discord's markdown as DOM nodes, never as HTML text.

import { h } from "./dom.js";
import { emojiNode } from "./reactions.js";
import { formatTime } from "./time.js";

// In order of precedence: a pattern anchored at the current position, and a function that renders its match.
const INLINE = [
  [/^\\([\\*_~`|<>#\-[\](){}!.:@+])/, (match) => match[1]],
  [/^``([^]+?)``(?!`)/, (match) => h("code", { text: match[1].trim() })],
  [/^`([^`\n]+)`/, (match) => h("code", { text: match[1] })],
  [/^\|\|([^]+?)\|\|/, (match, context) => spoiler(inline(match[1], context))],
  [/^\*\*\*([^]+?)\*\*\*/, (match, context) => h("strong", {}, h("em", {}, inline(match[1], context)))],
  [/^\*\*([^]+?)\*\*(?!\*)/, (match, context) => h("strong", {}, inline(match[1], context))],
  [/^__([^]+?)__(?!_)/, (match, context) => h("u", {}, inline(match[1], context))],
  [/^\*(?!\s)([^*\n]*?[^*\s])\*(?!\*)/, (match, context) => h("em", {}, inline(match[1], context))],
  [/^_(?!\s)([^_\n]+?)_(?![\p{L}\p{N}_])/u, (match, context) => h("em", {}, inline(match[1], context))],
  [/^~~([^]+?)~~/, (match, context) => h("s", {}, inline(match[1], context))],
  [/^<@!?(\d+)>/, (match, context) => mention(`@${context.userName(match[1])}`, context.isMe(match[1]))],
  [/^<@&(\d+)>/, (match, context) => mention(`@${context.roleName(match[1])}`, context.isMyRole(match[1]))],
  [/^<#(\d+)>/, (match, context) => mention(`#${context.channelName(match[1])}`)],
  [/^<\/([^:>\n]{1,100}):\d+>/, (match) => mention(`/${match[1]}`)],
  [/^<a?:(\w{2,32}):(\d+)>/, (match) => emojiNode({ id: match[2], name: match[1] })],
  [/^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/, (match) => moment(Number(match[1]), match[2])],
  // The text of a link may contain pairs of brackets.
  [/^\[((?:\[[^\]\n]*\]|[^[\]\n]|\](?=[^[\n]*\]))+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/, (match, context) =>
    link(match[2], inline(match[1], context), context)],
  [/^<(https?:\/\/[^\s>]+)>/, (match, context) => link(match[1], match[1], context)],
  [/^https?:\/\/[^\s<]*[^\s<.,:;"'\])!?]/, (match, context) => link(match[0], match[0], context)],
];

/** Renders the blocks of a message: paragraphs, quotes, headings, lists, subtext, code. `context`: names of ids. */
export function markdown(text, context) {
  const parts = text.split(/(```[^]*?```)/);
  const nodes = [];
  for (const [index, part] of parts.entries()) {
    if (index % 2 && part.length > 6) nodes.push(codeBlock(part.slice(3, -3)));
    else nodes.push(...lines(index ? part.replace(/^\n/, "") : part, context));
  }
  return nodes;
}

/** Renders one line of markdown without blocks. */
export function inline(text, context) {
  const nodes = [];
  let plain = "";
  let rest = text;
  let last = "";
  while (rest) {
    const found = canStart(rest[0], last) ? firstMatch(rest) : null;
    if (found) {
      if (plain) nodes.push(plain);
      plain = "";
      nodes.push(found.make(found.match, context));
      last = found.match[0].at(-1);
      rest = rest.slice(found.match[0].length);
    } else {
      const length = /^[^\\`|*_~<[h]+/.exec(rest)?.[0].length ?? 1;
      plain += rest.slice(0, length);
      last = rest[length - 1];
      rest = rest.slice(length);
    }
  }
  if (plain) nodes.push(plain);
  return nodes;
}

/** Returns the text without formatting on one line, with spoilers covered. */
export function plainText(text, context) {
  const words = h("span", {}, markdown(text, context).flatMap((node) => [node, " "]));
  for (const cover of words.querySelectorAll(".spoiler")) cover.replaceWith("▮▮▮");
  return words.textContent.replace(/\s+/g, " ").trim();
}

function canStart(letter, last) {
  if (!"\\`|*_~<[h".includes(letter)) return false;
  return !(/[\p{L}\p{N}]/u.test(last) && (letter === "_" || letter === "h"));
}

function firstMatch(text) {
  for (const [pattern, make] of INLINE) {
    const match = pattern.exec(text);
    if (match) return { match, make };
  }
  return null;
}

function lines(text, context) {
  const nodes = [];
  let paragraph = [];
  let quote = [];
  const flush = () => {
    if (paragraph.some((line) => line.trim())) nodes.push(h("p", {}, inline(paragraph.join("\n").trim(), context)));
    if (quote.length) nodes.push(h("blockquote", {}, lines(quote.join("\n"), context)));
    paragraph = [];
    quote = [];
  };
  for (const line of text.split("\n")) {
    const heading = /^(#{1,3}) +(\S.*)/.exec(line);
    const small = /^-# +(\S.*)/.exec(line);
    const item = /^( *)(?:[-*]|(\d+)\.) +(\S.*)/.exec(line);
    const quoted = /^>(?:>>)? ?(.*)/.exec(line);
    if (quoted && /^>(>>)? /.test(`${line} `)) {
      if (!quote.length) flush();
      quote.push(quoted[1]);
    } else if (heading || small || item) {
      flush();
      if (heading) nodes.push(h("div", { class: `head head-${heading[1].length}`, role: "heading", "aria-level": "3" },
        inline(heading[2], context)));
      else if (small) nodes.push(h("small", { class: "subtext" }, inline(small[1], context)));
      else nodes.push(h("div", { class: `item${item[1].length > 1 ? " item-deep" : ""}` },
        h("span", { class: "item-mark", text: item[2] ? `${item[2]}.` : "•" }),
        h("span", {}, inline(item[3], context))));
    } else {
      if (quote.length) flush();
      paragraph.push(line);
    }
  }
  flush();
  return nodes;
}

function codeBlock(text) {
  const body = text.replace(/^[\w+-]*\n/, "").replace(/\n$/, "");
  return h("pre", { tabindex: "0" }, h("code", { text: body }));
}

function spoiler(children) {
  const cover = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler, press to show" },
    h("span", { class: "spoiler-text", "aria-hidden": "true" }, children));
  const show = (event) => {
    if (cover.classList.contains("shown") || (event.type === "keydown" && !["Enter", " "].includes(event.key))) return;
    event.preventDefault();
    cover.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
    cover.firstChild.removeAttribute("aria-hidden");
  };
  cover.addEventListener("click", show);
  cover.addEventListener("keydown", show);
  return cover;
}

const mention = (text, mine = false) => h("span", { class: `mention${mine ? " mention-me" : ""}`, text });

// A link to a message shows that message on this page.
function link(url, children, context) {
  const element = h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, children);
  const [, channel, message] = /^https:\/\/discord\.com\/channels\/(?:\d+|@me)\/(\d+)\/(\d+)$/.exec(url) ?? [];
  if (message) {
    element.addEventListener("click", (event) => {
      event.preventDefault();
      context.visit(channel, message);
    });
  }
  return element;
}

function moment(seconds, style) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "";
  const element = h("time", { datetime: date.toISOString(), title: formatTime(date, "F"), text: formatTime(date, style) });
  if (style === "R") element.dataset.relative = "";
  return element;
}
