// The service worker of patients' pages: "Is this urgent?" and the diary are there without a network.
// Always the network first: a number to call may have changed. What the phone keeps is shown only where nothing comes.
// It keeps no entry and nothing of a record: an entry waits in the page's own store (static/waiting.js).
"use strict";

const OPEN = `cartway-urgent-${KEPT.version}`; // pages without anybody's data, and what they are drawn with
const OWN = "cartway-own"; // the empty diary of who is signed in: waiting.js puts it there and takes it away
const PATIENCE_MS = 4000;
const REFRESH_MS = 60 * 60 * 1000;
let refreshed = 0;

const bare = (path) => new Request(path, { credentials: "omit", cache: "no-store" });
const isOurs = (answer) => answer.ok && answer.headers.has("Cartway-Page");

// The pages as nobody's, with every file that they name.
async function keep() {
  const cache = await caches.open(OPEN), files = new Set(KEPT.files);
  for (const path of KEPT.pages) {
    const answer = await fetch(bare(path));
    if (!isOurs(answer)) throw new Error("the page is not there");
    const text = await answer.clone().text();
    for (const [, file] of text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)) files.add(file.replaceAll("&amp;", "&"));
    await cache.put(path, answer);
  }
  await Promise.all([...files].map(async (file) => { if (!(await cache.match(file))) await cache.add(bare(file)); }));
  refreshed = Date.now();
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("cartway-urgent-") && name !== OPEN) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(navigate(event, url.pathname));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function file(request) {
  return (await caches.match(request)) || fetch(request);
}

// A page: from the network, if it answers in time with one of ours; else as the phone keeps it. A hotel's page of
// welcome, a proxy's page of error and "too many requests" are none of ours.
async function navigate(event, path) {
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
  const coming = fetch(event.request).catch(() => undefined);
  const kept = await stored(path);
  const answer = await (kept ? Promise.race([coming, late]) : coming);
  const goes = answer && (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status) || answer.headers.has("Cartway-Page"));
  if (goes || (answer && !kept && answer.status < 500)) {
    if (answer.ok && Date.now() - refreshed > REFRESH_MS) event.waitUntil(keep().catch(() => undefined));
    return answer;
  }
  return kept || answer || instead();
}

// What the phone keeps of a page. The open one in the language that the reader chose last.
async function stored(path) {
  if (path === "/urgent") return caches.match(`/urgent/${await language()}`, { cacheName: OPEN });
  if (path.startsWith("/urgent/")) return caches.match(path, { cacheName: OPEN });
  return /^\/my\/[^/]+\/today$/.test(path) ? caches.match(path, { cacheName: OWN, ignoreSearch: true }) : undefined;
}

async function language() {
  const chosen = await caches.match("/language", { cacheName: OWN });
  const named = chosen ? await chosen.text() : (self.navigator.language || "en").slice(0, 2);
  return KEPT.pages.includes(`/urgent/${named}`) ? named : "en";
}

// Any other page without a network: whether it is urgent, and whom to call, is there at least.
async function instead() {
  const page = await caches.match(`/urgent/${await language()}`, { cacheName: OPEN });
  return page || Response.error();
}
