// Times on every page: they tick from the server's clock, never from this machine's, and are shown exactly where asked for.
// Loaded before the body, so that the theme the reader chose is there before anything is painted.
(() => {
  "use strict";
  const root = document.documentElement;
  const kept = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a browser that keeps nothing */ } };

  root.dataset.js = "";
  if (kept("cartway-theme")) root.dataset.theme = kept("cartway-theme");
  if (kept("cartway-times") === "exact") root.dataset.times = "exact";

  // The server's clock: what it said last, and how much has passed here since, at the rate at which its clock was seen to run
  // (a demo's clock runs faster than the world's, or stands).
  const elapsed = () => performance.now();
  const TICK_MS = 900;
  let base = 0, heard = 0, rate = 1, samples = [], ticked = 0;
  const now = () => base + (elapsed() - heard) * rate;

  function told(server) {
    const here = elapsed(), last = samples.at(-1);
    if (!last || here - last[1] >= 1000) samples = [...samples, [server, here]].slice(-4);
    // The slowest of the last steps: a clock that was set ahead once does not run fast from then on.
    const rates = samples.slice(1).map(([at, seen], step) => (at - samples[step][0]) / (seen - samples[step][1]));
    const seen = Math.max(0, Math.min(...rates));
    rate = !rates.length || Math.abs(seen - 1) < 0.1 ? 1 : seen;
    base = server;
    heard = here;
    if (here - ticked >= TICK_MS) tick(); // here, not by a timer alone: those of a hidden tab are slowed down
  }

  // The same words as cartway.toxicity.wording.span, cartway.web.draw.ago and .age.
  function span(ms) {
    const minutes = Math.floor(Math.max(0, ms) / 60000);
    if (minutes < 60) return `${minutes} min`;
    const hours = Math.floor(minutes / 60), left = minutes % 60;
    if (hours < 48) return left && hours < 12 ? `${hours} h ${left} min` : `${hours} h`;
    const days = Math.floor(hours / 24), rest = hours % 24;
    return rest ? `${days} d ${rest} h` : `${days} d`;
  }
  // As the catalog translates "now", "%(span)s ago" and "in %(span)s".
  const AGO = {
    en: { now: "now", past: (length) => `${length} ago`, ahead: (length) => `in ${length}` },
    es: { now: "ahora", past: (length) => `hace ${length}`, ahead: (length) => `dentro de ${length}` },
  };
  const said = AGO[root.lang] ?? AGO.en;
  function ago(at, present) {
    if (Math.abs(present - at) < 60000) return said.now;
    return at < present ? said.past(span(present - at)) : said.ahead(span(at - present));
  }
  function whole(ms) {
    const minutes = Math.floor(Math.max(0, ms) / 60000);
    if (minutes < 60) return `${minutes} min`;
    return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
  }
  const WORDS = { ago, for: (at, present) => span(present - at), age: (at, present) => whole(present - at) };

  function write(time, present, exact) {
    const words = WORDS[time.dataset.form];
    if (!words && !time.dataset.words) return;
    time.dataset.words ??= time.textContent;
    const text = exact ? time.title : words ? words(Date.parse(time.dateTime), present) : time.dataset.words;
    if (time.textContent !== text) time.textContent = text;
  }

  // [data-holds]: for how many hours the reading in it holds. Old past half of that, out past all; the same as cartway.web.ward.vitals.age.
  function age(element, present) {
    const time = element.querySelector("time");
    const passed = (present - Date.parse(time.dateTime)) / 3600000 / Number(element.dataset.holds);
    element.classList.toggle("out", passed >= 1);
    element.classList.toggle("old", passed >= 0.5 && passed < 1);
  }

  // svg[data-from]: a band whose x is in minutes from there; what is shown moves along with time.
  function shift(svg, present) {
    const [, , width, height] = svg.getAttribute("viewBox").split(" ");
    const from = Math.max(0, Math.floor((present - Number(svg.dataset.from)) / 60000) - Number(width));
    svg.setAttribute("viewBox", `${from} 0 ${width} ${height}`);
  }

  // [data-day-of]: the day of therapy, counted in the center's calendar days from that date.
  function count(element, present) {
    const words = `day ${Math.round((Date.parse(date(present)) - Date.parse(element.dataset.dayOf)) / 86400000)}`;
    if (element.textContent !== words) element.textContent = words;
  }

  function tick(within = document) {
    if (!base) return;
    const present = now(), exact = root.dataset.times === "exact";
    if (within === document) ticked = elapsed();
    for (const time of within.querySelectorAll("time[data-form]")) write(time, present, exact);
    for (const element of within.querySelectorAll("[data-holds]")) age(element, present);
    for (const svg of within.querySelectorAll("svg[data-from]")) shift(svg, present);
    for (const day of within.querySelectorAll("[data-day-of]")) count(day, present);
    for (const time of within.querySelectorAll("time[data-present]")) time.title = time.textContent = stamp(present);
  }

  // In the center's zone, whatever this machine's is.
  const formats = {};
  function format(ms, fields) {
    const key = Object.keys(fields).join();
    const make = (timeZone) => new Intl.DateTimeFormat("en-GB", { timeZone, ...fields });
    if (!formats[key]) {
      try { formats[key] = make(document.body.dataset.zone.replace(/^UTC(?=[+-])/, "")); } catch { formats[key] = make("UTC"); }
    }
    return formats[key].format(ms);
  }
  const minutes = { hour: "2-digit", minute: "2-digit" };
  const clock = (ms, seconds = true) => format(ms, seconds ? { ...minutes, second: "2-digit" } : minutes);
  const date = (ms) => format(ms, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-");
  const stamp = (ms) => format(ms, { day: "numeric", month: "short", ...minutes }).replace(",", "");

  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const TOGGLES = {
    times: { on: () => root.dataset.times === "exact", set(on) {
      if (on) root.dataset.times = "exact"; else delete root.dataset.times;
      keep("cartway-times", on ? "exact" : "");
      tick();
    } },
    theme: { on: isDark, set(on) { root.dataset.theme = on ? "dark" : "light"; keep("cartway-theme", root.dataset.theme); } },
  };
  function press(button) { button.setAttribute("aria-pressed", TOGGLES[button.dataset.toggle].on()); }

  document.addEventListener("DOMContentLoaded", () => {
    base = Number(document.body.dataset.now);
    heard = elapsed();
    for (const button of document.querySelectorAll("[data-toggle]")) press(button);
    tick();
    setInterval(() => tick(), 1000);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toggle]");
    if (!button) return;
    TOGGLES[button.dataset.toggle].set(button.getAttribute("aria-pressed") !== "true");
    press(button);
  });
  document.addEventListener("visibilitychange", () => tick());

  window.cartway = { now, told, tick: (within) => tick(within), clock, stamp, span, ago };
})();
