// What makes the forms quicker. Every one of them works without: this only shows less, adds up, and saves taps.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const ANSWER_MS = 20000; // longer than the server ever takes
  begin();
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches(".sheet form")) return;
    event.preventDefault();
    send(event.target);
  });

  // A form is sent by the script, so that without a network the page and all that was typed stay. Sent twice it is recorded once.
  async function send(form) {
    const body = new URLSearchParams(new FormData(form));
    const buttons = all(".sheet button:not([type=button])");
    const hold = (held) => { for (const each of buttons) each.disabled = held; };
    hold(true);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "Cartway-Fetch": "1" }, signal: AbortSignal.timeout(ANSWER_MS) });
      const to = answer.headers.get("Cartway-To");
      if (to) {
        setTimeout(() => hold(false), 5000); // where the page that comes next does not come
        return location.assign(to);
      }
      if (!show(await answer.text(), form)) unsent(WHY[answer.status] || `the server did not take it (${answer.status})`);
    } catch {
      unsent(navigator.onLine ? "no answer from the server" : "no network");
    }
    hold(false);
    return undefined;
  }

  const WHY = { 401: "you are signed out. Sign in in another tab", 403: "this page is too old, or not open to you", 429: "too many requests just now" };

  function unsent(why) {
    document.getElementById("unsent")?.remove();
    const words = Object.assign(document.createElement("p"), { id: "unsent", className: "notice", tabIndex: -1,
      textContent: `Not sent: ${why}. It is all still here. Send it again: it is recorded once. Without a time of its own it gets that at which it arrives.` });
    words.dataset.kind = "bad";
    words.setAttribute("role", "alert");
    document.querySelector("#entry .send").prepend(words);
    words.scrollIntoView({ block: "nearest" });
  }

  // What is wrong, or asked, is the answer: the form again. It takes the place of this one.
  function show(html, form) {
    const page = new DOMParser().parseFromString(html, "text/html");
    if (!page.getElementById("entry")) return false;
    history.replaceState(null, "", form.action);
    document.getElementById("main").replaceWith(document.adoptNode(page.getElementById("main")));
    begin();
    window.scrollTo(0, 0); // what is asked stands on top, clear of the bar
    document.getElementById("summary")?.focus({ preventScroll: true });
    return true;
  }

  // The grades on top are those of when the page was drawn: where they are others now, it says so.
  document.addEventListener("cartway:news", ({ detail }) => {
    const told = document.querySelector("[data-grades-of]"), row = told && detail.rows.find((each) => each.course === told.dataset.gradesOf);
    const marks = row && /data-marks="([^"]*)"/.exec(row.html)[1];
    if (!marks) return;
    const words = marks.split(" ").map((mark, place) => `${["CRS", "ICANS"][place]} ${mark === "na" ? "not assessable" : mark.replace("&gt;=", "\u2265 ").replace(">=", "\u2265 ")}`);
    told.textContent = `now ${words.join(", ")}`;
    told.hidden = marks.replaceAll("&gt;", ">") === told.dataset.marks;
  });

  function begin() {
    const entry = document.getElementById("entry");
    if (!entry) return;
    const chosen = (name) => entry.querySelector(`input[name="${name}"]:checked`);
    const button = (words, label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = words;
      if (label) made.setAttribute("aria-label", label);
      made.addEventListener("click", act);
      return made;
    };

    // Less and more than the last value: beside a number that is changed rather than measured.
    for (const box of all("[data-step]", entry)) {
      const input = box.querySelector("input"), step = Number(box.dataset.step);
      const name = entry.querySelector(`label[for="${input.id}"]`).firstChild.textContent.trim();
      const move = (by) => () => {
        const value = Number(input.value.trim().replace(",", ".") || box.dataset.from) + by;
        if (!Number.isFinite(value) || value < 0) return;
        input.value = value.toFixed(step < 1 ? 1 : 0);
        input.dispatchEvent(new Event("input", { bubbles: true }));
      };
      for (const [words, label, by] of [["\u2212", "less", -step], ["+", "more", step]]) {
        const made = button(words, `${name}: ${label}`, move(by));
        made.tabIndex = -1; // a keyboard types
        box[by < 0 ? "prepend" : "append"](made);
      }
    }

    // Enter goes to the next number, and from the last one to the button that records.
    const numbers = () => all(".number input", entry).filter((input) => input.offsetParent !== null);
    entry.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches(".number input")) return;
      const fields = numbers(), next = fields[fields.indexOf(event.target) + 1];
      event.preventDefault();
      (next || entry.querySelector(".send .primary")).focus();
      if (next) next.select();
    });

    // On a touch screen a number that no further digit can belong to hands on to the next: 118, 64 and 98 are complete, 11 is not. A temperature
    // gets its point by itself. The page says so.
    const moves = entry.querySelector("[data-moves]");
    if (moves && matchMedia("(pointer: coarse)").matches) {
      moves.hidden = false;
      entry.addEventListener("input", (event) => {
        const input = event.target;
        if (!input.matches(".number input[data-most]") || !(event.inputType || "").startsWith("insert")) return;
        if (input.id === "body_temperature" && /^(2[5-9]\d|3\d\d|4[0-5]\d|9\d\d|1[01]\d\d)$/.test(input.value)) {
          const fahrenheit = chosen("body_temperature_unit").value !== "Cel";
          if (fahrenheit === /^(9|1)/.test(input.value)) input.value = `${input.value.slice(0, -1)}.${input.value.slice(-1)}`;
        }
        const complete = /[.,]\d$/.test(input.value) || (input.id !== "body_temperature" && /^\d{2,}$/.test(input.value) && Number(input.value) * 10 > Number(input.dataset.most));
        const fields = numbers(), next = fields[fields.indexOf(input) + 1];
        if (complete && next && next.dataset.most && next.value === "") next.focus();
      });
    }

    // Flow and concentration only where the device is set by them; what was typed is never hidden.
    const devices = all("[data-set-by]", entry);
    if (devices.length) {
      const fields = ["oxygen_flow", "inspired_oxygen"].map((id) => document.getElementById(id));
      const fit = () => {
        const device = chosen("oxygen_device"), wanted = device && device.dataset.setBy !== undefined ? device.dataset.setBy : "";
        for (const field of fields) {
          const needed = wanted.split(" ").includes(field.id) || field.value !== "" || field.matches("[aria-invalid], [aria-describedby*=question]");
          field.closest(".field").hidden = !needed;
        }
      };
      entry.addEventListener("change", fit);
      fit();
    }

    // A field that belongs to one choice.
    for (const part of all("[data-when]", entry)) {
      const fit = () => {
        const now = chosen(part.dataset.for);
        part.hidden = !(now && now.value === part.dataset.when) && !part.querySelector("input")?.value;
      };
      entry.addEventListener("change", fit);
      fit();
    }

    // The running total of ICE and CAPD.
    const total = document.getElementById("total");
    if (total) {
      const ice = !total.dataset.word;
      const add = () => {
        const answers = all(".answer input:checked", entry).filter((input) => ice || /\d$/.test(input.nextElementSibling.textContent));
        const asked = answers.filter((input) => input.value === "yes" || input.value === "no" || !ice);
        const points = asked.reduce((sum, input) => sum + (ice ? Number(input.value === "yes") : Number(input.nextElementSibling.textContent.match(/\d$/)[0])), 0);
        total.textContent = ice ? `${points} points; ${asked.length} of 10 asked` : `${points} ${total.dataset.word} ${asked.length} of ${total.dataset.of}`;
      };
      entry.addEventListener("change", add);
      add();
    }

    // All of a group of questions answered yes, with one tap.
    for (const group of all("[data-group]", entry)) {
      const count = all(".answer", group).length;
      const yes = button(`All ${count} right`, "", () => {
        for (const input of all('.answer input[value="yes"]', group)) input.checked = true;
        group.dispatchEvent(new Event("change", { bubbles: true }));
      });
      yes.className = "all";
      group.querySelector(".row").append(yes);
    }

    // A drug that is typed is found among the tiles; a tile takes the place of what was typed.
    const named = document.getElementById("drug_named");
    if (named) {
      named.addEventListener("input", () => {
        if (named.value) entry.querySelector('input[name="drug"][value=""]').checked = true;
      });
      for (const tile of all('input[name="drug"]', entry)) tile.addEventListener("change", () => { if (tile.value) named.value = ""; });
    }

    // A time that is typed takes the place of the tiles.
    const taken = document.getElementById("taken");
    if (taken) {
      taken.addEventListener("input", () => { if (taken.value) entry.querySelector('input[name="ago"][value=""]').checked = true; });
      for (const tile of all('input[name="ago"]', entry)) tile.addEventListener("change", () => { taken.value = ""; });
    }
  }
})();
