// What was entered on this phone and is not in the record yet. On every page of patients.
//
// An entry is kept here until the server has named it as recorded: nothing else counts as sent, no status, no page, no
// silence. It goes out under the account that entered it, and under no other. While one waits, every page says that the
// team has not seen it, and whom to call. Each entry has a place of its own in the store, so that tabs cannot lose each
// other's.
(() => {
  "use strict";
  const PREFIX = "cartway-entry-", ACCOUNT = "cartway-account", OWN = "cartway-own";
  const EVERY_MS = 20000, PATIENCE_MS = 15000, DAY_MS = 24 * 60 * 60 * 1000;
  const WAITS = "waits", SIGNED_OUT = "signed-out", OTHER = "other", REFUSED = "refused", LEAVING = "leaving";
  const listeners = new Set();
  let sending = false, why = WAITS, leaving = false;

  const account = () => document.body.dataset.account || "";

  function keep(entry) {
    try { localStorage.setItem(PREFIX + entry.id, JSON.stringify(entry)); return true; } catch { return false; }
  }

  const forget = (id) => { try { localStorage.removeItem(PREFIX + id); } catch { /* it keeps nothing anyway */ } };

  // What is kept, the oldest first. What cannot be read is kept too, and waits: it was somebody's entry.
  function kept() {
    const found = [];
    try {
      for (let n = 0; n < localStorage.length; n += 1) {
        const key = localStorage.key(n);
        if (!key.startsWith(PREFIX)) continue;
        try { found.push(JSON.parse(localStorage.getItem(key))); } catch { found.push({ id: key.slice(PREFIX.length), refused: true, account: account(), summary: "?" }); }
      }
    } catch { /* a browser that keeps nothing */ }
    return found.sort((one, other) => (one.entered || 0) - (other.entered || 0));
  }

  // However old it says that it is: a phone without a battery loses its clock, and what nobody saw is never lost with it.
  const unsent = () => kept().filter((entry) => !entry.received);
  const mine = () => unsent().filter((entry) => entry.account === account());

  // ---- Sending

  async function ask(address, options = {}) {
    const stop = new AbortController(), late = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      return await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "manual", signal: stop.signal, ...options });
    } finally { clearTimeout(late); }
  }

  // The token and the account that this browser is signed in with now. Null where it is signed out.
  async function standing(course) {
    const answer = await ask(`/my/${encodeURIComponent(course)}/today/state`, { headers: { "X-Cartway-Watch": "1" } });
    if (answer.type === "opaqueredirect" || answer.status === 401) return null; // a 403 is of this course alone
    if (!answer.ok) throw new Error("no answer");
    const text = await answer.text();
    const told = new DOMParser().parseFromString(text, "text/html").getElementById("told");
    if (!told) throw new Error("not ours");
    settle(told);
    return { token: told.dataset.token, by: told.dataset.by, patienceMs: Number(told.dataset.patienceMs), text };
  }

  // What somebody saw, or what asks for nobody, is the server's to tell from now on. What waits stays, so that any page
  // can say to call, whether or not there is a network by then.
  function settle(told) {
    const states = new Map([...told.querySelectorAll("[data-entry]")].map((item) => [item.dataset.entry, item.dataset.state]));
    for (const entry of kept()) {
      if (!entry.received) continue;
      if (["seen", "kept"].includes(states.get(entry.id)) || Date.now() - entry.received > DAY_MS) forget(entry.id);
      else if (states.has(entry.id) && !entry.listed) keep({ ...entry, listed: true });
    }
  }

  const reached = () => kept().filter((entry) => entry.received && entry.account === account());
  const isLate = (entry) => entry.tier > 0 && !(Math.abs(Date.now() - entry.received) < (entry.patienceMs || 0));

  // Whether anybody saw what reached the server: asked for by any page while something waits.
  async function watch() {
    const [first] = reached();
    if (first && !document.hidden) { try { await standing(first.course); } catch { /* asked again */ } tell(); }
  }

  async function sendOne(entry) {
    const now = await standing(entry.course);
    if (!now) return SIGNED_OUT;
    if (now.by !== entry.account) return OTHER;
    const fields = new URLSearchParams(entry.fields);
    fields.set("form", entry.id); fields.set("by", entry.account); fields.set("tier", String(entry.tier));
    fields.set("entered", String(entry.entered)); fields.set("sent", String(Date.now())); fields.set("_csrf_token", now.token);
    const answer = await ask(`/my/${encodeURIComponent(entry.course)}/today`, {
      method: "POST", body: fields.toString(), keepalive: true,
      headers: { "Content-Type": "application/x-www-form-urlencoded", "Cartway-Fetch": "1" },
    });
    if (answer.ok && answer.headers.get("Cartway-Received") === entry.id) {
      keep({ ...entry, received: Date.now(), patienceMs: now.patienceMs });
      return "";
    }
    const refused = answer.headers.get("Cartway-Refused");
    if (refused === "another_account") return OTHER;
    if (refused && refused !== "not_recorded") { keep({ ...entry, refused: true }); return REFUSED; }
    return WAITS;
  }

  async function sendAll() {
    if (sending) return;
    sending = true;
    try {
      for (const entry of mine().filter((each) => !each.refused).sort((one, other) => other.tier - one.tier)) {
        let outcome = WAITS;
        try { outcome = await sendOne(entry); } catch { /* no network, or no answer: it waits, and holds no other up */ }
        why = outcome || WAITS;
        if (outcome === SIGNED_OUT || outcome === OTHER) break;
      }
    } finally { sending = false; }
    tell();
  }

  // Only one tab at a time, where the browser can say so. Two at once do no harm: an entry is recorded once.
  const send = () => (navigator.locks ? navigator.locks.request("cartway-send", { ifAvailable: true }, (lock) => (lock ? sendAll() : undefined)) : sendAll());

  // ---- Telling

  function reason(all) {
    if (leaving) return LEAVING;
    if (!account()) return SIGNED_OUT;
    if (!all.some((entry) => entry.account === account())) return OTHER;
    return all.some((entry) => entry.refused && entry.account === account()) ? REFUSED : why;
  }

  function row(entry) {
    const item = document.createElement("li"), at = new Date(entry.entered || Date.now());
    const lang = document.documentElement.lang || "en";
    item.textContent = `${at.toLocaleString(lang, { weekday: "short", hour: "numeric", minute: "2-digit" })}: ${entry.summary}`;
    return item;
  }

  function tell() {
    const banner = document.getElementById("waiting"), all = unsent();
    if (banner) {
      banner.hidden = all.length === 0;
      const told = reason(all);
      for (const part of banner.querySelectorAll("[data-why]")) part.hidden = part.dataset.why !== told;
      banner.querySelector("[data-list]").replaceChildren(...all.filter((entry) => entry.account === account() && entry.summary).map(row));
    }
    const alone = document.getElementById("unanswered"), late = document.getElementById("diary") ? [] : reached().filter(isLate);
    if (alone) {
      alone.hidden = late.length === 0;
      alone.querySelector("[data-list]").replaceChildren(...late.map(row));
    }
    for (const listener of listeners) listener();
  }

  // What the server will never take is taken off by hand, once somebody has called about it.
  function drop() {
    for (const entry of mine()) if (entry.refused) forget(entry.id);
    tell();
  }

  // ---- Signing out: first what would be lost, then nothing of anybody stays.

  function clear() {
    for (const entry of kept()) if (entry.account === account() || entry.received) forget(entry.id);
    try { localStorage.removeItem(ACCOUNT); } catch { /* nothing kept */ }
    if (window.caches) caches.delete(OWN);
  }

  function leave(event) {
    if (!event.target.matches('form[action="/sign-out"]')) return;
    if (mine().length && !leaving) {
      event.preventDefault();
      leaving = true;
      tell();
      document.getElementById("waiting")?.scrollIntoView({ block: "start" });
      return;
    }
    clear();
  }

  // ---- What the phone keeps of pages

  async function prepare() {
    if (!window.caches) return;
    if (!account() && new URLSearchParams(location.search).has("bye")) await caches.delete(OWN);
    const before = localStorage.getItem(ACCOUNT), now = account();
    if (now && before !== now) { await caches.delete(OWN); localStorage.setItem(ACCOUNT, now); }
    const cache = await caches.open(OWN);
    await cache.put("/language", new Response(document.documentElement.lang || "en"));
    const course = (document.getElementById("diary") || {}).dataset?.course;
    if (!course || !now) return;
    const path = `/my/${encodeURIComponent(course)}/today`, answer = await ask(`${path}?bare=1`);
    if (answer.ok && answer.headers.get("Cartway-Page") === "today") await cache.put(path, answer); // and no hotel's page of welcome
  }

  function register() {
    if (!("serviceWorker" in navigator)) return;
    for (const scope of ["/urgent", "/my/"]) navigator.serviceWorker.register("/worker.js", { scope }).catch(() => undefined);
  }

  function begin() {
    document.addEventListener("submit", leave);
    document.querySelector("#waiting [data-again]")?.addEventListener("click", send);
    document.querySelector("#waiting [data-drop]")?.addEventListener("click", drop);
    window.addEventListener("online", send);
    window.addEventListener("storage", tell);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
    setInterval(() => { if (mine().length) send(); else watch(); }, EVERY_MS);
    register();
    prepare().catch(() => undefined);
    tell();
    send();
    if (!document.getElementById("diary")) watch();
  }

  window.CartwayWaiting = { keep, kept, mine, reached, isLate, send, standing, tell, listen: (listener) => listeners.add(listener) };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
