// A thawed container's clock: seconds to go, by the server's clock; it changes its look when the time is short and when it is over.
(() => {
  "use strict";
  const SHORT_MS = 15 * 60000;
  const two = (number) => String(number).padStart(2, "0");

  function draw(clock) {
    const left = Number(clock.dataset.until) - window.cartway.now();
    const seconds = Math.floor(Math.abs(left) / 1000), hours = Math.floor(seconds / 3600);
    const text = `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    clock.querySelector("[data-left]").textContent = left < 0 ? `${text} over` : text;
    const state = left < 0 ? "over" : left < SHORT_MS ? "short" : "runs";
    if (clock.dataset.state === state) return;
    clock.dataset.state = state;
    if (state === "over") clock.querySelector("[data-words]").textContent = "Its time was over";
    const said = { over: "The time of a thawed container is over.", short: "A thawed container has less than 15 minutes left." }[state];
    if (said) document.getElementById("said").textContent = said;
  }

  const drawAll = () => document.querySelectorAll("[data-until]").forEach(draw);
  document.addEventListener("DOMContentLoaded", () => { // after time.js, which has the server's clock from then on
    drawAll();
    setInterval(drawAll, 1000);
  });
})();
