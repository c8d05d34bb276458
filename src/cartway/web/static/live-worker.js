// The one stream of a browser. As a shared worker it serves all tabs, since a browser opens only six connections to a host;
// where there are no shared workers, live.js loads this file into the page, which then has a stream of its own.
"use strict";

// Keep a stream open and tell what comes: {kind: "open"}, {kind: "news", news}, {kind: "lost"}, {kind: "signed-out"}.
function follow(tell, session) {
  const live = `/live?session=${encodeURIComponent(session)}`; // the server refuses another session's: see live.js
  const SILENT_MS = 6000; // the server says something at least every two seconds
  const SLOWEST_MS = 10000;
  let source = null, heard = 0, delay = 1000, waiting = 0, over = false;

  function start() {
    over = false;
    clearTimeout(waiting);
    waiting = 0;
    source?.close();
    heard = performance.now();
    source = new EventSource(live);
    source.onopen = () => tell({ kind: "open" });
    source.onerror = failed;
    source.addEventListener("news", (event) => {
      heard = performance.now();
      delay = 1000;
      tell({ kind: "news", news: JSON.parse(event.data) });
    });
    source.addEventListener("signed-out", signedOut);
  }

  function failed() {
    tell({ kind: "lost" });
    if (source.readyState === EventSource.CLOSED) again(); // else the browser tries by itself
  }

  function signedOut() {
    over = true;
    source.close();
    tell({ kind: "signed-out" });
  }

  function again() {
    source.close();
    if (over || waiting) return;
    waiting = setTimeout(async () => {
      waiting = 0;
      if (await isSignedOut()) signedOut();
      else if (!over) start();
    }, delay * (0.75 + Math.random() / 2)); // not all pages at once
    delay = Math.min(SLOWEST_MS, delay * 1.6);
  }

  // An EventSource does not say why it was refused, so ask once more in a way that does.
  async function isSignedOut() {
    const asked = new AbortController();
    try {
      const answer = await fetch(live, { redirect: "manual", cache: "no-store", signal: asked.signal, headers: { "X-Cartway-Watch": "1" } });
      return answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
    } catch {
      return false;
    } finally {
      asked.abort();
    }
  }

  // A connection can die without a word: nothing heard for long is as good as an error.
  setInterval(() => {
    if (over || waiting || performance.now() - heard < SILENT_MS) return;
    tell({ kind: "lost" });
    again();
  }, 1000);

  start();
  return { restart() { if (over) start(); }, get isOpen() { return source.readyState === EventSource.OPEN; } };
}

if ("SharedWorkerGlobalScope" in self) {
  const ports = new Set();
  let stream = null;
  self.onconnect = ({ ports: [port] }) => {
    ports.add(port);
    port.onmessage = ({ data }) => { if (data === "bye") ports.delete(port); };
    port.start?.();
    if (!stream) stream = follow((message) => { for (const each of ports) each.postMessage(message); }, self.name.replace("cartway-", ""));
    else stream.restart();
    port.postMessage({ kind: stream.isOpen ? "open" : "waiting" });
  };
} else {
  window.cartway.follow = follow;
}
