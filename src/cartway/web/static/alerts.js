// The pages of alerts keep themselves as they are now: they fetch themselves when something changed, and nothing moves under a finger.
(() => {
  "use strict";
  const QUICK_MS = 250, APART_MS = 1000, ANYWAY_MS = 30000, HELD_MS = 5000;
  const said = document.getElementById("said");

  // A form is sent by a script (forms.js), which does not know which of its buttons was pressed: the last one that was, by name and value.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.name) return;
    for (const old of event.target.querySelectorAll("input[data-pressed]")) old.remove();
    const pressed = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
    pressed.dataset.pressed = "";
    event.target.append(pressed);
  }, true);

  const holder = document.querySelector("[data-alerts-from]"), shown = document.querySelector("[data-alerts-changed]");
  if (!holder && !shown) return;

  // What changed: the row of a course in the news says when its alerts last did, and shows the first of them. Of a value that came late only the
  // second tells. The words of a time pass by themselves, and are left out.
  const marks = new Map();
  function markOf(html) {
    const changed = /data-alerts="([^"]*)"/.exec(html)?.[1], cell = /<td class="waits"[\s\S]*?<\/td>/.exec(html)?.[0];
    return changed === undefined || cell === undefined ? "" : `${changed} ${cell.replace(/>[^<]*<\/time>/g, ">")}`;
  }
  function concerns({ course, html }) {
    const mine = holder?.dataset.course ?? shown?.closest(".sheet")?.dataset.course;
    if (mine && mine !== course) return false;
    const mark = markOf(html);
    if (mark && marks.get(course) === mark) return false;
    marks.set(course, mark);
    return true;
  }
  document.addEventListener("cartway:news", ({ detail }) => { if (detail.rows.some(concerns)) soon(); });
  document.addEventListener("cartway:joined", () => soon());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
  document.addEventListener("cartway:signed-out", () => { stopped = true; });
  setInterval(() => soon(), ANYWAY_MS); // an alert goes further by time alone

  let stopped = false, timer = 0, busy = false, again = false, last = -Infinity, delay = 0;
  function soon() {
    if (stopped) return;
    if (busy) { again = true; return; }
    timer ||= setTimeout(fetched, Math.max(QUICK_MS, last + APART_MS - performance.now()) + Math.random() * QUICK_MS + delay);
  }

  async function fetched() {
    timer = 0;
    busy = true;
    again = false;
    last = performance.now();
    let reached = false;
    try {
      const answer = await fetch(address(), { redirect: "manual", cache: "no-store", headers: { "X-Cartway-Watch": "1" } });
      reached = answer.ok || answer.status === 204;
      if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { /* the server is away: again below, and the page says that it is not live */ }
    busy = false;
    delay = reached ? 0 : Math.min(8000, 2 * delay + 500);
    if (again || !reached) soon();
  }

  function address() {
    if (!holder) return location.pathname + location.search;
    const url = new URL(holder.dataset.alertsFrom, location.href), { mark } = document.getElementById("alerts").dataset;
    if (mark) url.searchParams.set("have", mark);
    return url;
  }

  // Under a finger, and while a story is read, the list waits.
  let pressedAt = 0, waiting = null;
  document.addEventListener("pointerdown", () => { pressedAt = performance.now(); });
  for (const event of ["pointerup", "pointercancel"]) document.addEventListener(event, () => { pressedAt = 0; setTimeout(() => { if (waiting) put(waiting); }); });

  function take(page) {
    if (!holder) { compare(page); return; }
    const made = page.getElementById("alerts");
    if (!made) return;
    if (pressedAt && performance.now() - pressedAt < HELD_MS) waiting = made;
    else put(made);
  }

  function put(made) {
    waiting = null;
    const held = document.getElementById("alerts"), fresh = document.adoptNode(made);
    tell(held, fresh);
    for (const details of held.querySelectorAll("details[id][open]")) {
      const same = fresh.querySelector(`#${CSS.escape(details.id)}`);
      if (same) same.open = true;
    }
    const at = held.contains(document.activeElement) ? document.activeElement : null;
    const href = at?.getAttribute("href"), open = at?.closest("details[id]")?.id;
    held.replaceWith(fresh);
    if (href) fresh.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
    else if (open) fresh.querySelector(`#${CSS.escape(open)} > summary`)?.focus({ preventScroll: true });
    title();
    if (document.documentElement.dataset.times === "exact") window.cartway.tick(fresh);
  }

  // What is new is said, once.
  function tell(held, fresh) {
    const names = (root) => new Set([...root.querySelectorAll('[data-state="rings"][id]')].map((each) => each.id));
    const before = names(held), added = [...fresh.querySelectorAll('[data-state="rings"][id]')].filter((each) => !before.has(each.id));
    const words = (each) => ["who", "title", "why"].map((part) => each.querySelector(`.${part}`)?.textContent.trim()).filter(Boolean).join(", ") || each.querySelector("h2")?.textContent.trim();
    if (added.length) said.textContent = `New alert: ${words(added[0])}${added.length > 1 ? `, and ${added.length - 1} more` : ""}`;
  }

  // How many wait, in the title: for who has the page in another tab.
  const named = document.title;
  function title() {
    const rings = Number(document.getElementById("alerts")?.dataset.rings ?? 0);
    document.title = rings ? `(${rings}) ${named}` : named;
  }

  // A form that is open shows what it showed when it was opened, and says that there is something else now.
  function compare(page) {
    const now = page.querySelector("[data-alerts-changed]")?.dataset.alertsChanged;
    document.getElementById("changed")?.toggleAttribute("hidden", now === shown.dataset.alertsChanged);
  }

  title();
})();
