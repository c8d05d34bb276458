// What to do about what somebody ticks or types: on the phone, at once, with or without a network.
// The same as cartway.watch.triage: the tiers stand on the inputs (from the one table), and the answer is their maximum.
(() => {
  "use strict";
  const FEVER = { c: 3800, f: 10040 }, LOW = { c: 3500, f: 9500 }, USUAL = { c: [3400, 4200], f: [9320, 10760] }, POSSIBLE = { c: [2500, 4500], f: [7700, 11300] };
  const EMERGENCY = 4;

  // A temperature as typed, in hundredths of a degree, with its unit: no number is possible in both. Null for none.
  function hundredths(typed) {
    const found = /^([0-9]{2,3})(?:[.,]([0-9]{1,2}))?$/.exec(typed.trim());
    if (!found) return null;
    const value = Number(found[1]) * 100 + Number((found[2] || "0").padEnd(2, "0"));
    const unit = ["c", "f"].find((each) => value >= POSSIBLE[each][0] && value <= POSSIBLE[each][1]);
    return unit ? { value, unit } : null;
  }

  function temperatureMark(typed) {
    if (!typed.trim()) return "";
    const found = hundredths(typed);
    if (!found) return "unread";
    if (found.value >= FEVER[found.unit]) return "fever";
    const [low, high] = USUAL[found.unit];
    if (found.value < low || found.value > high) return "unread";
    return found.value <= LOW[found.unit] ? "low" : "";
  }

  function speaksOfSelfHarm(text, warnings) {
    const said = text.toLowerCase().replaceAll("\u2019", "'").replace(/\s+/g, " ");
    return warnings.some((words) => said.includes(words));
  }

  // table: {"symptom:fever": [early, late], ...}; answers: {symptoms, temperature, feeling, home_check, text, early};
  // early: true, false, or null where nobody knows: then the higher of the two. 0: nothing told asks for anybody.
  function triage(table, answers, warnings) {
    const unplaced = table["symptom:other"];
    const tier = (name) => {
      const [early, late] = table[name] || unplaced;
      return answers.early === null ? Math.max(early, late) : answers.early ? early : late;
    };
    const told = answers.symptoms.map((name) => `symptom:${name}`);
    if (answers.text.trim()) told.push("symptom:other");
    if (speaksOfSelfHarm(answers.text, warnings)) told.push("symptom:self_harm");
    const mark = temperatureMark(answers.temperature);
    if (mark) told.push(`temperature:${mark}`);
    for (const name of [`feeling:${answers.feeling}`, `home_check:${answers.home_check}`]) if (table[name]) told.push(name);
    return Math.max(0, ...told.map(tier));
  }

  // The page's inputs as a table and as answers.
  const all = (css, within) => [...within.querySelectorAll(css)];

  function tableOf(form) {
    const table = {};
    for (const input of all("[data-early]", form)) table[`${input.name || input.dataset.name}:${input.dataset.mark || input.value}`] = [Number(input.dataset.early), Number(input.dataset.late)];
    return table;
  }

  function answersOf(form) {
    const value = (name) => (form.querySelector(`[name="${name}"]:checked`) || {}).value || "";
    const typed = (name) => (form.querySelector(`[name="${name}"]`) || {}).value || "";
    const early = value("early") || form.dataset.window || "";
    return {
      symptoms: all('[name="symptom"]:checked', form).map((input) => input.value),
      temperature: typed("temperature"), feeling: value("feeling"), home_check: value("home_check"), text: typed("text"),
      early: early === "yes" ? true : early === "no" ? false : null,
    };
  }

  function told(form) {
    const answers = answersOf(form), warnings = JSON.parse(form.dataset.warnings || "[]");
    const tier = triage(tableOf(form), answers, warnings);
    return { tier, answers, selfHarm: answers.symptoms.includes("self_harm") || speaksOfSelfHarm(answers.text, warnings) };
  }

  // Where the page lists symptoms under what to do: each stands where it belongs for the day that was said.
  function place(form) {
    const table = tableOf(form), { early } = answersOf(form), none = [];
    for (const input of all('.tier [name="symptom"]', form)) {
      const tier = triage(table, { symptoms: [input.value], temperature: "", feeling: "", home_check: "", text: "", early }, none);
      const section = form.querySelector(`.tier[data-level="${tier}"] .choices`), label = input.closest("label");
      if (section && label.parentElement !== section) section.append(label);
    }
    for (const section of all(".tier", form)) section.hidden = !section.querySelector('[name="symptom"]');
  }

  // The action of a tier: one of the panels that the page carries, the most urgent of what is told.
  function show(form) {
    const { tier, selfHarm } = told(form), holder = document.getElementById("action");
    if (!holder) return tier;
    for (const panel of all("[data-tier]", holder)) panel.hidden = Number(panel.dataset.tier) !== tier;
    for (const part of all("[data-self-harm]", holder)) part.hidden = !selfHarm;
    document.body.classList.toggle("acting", tier > 0);
    if (holder.dataset.shown !== String(tier)) {
      holder.dataset.shown = String(tier);
      if (tier === EMERGENCY && navigator.vibrate) navigator.vibrate(200);
    }
    return tier;
  }

  function begin() {
    const form = document.querySelector("form[data-triage]");
    if (!form) return;
    const draw = () => show(form);
    const settle = () => { place(form); draw(); };
    for (const input of all('[name="early"]', form)) input.addEventListener("change", () => place(form));
    form.addEventListener("change", draw);
    form.addEventListener("input", draw);
    form.addEventListener("reset", () => setTimeout(settle));
    window.addEventListener("pageshow", settle); // a browser that goes back brings ticks along
    settle();
  }

  window.CartwayTriage = { triage, temperatureMark, hundredths, tableOf, answersOf, told, show };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
