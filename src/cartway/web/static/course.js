// The course page at work: it takes in news without losing place, focus, zoom or what is being typed; links into the timeline.
(() => {
  "use strict";
  const root = document.getElementById("course");
  if (!root) return;
  const course = root.dataset.course, past = root.dataset.moment !== "";
  const said = document.getElementById("said");
  const TOGETHER_MS = 300, SLOWEST_MS = 5000; // between two looks for news, and between two tries

  // --- links to a fact -----------------------------------------------------------------------------------------------------

  function go(entry) {
    for (const other of document.querySelectorAll(".entry.here")) other.classList.remove("here");
    entry.classList.add("here");
    entry.tabIndex = -1;
    entry.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    entry.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-fact]");
    const entry = link && document.getElementById(`fact-${link.dataset.fact}`);
    if (!entry) return; // not on this page: the link leads to the page of the timeline that has it
    event.preventDefault();
    go(entry);
  });

  // --- taking in what is new -----------------------------------------------------------------------------------------------

  // Where the focus is, said so that it can be found again in new HTML.
  function focused(within) {
    const at = document.activeElement;
    if (!at || !within.contains(at)) return null;
    if (at.id) return `#${CSS.escape(at.id)}`;
    const href = at.getAttribute("href");
    if (href) return `a[href="${CSS.escape(href)}"]`;
    const holder = at.closest("[id]");
    return holder && holder !== within ? `#${CSS.escape(holder.id)} ${at.tagName.toLowerCase()}` : null;
  }

  function replace(id, fresh) {
    const old = document.getElementById(id), made = fresh.getElementById(id);
    if (!old || !made || old.innerHTML === made.innerHTML) return;
    const focus = focused(old);
    for (const details of old.querySelectorAll("details[id]")) {
      const same = made.querySelector(`#${CSS.escape(details.id)}`);
      if (same) same.open = details.open;
    }
    const form = old.querySelector("#as-known"), newForm = made.querySelector("#as-known");
    if (form && newForm) newForm.replaceWith(form); // somebody may be typing in it
    const side = [...old.querySelectorAll(".scroll")].map((each) => each.scrollLeft);
    old.replaceWith(document.adoptNode(made));
    [...made.querySelectorAll(".scroll")].forEach((each, n) => { each.scrollLeft = side[n] ?? 0; });
    if (window.htmx) window.htmx.process(made);
    if (focus) (made.matches(focus) ? made : made.querySelector(focus))?.focus({ preventScroll: true });
  }

  const order = (entry) => entry.dataset.order.split(".").map(Number);
  const before = (one, other) => {
    const [a, b] = [order(one), order(other)];
    return a[0] - b[0] || b[1] - a[1]; // newest time first, within a time as charted
  };

  // New and changed entries go where they belong; those that are as they were, older pages and open details stay.
  function merge(fresh) {
    const entries = document.getElementById("entries"), made = fresh.getElementById("entries");
    if (!entries || !made || entries.dataset.group !== made.dataset.group) return;
    const isNext = [...made.querySelectorAll(".entry")].some((entry) => document.getElementById(entry.id));
    if (isNext) for (const day of made.querySelectorAll(".day-of")) mergeDay(day, entries);
    else entries.replaceChildren(...made.childNodes); // so much is new that a gap would be between
    if (window.htmx) window.htmx.process(entries);
  }

  function mergeDay(day, entries) {
    const held = entries.querySelector(`.day-of[data-day="${day.dataset.day}"]`);
    if (held) for (const entry of [...day.querySelectorAll(".entry")]) put(entry, held.querySelector(".entries"));
    else insert(day, [...entries.querySelectorAll(".day-of")], (each) => each.dataset.day < day.dataset.day, entries);
  }

  function put(entry, list) {
    const same = document.getElementById(entry.id);
    if (!same) insert(entry, [...list.children], (each) => before(each, entry) < 0, list);
    else if (same.dataset.kind !== entry.dataset.kind) same.replaceWith(entry);
    else for (const mark of ["data-again", "data-same"]) same.toggleAttribute(mark, entry.hasAttribute(mark));
  }

  function insert(made, among, isAfter, parent) {
    const next = among.find(isAfter);
    if (next) next.before(made); else if (among.length) among[among.length - 1].after(made); else parent.append(made);
  }

  // The page again, as it is now: of this course, and of no other.
  async function page(query) {
    const headers = { "X-Cartway-Watch": "1", ...(document.hidden && { "X-Cartway-Hidden": "1" }) }; // nobody uses the session by it
    const answer = await fetch(`/courses/${encodeURIComponent(course)}${query}`, { headers, cache: "no-store" });
    if (answer.redirected || !answer.ok) throw new Error("not to be had");
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (fresh.getElementById("course")?.dataset.course !== course) throw new Error("another course");
    return fresh;
  }

  // A worker may lag behind the one that told the news: its page may be older than the news, or than what is shown.
  const reading = ({ dataset }) => ({ position: Number(dataset.position), version: dataset.version.split(".").map(Number) });
  const older = ([a, b], [c, d]) => a < c || (a === c && b < d);
  const needed = reading(root); // what a page that is taken in has to reach

  function reaches(fresh) {
    const { position: at, version } = reading(fresh.getElementById("course"));
    return at >= needed.position && !older(version, needed.version);
  }

  function taken(fresh) {
    const { position: at, version } = fresh.getElementById("course").dataset;
    Object.assign(root.dataset, { position: at, version });
    Object.assign(needed, reading(root)); // nothing older is taken in from now on
  }

  // What the reader looks at stays where it is on the screen.
  function steadily(change) {
    const stays = [...document.querySelectorAll("#as-known, #readings-title, #picture, #timeline-title, .entry")];
    const seen = (element) => { const { top, bottom } = element.getBoundingClientRect(); return bottom > 60 && top < innerHeight; };
    const held = [document.activeElement, ...stays].find((each) => each && each !== document.body && stays.some((one) => one.contains(each)) && seen(each));
    const before = held?.getBoundingClientRect().top;
    change();
    if (held?.isConnected && scrollY > 0) scrollBy({ top: held.getBoundingClientRect().top - before, behavior: "instant" });
  }

  let busy = false, again = false, unseen = false, joined = true, delay = 0, due = 0, position = needed.position;
  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    clearTimeout(due);
    unseen = document.hidden;
    let reached = false;
    try {
      const group = document.getElementById("entries")?.dataset.group;
      const fresh = await page(group ? `?group=${group}` : "");
      reached = reaches(fresh);
      if (reached) show(fresh);
    } catch { /* the server is away, or gives another page: again below */ }
    busy = false;
    delay = reached ? 0 : Math.min(SLOWEST_MS, 2 * delay + 150);
    if (!reached || again) due = setTimeout(() => { if (root.isConnected) refresh(); }, delay || TOGETHER_MS);
    again = false;
  }

  function show(fresh) {
    steadily(() => {
      replace("head", fresh);
      replace("why", fresh);
      merge(fresh);
      if (!document.getElementById("readings").dataset.paged) replaceReadings(fresh);
    });
    taken(fresh);
    window.cartway?.tick(root);
    const { facts } = fresh.getElementById("course").dataset;
    if (Number(facts) > Number(root.dataset.facts)) said.textContent = `${Number(facts) - Number(root.dataset.facts)} new entries.`;
    root.dataset.facts = facts;
    window.cartwayChart?.load();
  }

  function replaceReadings(fresh) {
    const hidden = document.getElementById("readings").hidden;
    replace("readings", fresh);
    document.getElementById("readings").hidden = hidden;
  }

  // A past moment stays as it is: it only says that there is something new.
  function tellPast() {
    const news = document.getElementById("news");
    if (!news) return;
    news.hidden = false;
    news.textContent = "Something new has been recorded since.";
  }

  document.addEventListener("cartway:news", (event) => {
    const { rows, since, position: reached, now } = event.detail;
    const missed = joined ? reached > position : since > position; // the first word of a stream tells no rows
    const own = rows.find((row) => row.course === course);
    joined = false;
    position = Math.max(position, reached);
    if (missed) needed.position = position;
    if (own && older(needed.version, own.version)) needed.version = own.version;
    if (!missed && !own) { if (!past) window.cartwayChart?.advance(now / 1000); return; }
    if (past) tellPast(); else refresh();
  });
  document.addEventListener("cartway:joined", () => { joined = true; });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && unseen && !past) refresh(); });
  document.addEventListener("htmx:afterSwap", (event) => {
    window.cartway?.tick(root);
    if (event.detail.target.id === "readings") document.getElementById("readings").dataset.paged = "1";
  });
})();
