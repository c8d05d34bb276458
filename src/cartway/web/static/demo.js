// The demo's banner: its clock runs on between two looks at the server, and its buttons need no new page.
"use strict";

(() => {
  const LOOK_MS = 2000;
  const banner = document.querySelector("[data-demo]");
  if (!banner) return;
  const find = (selector) => banner.querySelector(selector);
  const time = find("[data-demo-time]");
  const pace = find("[data-demo-pace]");
  const form = find("form");
  const format = new Intl.DateTimeFormat("en-GB", {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
    hourCycle: "h23", timeZone: banner.dataset.zone,
  });
  let at = Number(banner.dataset.at);
  let rate = Number(banner.dataset.rate);
  let looked = performance.now();
  let again = false;

  const now = () => at + rate * (performance.now() - looked);

  function tick() {
    const parts = Object.fromEntries(format.formatToParts(now()).map((part) => [part.type, part.value]));
    const text = `${parts.weekday} ${parts.day} ${parts.month} ${parts.hour}:${parts.minute}`;
    if (time.textContent !== text) time.textContent = text;
  }

  function show(button, wanted) {
    const found = find(`[data-demo-button="${button}"]`);
    if (!found || found.hidden === !wanted) return;
    const focused = document.activeElement === found;
    found.hidden = !wanted;
    if (focused && !wanted) find("[data-demo-button]:not([hidden])").focus();
  }

  function take(clock) {
    if (again && !clock.again) {
      location.assign("/"); // another demo answers: this page is of the one before
      return;
    }
    again = clock.again;
    at = clock.now;
    rate = clock.rate;
    looked = performance.now();
    pace.textContent = again ? "starting over" : clock.pace;
    show("pause", rate > 0);
    show("run", rate === 0 && !clock.ended);
    for (const button of ["slower", "faster"]) show(button, !clock.ended);
    show("again", clock.ended);
    document.dispatchEvent(new CustomEvent("demo:clock", { detail: { now: at, rate } }));
    tick();
  }

  async function ask(request) {
    try {
      const answer = await fetch("/demo/clock", { headers: { Accept: "application/json" }, ...request });
      if (answer.ok) take(await answer.json());
    } catch {
      // The server is away, perhaps starting over: the next look tells.
    }
  }

  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const body = new URLSearchParams(new FormData(form, event.submitter));
      ask({ method: "POST", body }).then(() => {
        const back = event.submitter.value === "pause" ? "run" : event.submitter.value === "run" ? "pause" : "";
        const other = back && find(`[data-demo-button="${back}"]`);
        if (other && !other.hidden) other.focus();
      });
    });
  }
  setInterval(tick, 200);
  setInterval(() => ask({}), LOOK_MS);
})();
