// What the course's chart is made of: its data laid out in arrays, its ticks, its colors. Nothing here touches the page.
(() => {
  "use strict";
  const HOUR = 3600, DAY = 86400;
  const STEPS = [HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR];

  // Steps to times.
  function times(steps) {
    const found = new Array(steps.length);
    let sum = 0;
    for (let i = 0; i < steps.length; i++) found[i] = sum += steps[i];
    return found;
  }

  // A series as [times, values] that breaks where a reading has grown too old, and where one could not be read.
  function broken(series) {
    const t = times(series.t), xs = [], ys = [];
    for (let i = 0; i < t.length; i++) {
      if (i && series.valid && t[i] - t[i - 1] > series.valid) { xs.push(t[i - 1] + series.valid); ys.push(null); }
      if (xs.length && t[i] <= xs[xs.length - 1]) { // two at one instant: both are drawn, side by side within a second
        t[i] = xs[xs.length - 1] + 0.001;
      }
      xs.push(t[i]);
      ys.push(series.v[i]);
    }
    return [xs, ys];
  }

  // The last reading at or before `moment` that still stands; undefined where there is none.
  function standing(t, v, valid, moment) {
    let low = 0, high = t.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (t[middle] <= moment) low = middle + 1; else high = middle;
    }
    const i = low - 1;
    if (i < 0 || (valid && moment - t[i] > valid)) return undefined;
    return { at: t[i], value: v[i] };
  }

  // The midnight before a moment: [seconds, day of infusion or null, date].
  function dayOf(days, moment) {
    let found = days[0];
    for (const day of days) if (day[0] <= moment) found = day; else break;
    return found;
  }

  function clock(days, moment) {
    const day = dayOf(days, moment);
    const minutes = day ? Math.floor((moment - day[0]) / 60) : 0;
    return `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(((minutes % 60) + 60) % 60).padStart(2, "0")}`;
  }

  function when(days, moment) {
    const day = dayOf(days, moment);
    if (!day) return "";
    return `${day[2]} ${clock(days, moment)}${day[1] === null ? "" : `, day ${day[1]}`}`;
  }

  // Ticks between the midnights, as close as `room` pixels each allow.
  function ticks(days, min, max, width, room) {
    const step = STEPS.find((each) => ((max - min) / each) * room < width);
    const found = [];
    if (!step) return found;
    for (let n = 0; n < days.length; n++) {
      const end = days[n + 1] ? days[n + 1][0] : days[n][0] + DAY;
      for (let at = days[n][0] + step; at < end - step / 2; at += step) if (at >= min && at <= max) found.push(at);
    }
    return found;
  }

  // The colors of the theme in force.
  function colors() {
    const style = getComputedStyle(document.documentElement);
    return new Proxy({}, { get: (_, name) => style.getPropertyValue(`--${name}`).trim() });
  }

  window.cartwayAxis = { times, broken, standing, dayOf, clock, when, ticks, colors, HOUR, DAY };
})();
