// The list of members: a column on wide screens, behind the button in the header elsewhere.

import { avatar, byId, h, icon, nameOf } from "./dom.js";
import { Roving } from "./roving.js";

const GROUPS = { owner: "Owner", administrator: "Administrators", moderator: "Moderators", member: "Members", app: "Apps" };
const KEY = "members";
// The width from which on the list is a column: see style.css.
const wide = matchMedia("(min-width: 1160px)");

export class MemberList {
  #store;
  #userMenu;
  #app = byId("app");
  #button = byId("members-open");
  #side = byId("members");
  #list = byId("member-groups");

  /** `userMenu(user, x, y, opener)` shows the menu of a member. */
  constructor(store, userMenu) {
    this.#store = store;
    this.#userMenu = userMenu;
    this.#button.append(icon("people"));
    this.#button.addEventListener("click", () => this.#toggle(!this.#isShown));
    byId("members-shade").addEventListener("click", () => this.#toggle(false));
    this.#side.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !wide.matches) this.#toggle(false);
    });
    // What was selected in a member's menu happens in the channel, which the drawer covers.
    document.addEventListener("click", ({ target }) => {
      if (this.#isShown && !wide.matches && target.closest(".menu-item:not([aria-haspopup])")) this.#close();
    });
    wide.addEventListener("change", () => this.#adapt());
    new Roving(this.#list, ".member");
    for (const event of ["state", "channel", "bot"]) store.addEventListener(event, () => this.#draw());
    this.#adapt();
  }

  get #isShown() {
    return this.#app.classList.contains("members-shown");
  }

  #show(shown) {
    this.#app.classList.toggle("members-shown", shown);
    this.#button.setAttribute("aria-expanded", String(shown));
  }

  // The column is shown unless the user closed it; the drawer is closed until it is opened.
  #adapt() {
    this.#show(wide.matches && localStorage.getItem(KEY) !== "closed");
  }

  #toggle(shown) {
    const was = this.#isShown;
    this.#show(shown);
    if (wide.matches) localStorage.setItem(KEY, shown ? "open" : "closed");
    else if (shown) this.#list.querySelector('.member[tabindex="0"]')?.focus();
    else if (was) this.#button.focus();
  }

  #close() {
    if (this.#side.contains(document.activeElement)) this.#button.focus();
    this.#show(false);
  }

  #draw() {
    const { bot, connected } = this.#store;
    const rankOf = (user) => user.rank ?? (user.bot ? "app" : "member");
    const groups = Map.groupBy(this.#store.membersHere(), rankOf);
    const focused = document.activeElement?.dataset.member;
    this.#list.replaceChildren(...Object.entries(GROUPS).filter(([rank]) => groups.has(rank)).map(([rank, title]) => {
      const users = groups.get(rank).sort((a, b) => this.#name(a).localeCompare(this.#name(b)));
      return h("section", { class: "member-group", "aria-labelledby": `members-${rank}` },
        h("h3", { class: "member-rank", id: `members-${rank}`, text: `${title} — ${users.length}` }),
        h("ul", {}, users.map((user) => h("li", {}, this.#member(user, user.id === bot.id && !(bot.online && connected))))));
    }));
    if (focused) this.#list.querySelector(`[data-member="${focused}"]`)?.focus({ preventScroll: true });
  }

  #name(user) {
    return user.nick || nameOf(user);
  }

  #member(user, isOffline) {
    const show = (event) => {
      event.preventDefault();
      const box = event.currentTarget.getBoundingClientRect();
      this.#userMenu(user, box.left, box.bottom + 4, event.currentTarget);
    };
    return h("button", { class: `member${isOffline ? " member-offline" : ""}`, type: "button", "aria-haspopup": "menu",
      data: { member: user.id }, on: { click: show, contextmenu: show } },
    avatar(user), h("span", { class: "member-name", text: this.#name(user) }),
    user.bot ? h("span", { class: "tag", text: "APP" }) : user.rank === "owner" ? icon("crown") : null,
    isOffline ? h("span", { class: "visually-hidden", text: "offline" }) : null);
  }
}
