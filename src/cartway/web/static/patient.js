// How I feel: whoever speaks of self-harm sees whom to call at once, before anything is sent; and without a network nothing is lost.
(() => {
  "use strict";
  const form = document.querySelector("form[data-feel]");
  if (!form) return;
  const harm = document.getElementById("harm"), unsent = document.getElementById("unsent");
  const warnings = JSON.parse(form.dataset.warnings);

  // The same reading of words as cartway.watch.triage.speaks_of_self_harm.
  const speaks = (text) => {
    const said = text.toLowerCase().replaceAll("\u2019", "'").replace(/\s+/g, " ");
    return warnings.some((words) => said.includes(words));
  };
  form.addEventListener("input", () => {
    harm.hidden = !form.querySelector('[value="self_harm"]:checked') && !speaks(form.elements.text.value);
  });

  // Sent by script, so that a phone without a network says so here and keeps what was written. The id of the form makes a second sending the same one.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    unsent.hidden = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
      if (answer.redirected) location.assign(answer.url); else form.submit();
    } catch {
      unsent.hidden = false;
    }
  });
})();
