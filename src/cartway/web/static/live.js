// What the server has to tell, for the page it is loaded into: as events `cartway:news` (detail: the news, see cartway.web.ward.hub)
// and `cartway:joined` (the stream is open: what came before it may have been missed). Says in the bar how fresh the page is, and
// covers it when the session ends.
(() => {
  "use strict";
  const script = document.currentScript;
  const STALE_MS = 5000; // the server says something at least every two seconds
  const GIVE_UP_MS = 4000; // a worker that never answers
  const root = document.documentElement, { cartway } = window;
  let heard = performance.now(), checked = Number(document.body.dataset.now), trouble = "", state = "waiting", answered = false, isTold = false, own = false;

  function hear(message) {
    answered = true;
    if (message.kind === "news") news(message.news);
    if (message.kind === "open") document.dispatchEvent(new CustomEvent("cartway:joined"));
    if (message.kind === "signed-out") cover();
    show();
  }

  function news(detail) {
    heard = performance.now();
    isTold = true;
    ({ checked, trouble } = detail);
    cartway.told(detail.now);
    document.dispatchEvent(new CustomEvent("cartway:news", { detail }));
  }

  function show() {
    if (state === "signed-out") return;
    const silent = performance.now() - heard > STALE_MS, isStale = silent || Boolean(trouble);
    const before = state;
    state = isStale ? "stale" : isTold ? "live" : "waiting";
    root.classList.toggle("stale-page", state === "stale");
    const fresh = document.querySelector("[data-fresh]");
    if (fresh) {
      fresh.dataset.state = state;
      const words = state === "live" ? `Live, checked ${cartway.clock(checked)}`
        : state === "stale" ? `Not live since ${cartway.clock(checked, false)}, trying again${trouble ? `. ${trouble}` : ""}` : "Connecting";
      if (fresh.textContent !== words) fresh.textContent = words;
    }
    if (before === "live" && state === "stale") say("This page is not live any more. It is trying again.");
    if (before === "stale" && state === "live") say("This page is live again.");
  }

  function say(words) {
    const said = document.getElementById("said");
    if (said) said.textContent = words;
  }

  // Nothing about a patient stays on the screen of somebody who is signed out.
  function cover() {
    state = "signed-out";
    for (const each of document.querySelectorAll("dialog, [popover]")) each.remove();
    document.getElementById("said").textContent = "";
    for (const each of document.querySelectorAll(".bar nav, .bar form, [data-fresh]")) each.remove();
    const link = Object.assign(document.createElement("a"), { className: "button primary", textContent: "Sign in",
      href: `/sign-in?next=${encodeURIComponent(location.pathname)}` });
    const heading = Object.assign(document.createElement("h1"), { textContent: "You are signed out" });
    const words = Object.assign(document.createElement("p"), { textContent: "Your session has ended. Sign in to see this page again." });
    const card = Object.assign(document.createElement("section"), { className: "card narrow" });
    card.setAttribute("role", "alert");
    card.append(heading, words, link);
    document.getElementById("main").replaceChildren(card);
    document.title = "Signed out";
    link.focus();
    document.dispatchEvent(new CustomEvent("cartway:signed-out"));
  }

  function ofOurOwn() {
    if (own) return;
    own = true;
    const loaded = document.createElement("script");
    loaded.src = script.dataset.worker;
    loaded.onload = () => cartway.follow(hear, document.body.dataset.session);
    document.head.append(loaded);
  }

  function shared() {
    // A worker a session: somebody who signs in after another in the same browser must not be told what the other may see.
    const worker = new SharedWorker(script.dataset.worker, { name: `cartway-${document.body.dataset.session}` });
    worker.onerror = ofOurOwn;
    worker.port.onmessage = ({ data }) => { if (!own) hear(data); };
    addEventListener("pagehide", () => worker.port.postMessage("bye"));
    setTimeout(() => { if (!answered) ofOurOwn(); }, GIVE_UP_MS);
  }

  try { shared(); } catch { ofOurOwn(); }
  setInterval(show, 1000);
  document.addEventListener("visibilitychange", show);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
