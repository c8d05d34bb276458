// The board's rows, kept up with the news. A row is never replaced by an older one; what was missed is fetched whole.
(() => {
  "use strict";
  const { cartway } = window;
  const board = document.getElementById("board");
  const MARKED_MS = 90000, QUIET_MS = 4000, SAID_TOGETHER_MS = 700, HELD_MS = 5000;
  const SCALES = ["CRS", "ICANS"];
  let { position, mark, seen } = reading(board.querySelector("table")); // `seen`: how many facts of a course the reader has seen
  let needed = position; // the position that a whole fetch has to reach

  function reading({ dataset }) { return { position: Number(dataset.position), mark: dataset.mark, seen: JSON.parse(dataset.seen) }; }
  const rows = () => [...board.querySelectorAll("tr[data-course]")];
  const versionOf = (row) => row.dataset.version.split(".").map(Number);
  const older = ([a, b], [c, d]) => a < c || (a === c && b < d);
  const sectionOf = (stage) => board.querySelector(`tbody[data-stage="${stage}"]`);

  // News

  let waiting = [], pressedAt = 0;
  const isPressed = () => pressedAt && performance.now() - pressedAt < HELD_MS;

  document.addEventListener("cartway:news", ({ detail }) => { waiting.push(detail); drain(); });
  document.addEventListener("cartway:joined", () => whole());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) whole(); }); // a course was read in another tab
  document.addEventListener("cartway:signed-out", () => { waiting = []; stopped = true; });

  function drain() {
    if (stopped || isPressed()) return; // nothing moves under a finger
    for (const news of waiting.splice(0)) take(news);
    settle();
  }

  function take(news) {
    if (news.since > position) {
      needed = Math.max(needed, news.since);
      whole();
    }
    for (const row of news.rows) arrive(row);
    if (news.since <= position) position = Math.max(position, news.position);
  }

  function parsed(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    return holder.content.firstElementChild;
  }

  // A row of the news. Most differ from the one before in a cell or two: only these are replaced, which is what lets a slow
  // machine keep many boards open.
  const drawn = new WeakMap(); // of a row: its opening tag and its cells, as the server wrote them
  const split = (html) => html.trim().split(/(?=<t[dh][ >])/);
  function arrive({ course, version, html }) {
    const held = document.getElementById(`row-${course}`), parts = split(html);
    if (held && older(versionOf(held), version) && patch(held, parts)) return;
    const row = parsed(html);
    drawn.set(row, parts);
    put(row);
  }

  function patch(held, parts) {
    const before = drawn.get(held), shell = parsed(`${parts[0]}</tr>`), cells = [...held.cells];
    if (before?.length !== parts.length || shell.dataset.stage !== held.dataset.stage) return false;
    const changed = cells.filter((cell, place) => before[place + 1] !== parts[place + 1]);
    if (changed.some((cell) => cell.contains(document.activeElement))) return false;
    compare(held, shell.dataset.marks);
    for (const cell of changed) renew(cell, parts[cells.indexOf(cell) + 1]);
    unsettled ||= held.dataset.order !== shell.dataset.order;
    for (const { name, value } of shell.attributes) held.setAttribute(name, value);
    drawn.set(held, parts);
    dress(held);
    return true;
  }

  function renew(cell, html) {
    const fresh = parsed(html), isOpen = cell.querySelector("details")?.open, details = fresh.querySelector("details");
    if (details && isOpen) details.open = true;
    if (!("reads" in board.dataset)) unlink(fresh);
    cell.replaceWith(fresh);
  }

  // What the server leaves to the page: what is unread, which grades changed lately, times as this reader wants them.
  function dress(row) {
    mark = "";
    tellUnread(row);
    remark(row);
    if (document.documentElement.dataset.times === "exact") cartway.tick(row);
  }

  // Put a row in place of the one of its course, unless that one is as new.
  function put(row) {
    const held = document.getElementById(row.id);
    if (held && !older(versionOf(held), versionOf(row))) {
      if (!older(versionOf(row), versionOf(held))) held.dataset.order = row.dataset.order;
      return;
    }
    if (!("reads" in board.dataset)) unlink(row);
    if (held) replace(held, row);
    else {
      sectionOf(row.dataset.stage).append(row);
      say(`New on the board: ${nameOf(row)}`);
    }
    dress(row);
    unsettled = true;
  }

  function replace(held, row) {
    const focused = [...focusable(held)].indexOf(document.activeElement);
    const isOpen = held.querySelector("details")?.open;
    compare(held, row.dataset.marks);
    if (held.dataset.stage === row.dataset.stage) held.replaceWith(row);
    else {
      held.remove();
      sectionOf(row.dataset.stage).append(row);
    }
    const details = row.querySelector("details");
    if (details && isOpen) details.open = true;
    if (focused >= 0) ([...focusable(row)][focused] ?? focusable(row)[0])?.focus({ preventScroll: true });
  }
  const focusable = (row) => row.querySelectorAll("a, summary, button");
  const nameOf = (row) => row.querySelector(".who > :first-child").textContent;

  // For who may not open a course.
  function unlink(row) {
    row.querySelector(".more")?.remove();
    for (const link of row.querySelectorAll("a")) {
      const plain = document.createElement("span");
      plain.append(...link.childNodes);
      link.replaceWith(plain);
    }
  }

  function tellUnread(row) {
    const { course, facts } = row.dataset, count = course in seen ? Number(facts) - seen[course] : 0;
    row.querySelector("[data-unread]").textContent = count > 0 ? `${count} new` : "";
  }

  // A changed grade is marked for a while, and said once.

  const marked = new Map();
  function compare(held, marks) {
    const before = held.dataset.marks.split(" "), after = marks.split(" ");
    if (!held.dataset.marks || !marks) return;
    after.forEach((now, scale) => {
      if (now === before[scale]) return;
      const key = `${held.id} ${scale}`, id = held.id;
      clearTimeout(marked.get(key));
      marked.set(key, setTimeout(() => { marked.delete(key); remark(document.getElementById(id)); }, MARKED_MS));
      say(`${nameOf(held)}: ${SCALES[scale]} ${words(now)}, was ${words(before[scale])}`);
    });
  }
  const words = (mark) => mark === "na" ? "not assessable" : mark.replace(">=", "at least ");
  function remark(row) {
    row?.querySelectorAll(".scale").forEach((cell, scale) => cell.classList.toggle("changed", marked.has(`${row.id} ${scale}`)));
  }

  let saying = [], timer = 0;
  function say(text) {
    saying.push(text);
    timer ||= setTimeout(() => {
      const region = document.getElementById("said");
      region.textContent = saying.length > 3 ? `${saying.slice(0, 2).join(". ")}. And ${saying.length - 2} more changes.` : saying.join(". ");
      saying = [];
      timer = 0;
    }, SAID_TOGETHER_MS);
  }

  // Order. Rows wait with moving while somebody works on one of them.

  let unsettled = false, touchedAt = -Infinity, stopped = false;
  const isInUse = () => isPressed() || (board.contains(document.activeElement) && performance.now() - touchedAt < QUIET_MS);
  function settle() {
    if (!unsettled || isInUse()) return;
    unsettled = false;
    const focused = document.activeElement;
    for (const section of board.querySelectorAll("tbody")) sort(section);
    if (board.contains(focused) && document.activeElement !== focused) focused.focus({ preventScroll: true });
    board.toggleAttribute("data-few", rows().length <= 16);
    board.toggleAttribute("data-many", rows().length > 22);
    board.querySelector(".notice")?.toggleAttribute("hidden", rows().length > 0);
  }

  function sort(section) {
    const key = (row) => `${row.dataset.order} ${row.dataset.course}`;
    const wanted = [...section.querySelectorAll("tr[data-course]")].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    let before = section.querySelector(".section");
    before.querySelector(".count").textContent = wanted.length;
    section.hidden = !wanted.length;
    for (const row of wanted) {
      if (before.nextElementSibling !== row) before.after(row);
      before = row;
    }
  }

  board.addEventListener("pointerdown", () => { pressedAt = touchedAt = performance.now(); });
  for (const event of ["pointerup", "pointercancel"]) document.addEventListener(event, () => { pressedAt = 0; setTimeout(drain); });
  board.addEventListener("keydown", () => { touchedAt = performance.now(); });
  board.addEventListener("focusout", () => setTimeout(settle));

  // The whole, for a page that missed something. Retried until it reaches what the page knows that it lacks.

  let fetching = false, asked = false, delay = 0;
  function whole() {
    asked = true;
    if (fetching || stopped) return;
    fetching = true;
    setTimeout(fetched, delay + 50 + Math.random() * 250); // several reasons at once are one fetch; all pages are not one moment
  }

  async function fetched() {
    asked = false;
    let reached = false;
    try {
      const answer = await fetch(`/board/rows?have=${mark}`, { redirect: "manual", cache: "no-store", headers: { "X-Cartway-Watch": "1" } });
      if (answer.status === 204) reached = at(Number(answer.headers.get("Cartway-Position")));
      else if (answer.ok) reached = merge(parsedWhole(await answer.text()));
    } catch { /* the server is away: again below */ }
    fetching = false;
    delay = reached ? 0 : Math.min(8000, 2 * delay + 400);
    if (asked || !reached) whole();
  }

  function parsedWhole(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content;
  }

  function at(reached) {
    position = Math.max(position, reached);
    return reached >= needed;
  }

  function merge(content) {
    const table = content.querySelector("table"), whole = reading(table);
    ({ seen } = whole);
    const there = new Set();
    for (const row of table.querySelectorAll("tr[data-course]")) {
      there.add(row.id);
      put(row);
    }
    for (const row of rows()) {
      if (!there.has(row.id) && versionOf(row)[0] <= whole.position) {
        row.remove();
        unsettled = true;
      }
    }
    for (const row of rows()) tellUnread(row);
    if (whole.position >= position) mark = whole.mark;
    settle();
    return at(whole.position);
  }
})();
