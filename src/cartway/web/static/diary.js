// The diary: an entry goes into the phone's own store first, then out; what became of it is asked for, never assumed.
(() => {
  "use strict";
  const LOOK_MS = 15000, TICK_MS = 1000;
  const form = document.getElementById("diary");
  const waiting = window.CartwayWaiting, triage = window.CartwayTriage;
  if (!form || !waiting || !triage) return; // then it is a plain form, and the page that answers says what became of it
  const all = (css, within = document) => [...within.querySelectorAll(css)];
  let heard = [performance.now(), Date.now()], deaf = false;

  const told = () => document.getElementById("told");
  const id = () => (crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join(""));

  // In the words of the page: what is shown of an entry while it waits.
  function summary() {
    const ticked = all("input:checked", form).filter((input) => input.value).map((input) => input.closest("label").textContent.trim());
    const typed = [form.temperature.value.trim(), form.text.value.trim()];
    return [typed[0], ...ticked, typed[1]].filter(Boolean).join("; ");
  }

  function fields() {
    return [...new FormData(form)].filter(([name, value]) => !["form", "by", "_csrf_token"].includes(name) && value !== "");
  }

  // Whatever fails here, the entry is not lost without a word: then the browser sends the plain form.
  function enter(event) {
    event.preventDefault();
    try { if (isReady()) take(); } catch { unkept(); }
  }

  // A temperature that is none is looked at again; beside anything else it holds nothing back.
  function isReady() {
    const field = form.temperature, told = fields();
    const isNone = triage.temperatureMark(field.value) === "unread" && !triage.hundredths(field.value);
    const alone = told.every(([name]) => name === "temperature");
    mark(isNone && alone);
    if (!told.length || (isNone && alone)) field.focus();
    return told.length > 0 && !(isNone && alone);
  }

  function mark(wrong) {
    form.temperature.toggleAttribute("aria-invalid", false);
    if (wrong) form.temperature.setAttribute("aria-invalid", "true");
    document.getElementById("temperature-error").textContent = wrong ? document.getElementById("no-temperature").content.textContent : "";
  }

  function take() {
    const entry = {
      id: id(), account: document.body.dataset.account, course: form.dataset.course, fields: fields(), tier: triage.show(form),
      summary: summary(), entered: Date.now(),
    };
    if (!waiting.keep(entry)) { unkept(); return; }
    form.reset();
    for (const part of all("details", form)) part.open = false;
    show(entry.tier);
    waiting.tell();
    waiting.send();
    window.scrollTo(0, 0); // where it says that nobody has seen it yet, and then what became of it
  }

  // What to do about what was just entered stays in sight when the form is empty again.
  function show(tier) {
    setTimeout(() => {
      const holder = document.getElementById("action");
      for (const panel of all("[data-tier]", holder)) panel.hidden = Number(panel.dataset.tier) !== tier;
      document.body.classList.toggle("acting", tier > 0);
    }, 20);
  }

  // A phone that keeps nothing: the plain form is sent, and the page that answers says what became of it.
  function unkept() {
    document.getElementById("unkept").hidden = false;
    form.submit();
  }

  // ---- What became of what was sent

  async function look() {
    try {
      const now = await waiting.standing(form.dataset.course);
      if (!now) throw new Error("signed out");
      const fresh = new DOMParser().parseFromString(now.text, "text/html").getElementById("told");
      told().replaceWith(document.adoptNode(fresh));
      heard = [performance.now(), Date.now()];
      deaf = false;
    } catch { deaf = true; }
    draw();
  }

  // An entry that nobody acknowledged in time says to call, whether or not there is a network to ask again.
  function draw() {
    document.getElementById("deaf").hidden = !deaf;
    // The one clock stands still in a phone that sleeps, the other may be set: the longer counts.
    const since = Math.max(performance.now() - heard[0], Date.now() - heard[1]), patience = Number(told().dataset.patienceMs);
    for (const item of all('[data-state="waiting"], [data-state="unanswered"]', told())) {
      const late = item.dataset.state === "unanswered" || !(Number(item.dataset.ageMs) + since < patience); // never back to waiting
      for (const part of all("[data-while]", item)) part.hidden = part.dataset.while !== (late ? "unanswered" : "waiting");
      item.dataset.state = late ? "unanswered" : "waiting";
    }
    drawReached();
  }

  // What the server has taken and the list does not show yet, as where the network went right after.
  function drawReached() {
    const shown = new Set(all("[data-entry]", told()).map((item) => item.dataset.entry)), list = document.getElementById("reached");
    const here = waiting.reached().filter((entry) => !shown.has(entry.id));
    list.hidden = here.length === 0;
    list.replaceChildren(...here.map((entry) => {
      const item = document.getElementById("reached-one").content.firstElementChild.cloneNode(true);
      item.querySelector("[data-words]").textContent = entry.summary;
      const state = !entry.tier ? "kept" : waiting.isLate(entry) ? "unanswered" : "waiting";
      for (const part of all("[data-while]", item)) part.hidden = part.dataset.while !== state;
      return item;
    }));
  }

  const open = () => all('[data-state="waiting"], [data-state="unanswered"]', told()).length || waiting.kept().length > 0;

  form.addEventListener("submit", enter);
  form.temperature.addEventListener("input", () => mark(false));
  waiting.listen(() => { if (waiting.reached().some((entry) => !entry.listed)) look(); });
  setInterval(draw, TICK_MS);
  setInterval(() => { if (!document.hidden && open()) look(); }, LOOK_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  if (!told().dataset.token) look();
  draw();
})();
