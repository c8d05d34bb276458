// A scanner types wherever the focus is. What is typed outside of a field goes to the one field for scans.
(() => {
  "use strict";
  const field = () => document.querySelector("[data-wedge]");
  const fields = "input, select, textarea, button, a, summary";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.target.closest(fields)) return;
    field()?.focus();
  });
  window.addEventListener("pageshow", () => { if (!document.querySelector("#summary")) field()?.focus(); });
})();
