// The chart of a course: panels under each other that share one time axis, one cursor and one zoom. Drawn with uPlot.
// The table beside it holds the same readings: nothing is only here.
(() => {
  "use strict";
  const box = document.getElementById("chart"), root = document.getElementById("course");
  if (!box) return;
  const trouble = document.getElementById("chart-trouble");
  if (!window.uPlot) { trouble.hidden = false; return; } // not all scripts came; the table is there
  const headers = { Accept: "application/json", "X-Cartway-Watch": "1" }; // the page asks, not somebody who uses it
  const axis = window.cartwayAxis;
  const plots = document.getElementById("plots"), picture = document.getElementById("picture");
  const readout = document.getElementById("readout"), spoken = document.getElementById("chart-said");
  const hint = readout.textContent;
  let loads = 0;
  const ROW = 22, EDGE = 10, FOOT = 26, HEAD = 22;
  const font = (size, weight = "") => `${weight} ${size * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;

  const state = { data: null, series: {}, moments: [], range: "72", min: 0, max: 1, optional: new Set(), plots: [], at: null, colors: axis.colors() };

  // What is drawn as lines: title, unit, height, and the series with how each looks.
  const PANELS = [
    { title: "Temperature", short: "Temp.", unit: "°C", height: 118, series: [["body_temperature", "ink", 2]], least: [36, 39], fever: true },
    { title: "Pressure", unit: "mmHg", height: 138, least: [50, 130],
      series: [["systolic_pressure", "ink", 2], ["mean_arterial_pressure", "accent", 1, [4, 4]], ["diastolic_pressure", "edge", 2]] },
    { title: "Heart rate", unit: "/min", height: 96, series: [["heart_rate", "ink", 2]], least: [60, 120], optional: "heart_rate" },
    { title: "Saturation", unit: "%", height: 86, series: [["oxygen_saturation", "ink", 2]], least: [88, 100], most: 100 },
    { strip: "oxygen" },
    { title: "ICE", unit: "of 10", height: 80, series: [["ice_score", "ink", 2]], least: [0, 10], steps: true },
    { title: "CAPD", unit: "", height: 80, series: [["capd_score", "ink", 2]], least: [0, 20], steps: true },
    { strip: "drugs" },
  ];
  const SHORT = { body_temperature: (v) => `${v} °C`, heart_rate: (v) => `heart rate ${v}`, oxygen_saturation: (v) => `saturation ${v} %`,
    ice_score: (v) => `ICE ${v}`, capd_score: (v) => `CAPD ${v}`, mean_arterial_pressure: (v) => `mean ${v} mmHg` };

  const gutter = () => (picture.clientWidth < 560 ? 84 : 124);
  const dpr = () => devicePixelRatio;

  // --- drawing -------------------------------------------------------------------------------------------------------------

  const x = (u, moment) => u.valToPos(moment, "x", true);

  function clipped(u, draw) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    draw(ctx, bbox);
    ctx.restore();
  }

  function ground(u) {
    const { days } = state.data, c = state.colors;
    clipped(u, (ctx, bbox) => {
      ctx.lineWidth = dpr();
      for (const [list, color, alpha] of [[axis.ticks(days, state.min, state.max, u.width, 46), c.line, 0.7], [days.map((day) => day[0]), c.edge, 0.55]]) {
        ctx.strokeStyle = color;
        ctx.globalAlpha = alpha;
        ctx.beginPath();
        for (const moment of list) {
          const left = Math.round(x(u, moment)) + 0.5;
          ctx.moveTo(left, bbox.top);
          ctx.lineTo(left, bbox.top + bbox.height);
        }
        ctx.stroke();
      }
      ctx.globalAlpha = 1;
      ctx.strokeStyle = c.accent;
      ctx.lineWidth = 2 * dpr();
      for (const moment of state.data.infused) {
        const left = Math.round(x(u, moment));
        ctx.beginPath();
        ctx.moveTo(left, bbox.top);
        ctx.lineTo(left, bbox.top + bbox.height);
        ctx.stroke();
      }
    });
  }

  function words(u, text, left, top, { size = 12, color = "soft", align = "left", weight = "", width = 0 } = {}) {
    const { ctx } = u;
    ctx.font = font(size, weight);
    if (width && ctx.measureText(text).width > width) return false;
    ctx.fillStyle = state.colors[color] || color;
    ctx.textAlign = align;
    ctx.textBaseline = "middle";
    ctx.fillText(text, left, top);
    return true;
  }

  // Words in the gutter, shortened where they do not fit.
  function label(u, text, top, options = {}) {
    const { ctx, bbox } = u;
    ctx.font = font(options.size || 12, options.weight || "");
    let shown = text;
    while (shown.length > 3 && ctx.measureText(shown).width > bbox.left - 14 * dpr()) shown = `${shown.slice(0, -2).trimEnd()}…`;
    words(u, shown, 4 * dpr(), top, options);
  }

  function days(u) {
    const top = u.bbox.top - HEAD * dpr() / 2, list = state.data.days;
    clippedWide(u, () => {
      for (let n = 0; n < list.length; n++) {
        const [at, day, date] = list[n], next = list[n + 1] ? list[n + 1][0] : at + axis.DAY;
        const from = Math.max(x(u, at), u.bbox.left), to = Math.min(x(u, next), u.bbox.left + u.bbox.width);
        if (to <= from) continue;
        const middle = (from + to) / 2, room = to - from - 6 * dpr();
        const name = day === null ? "" : day === 0 ? "day 0" : `day ${day}`;
        if (!words(u, name ? `${name} · ${date}` : date, middle, top, { align: "center", width: room, color: day === 0 ? "accent" : "soft", weight: day === 0 ? "600" : "" }))
          words(u, name.replace("day ", "") || date, middle, top, { align: "center", width: room });
      }
    });
  }

  function clippedWide(u, draw) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, 0, bbox.width, ctx.canvas.height);
    ctx.clip();
    draw();
    ctx.restore();
  }

  function foot(u) {
    const top = u.bbox.top + u.bbox.height + FOOT * dpr() / 2, edge = u.bbox.left + u.bbox.width;
    const list = axis.ticks(state.data.days, state.min, state.max, u.width, 64);
    for (const moment of list) {
      const left = x(u, moment);
      if (left > u.bbox.left + 14 * dpr() && left < edge - 14 * dpr()) words(u, axis.clock(state.data.days, moment), left, top, { align: "center" });
    }
    for (const [moment, , date] of state.data.days) {
      const left = x(u, moment);
      if (list.length && left > u.bbox.left + 20 * dpr() && left < edge - 20 * dpr()) words(u, date, left, top, { align: "center", color: "ink" });
    }
  }

  const hatch = new Map();
  function hatched(ctx, color, ground) {
    const key = `${color}${ground}`;
    if (!hatch.has(key)) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 8;
      const pen = tile.getContext("2d");
      pen.fillStyle = ground;
      pen.fillRect(0, 0, 8, 8);
      pen.strokeStyle = color;
      pen.lineWidth = 1.5;
      pen.beginPath();
      for (const shift of [-8, 0, 8]) { pen.moveTo(shift, 8); pen.lineTo(shift + 8, 0); }
      pen.stroke();
      hatch.set(key, ctx.createPattern(tile, "repeat"));
    }
    return hatch.get(key);
  }

  function grades(u) {
    const c = state.colors;
    Object.entries(state.data.grades).forEach(([name, spells], row) => {
      const top = u.bbox.top + (row * ROW + 2) * dpr(), height = (ROW - 4) * dpr();
      label(u, name, top + height / 2, { color: "ink", weight: "600" });
      clipped(u, (ctx, bbox) => {
        for (const [start, end, grade, bound] of spells) {
          const left = x(u, start), right = x(u, end === null ? state.data.to : end);
          if (right < bbox.left || left > bbox.left + bbox.width) continue;
          const key = grade < 0 ? "na" : grade, width = Math.max(1, right - left);
          ctx.fillStyle = grade < 0 ? hatched(ctx, c.hatch, c.gna) : c[`g${key}`];
          ctx.fillRect(left, top, width, height);
          ctx.fillStyle = c[`e${key}`];
          ctx.fillRect(left, top + height - 2 * dpr(), width, 2 * dpr());
          const seen = Math.max(left, bbox.left), text = grade < 0 ? "?" : bound ? `≥ ${grade}` : `${grade}`;
          words(u, text, (seen + Math.min(right, bbox.left + bbox.width)) / 2, top + height / 2,
            { color: `t${key}`, align: "center", weight: "700", width: Math.min(right, bbox.left + bbox.width) - seen - 4 * dpr() });
        }
      });
    });
  }

  function oxygen(u) {
    const c = state.colors, top = u.bbox.top + 2 * dpr(), height = (ROW - 4) * dpr();
    label(u, "Oxygen", top + height / 2);
    clipped(u, (ctx, bbox) => {
      for (const [start, end, support] of state.data.oxygen) {
        const left = x(u, start), right = x(u, Math.min(end, state.data.to));
        if (right < bbox.left || left > bbox.left + bbox.width) continue;
        ctx.globalAlpha = [0, 0.16, 0.34, 0.85][support];
        ctx.fillStyle = c.accent;
        ctx.fillRect(left, top, Math.max(1, right - left), height);
        ctx.globalAlpha = 1;
        ctx.fillRect(left, top + height - dpr(), Math.max(1, right - left), dpr() * (support ? 1.5 : 0.5));
      }
      for (const [start, end, support, text] of merged(state.data.oxygen)) {
        const left = Math.max(x(u, start), bbox.left), right = Math.min(x(u, Math.min(end, state.data.to)), bbox.left + bbox.width);
        words(u, text, left + 4 * dpr(), top + height / 2, { size: 11, color: support === 3 ? "on-accent" : "ink", width: right - left - 6 * dpr() });
      }
    });
  }

  // Bands beside each other that say the same share one label.
  function merged(bands) {
    const found = [];
    for (const [start, end, support, text] of bands) {
      const last = found[found.length - 1];
      if (last && last[1] === start && last[3] === text) last[1] = end; else found.push([start, end, support, text]);
    }
    return found;
  }

  function drugs(u) {
    const c = state.colors;
    state.data.drugs.forEach(([name, group, given], row) => {
      const top = u.bbox.top + row * ROW * dpr(), middle = top + ROW * dpr() / 2;
      label(u, name, middle, { color: group === "vasopressor" ? "ink" : "soft" });
      clipped(u, (ctx, bbox) => {
        ctx.fillStyle = c.line;
        ctx.fillRect(bbox.left, top + ROW * dpr() - dpr() / 2, bbox.width, dpr() / 2);
        given.forEach(([start, end, dose, runs], n) => {
          const left = x(u, start), right = x(u, runs ? state.data.to : end), next = given[n + 1] ? x(u, given[n + 1][0]) : bbox.left + bbox.width;
          if (right < bbox.left - 8 * dpr() || left > bbox.left + bbox.width) return;
          ctx.fillStyle = group === "vasopressor" ? c.ink : c.accent;
          const lasts = end > start;
          if (lasts) bar(ctx, left, right, middle, runs); else mark(ctx, left, middle);
          const inside = lasts && right - left > 60 * dpr(); // else the dose stands beside it
          const from = inside ? Math.max(left, bbox.left) + 4 * dpr() : (lasts ? right : left) + 8 * dpr();
          const width = (inside ? right : next) - from - 4 * dpr(), look = { size: 11, color: inside ? "sheet" : "soft", width };
          if (!words(u, dose, from, middle, look) && group !== "other") words(u, dose.split(" ")[0], from, middle, look);
        });
      });
    });
  }

  function bar(ctx, left, right, middle, runs) {
    const height = 14 * dpr(), width = Math.max(3 * dpr(), right - left);
    ctx.fillRect(left, middle - height / 2, width, height);
    if (!runs) return;
    ctx.beginPath(); // it runs on: the end is an arrow
    ctx.moveTo(left + width, middle - height / 2);
    ctx.lineTo(left + width + 6 * dpr(), middle);
    ctx.lineTo(left + width, middle + height / 2);
    ctx.fill();
  }

  function mark(ctx, left, middle) {
    const size = 4.5 * dpr();
    ctx.beginPath();
    ctx.moveTo(left, middle - size);
    ctx.lineTo(left + size, middle);
    ctx.lineTo(left, middle + size);
    ctx.lineTo(left - size, middle);
    ctx.fill();
  }

  // What was corrected or withdrawn: a cross where it was.
  function crosses(u, names) {
    clipped(u, (ctx, bbox) => {
      ctx.strokeStyle = state.colors.edge;
      ctx.lineWidth = 1.5 * dpr();
      for (const name of names) {
        const old = state.data.old[name], t = axis.times(old.t), size = 3.5 * dpr();
        t.forEach((moment, n) => {
          const left = x(u, moment), top = u.valToPos(old.v[n], "y", true);
          const near = Math.min(Math.max(top, bbox.top + size), bbox.top + bbox.height - size); // out of range: at the edge
          ctx.beginPath();
          ctx.moveTo(left - size, near - size);
          ctx.lineTo(left + size, near + size);
          ctx.moveTo(left + size, near - size);
          ctx.lineTo(left - size, near + size);
          ctx.stroke();
        });
      }
    });
  }

  // Measured without success (no pressure found): an arrow at the foot, with its words where they have room.
  function unmeasured(u, names) {
    const moments = [...new Set(names.flatMap((name) => state.data.unmeasured[name]))].sort((a, b) => a - b);
    clipped(u, (ctx, bbox) => {
      const foot = bbox.top + bbox.height - 2 * dpr(), size = 6 * dpr();
      moments.forEach((moment, n) => {
        const left = x(u, moment), next = n + 1 < moments.length ? x(u, moments[n + 1]) : bbox.left + bbox.width;
        const before = n > 0 ? x(u, moments[n - 1]) : bbox.left, told = "not measurable", look = { size: 11, color: "ink" };
        ctx.fillStyle = state.colors.ink;
        ctx.beginPath();
        ctx.moveTo(left - size, foot - 1.5 * size);
        ctx.lineTo(left + size, foot - 1.5 * size);
        ctx.lineTo(left, foot);
        ctx.fill();
        if (!words(u, told, left + 1.5 * size, foot - size, { ...look, width: next - left - 2 * size }))
          words(u, told, left - 1.5 * size, foot - size, { ...look, align: "right", width: left - before - 2 * size });
      });
    });
  }

  function fever(u) {
    const limit = u.valToPos(state.data.fever, "y", true), c = state.colors;
    clipped(u, (ctx, bbox) => {
      ctx.save();
      ctx.globalAlpha = 0.14;
      ctx.fillStyle = c.g2;
      ctx.fillRect(bbox.left, bbox.top, bbox.width, limit - bbox.top);
      ctx.globalAlpha = 1;
      ctx.strokeStyle = c.e2;
      ctx.lineWidth = dpr();
      ctx.setLineDash([5 * dpr(), 4 * dpr()]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, limit);
      ctx.lineTo(bbox.left + bbox.width, limit);
      ctx.stroke();
      ctx.restore();
      words(u, `fever ${state.data.fever}`, bbox.left + 4 * dpr(), limit - 8 * dpr(), { size: 11 });
    });
  }

  // --- panels --------------------------------------------------------------------------------------------------------------

  function common(height, first, last) {
    return {
      width: Math.max(200, picture.clientWidth), height: height + (first ? HEAD : 6) + (last ? FOOT : 6), legend: { show: false },
      padding: [first ? HEAD : 6, EDGE, last ? FOOT : 6, 0],
      cursor: { sync: { key: "course", setSeries: false, scales: ["x", null] }, y: false, points: { size: 7 }, drag: { x: true, y: false, setScale: false } },
      scales: { x: { time: false, range: () => [state.min, state.max] } },
      hooks: {
        setSelect: [(u) => select(u)],
        setCursor: [(u) => { if (u.cursor.event) point(u); }],
      },
    };
  }

  function strip(name, rows, draw, first, last) {
    const options = common(rows * ROW, first, last);
    const u = new uPlot({
      ...options,
      scales: { ...options.scales, y: { range: [0, 1] } },
      axes: [{ show: false }, { size: gutter(), stroke: "transparent", grid: { show: false }, ticks: { show: false }, values: () => [] }],
      series: [{}, { show: true, stroke: "transparent", points: { show: false } }],
      hooks: { ...options.hooks, drawClear: [ground], draw: [(u) => { draw(u); if (first) days(u); if (last) foot(u); }] },
    }, [[state.data.from, state.data.to], [null, null]], picture);
    u.over.dataset.panel = name;
    return u;
  }

  function lines(panel, first, last) {
    const c = state.colors, options = common(panel.height, first, last), present = panel.series.filter(([name]) => has(name));
    const data = uPlot.join(present.map(([name]) => axis.broken(state.data.lines[name])));
    return new uPlot({
      ...options,
      scales: { ...options.scales, y: { range: (u, low, high) => span(panel, low, high) } },
      axes: [{ show: false }, { size: gutter(), stroke: c.soft, font: `12px ${getComputedStyle(document.body).fontFamily}`, grid: { stroke: c.line, width: 1 },
        ticks: { show: false }, gap: 6, space: 26 }],
      series: [{}, ...present.map(([, color, width, dash]) => ({
        stroke: c[color], width, dash, spanGaps: false, paths: panel.steps ? uPlot.paths.stepped({ align: 1 }) : undefined,
        points: { size: 5, fill: c[color], space: 6 },
      }))],
      hooks: { ...options.hooks, drawClear: [ground, (u) => { if (panel.fever) fever(u); }],
        draw: [(u) => {
          label(u, gutter() < 100 && panel.short ? panel.short : panel.title, u.bbox.top + 7 * dpr(), { color: "ink" });
          label(u, panel.unit, u.bbox.top + 22 * dpr(), { size: 11 });
          crosses(u, present.map(([name]) => name));
          unmeasured(u, present.map(([name]) => name));
          if (first) days(u);
          if (last) foot(u);
        }] },
    }, data, picture);
  }

  const has = (name) => state.data.lines[name].t.length > 0 || state.data.old[name].t.length > 0;

  function span(panel, low, high) {
    const from = Math.min(panel.least[0], low ?? Infinity), to = Math.max(panel.least[1], high ?? -Infinity);
    const air = (to - from) * 0.06;
    return [from - air, Math.min(to + air, (panel.most ?? Infinity) + air)];
  }

  function shown() {
    const data = state.data, list = [];
    if (Object.values(data.grades).some((spells) => spells.length)) list.push({ draw: (f, l) => strip("grades", Object.keys(data.grades).length, grades, f, l) });
    for (const panel of PANELS) {
      if (panel.strip === "oxygen" && data.oxygen.length) list.push({ draw: (f, l) => strip("oxygen", 1, oxygen, f, l) });
      if (panel.strip === "drugs" && data.drugs.length) list.push({ draw: (f, l) => strip("drugs", data.drugs.length, drugs, f, l) });
      if (panel.series && panel.series.some(([name]) => has(name)) && (!panel.optional || state.optional.has(panel.optional)))
        list.push({ draw: (f, l) => lines(panel, f, l) });
    }
    return list;
  }

  function build() {
    for (const u of state.plots) u.destroy();
    state.colors = axis.colors();
    hatch.clear();
    picture.style.minHeight = `${picture.offsetHeight}px`; // the page below does not jump while it is drawn anew
    picture.replaceChildren();
    const list = shown();
    state.plots = list.map((each, n) => each.draw(n === 0, n === list.length - 1));
    picture.style.minHeight = "";
    if (state.at !== null) place();
  }

  // --- range, cursor -------------------------------------------------------------------------------------------------------

  const AIR = 0.02;
  function ranged() {
    const { from, to, infused } = state.data, now = to + 900;
    if (state.range === "free") return;
    const start = state.range === "all" ? from : state.range === "infusion" ? (infused[0] ?? from) : Math.max(from, to - Number(state.range) * axis.HOUR);
    state.min = start - Math.max(1800, (now - start) * AIR);
    state.max = now + Math.max(900, (now - start) * AIR);
  }

  function pressedRange() {
    for (const button of document.querySelectorAll("#ranges [data-range]")) button.setAttribute("aria-pressed", button.dataset.range === state.range);
  }

  function zoom(min, max, range = "free") {
    state.range = range;
    if (range === "free") {
      const least = 2 * axis.HOUR, middle = (min + max) / 2;
      [state.min, state.max] = max - min < least ? [middle - least / 2, middle + least / 2] : [min, max];
    } else ranged();
    for (const u of state.plots) u.setScale("x", { min: state.min, max: state.max });
    pressedRange();
    if (state.at !== null) place();
  }

  let selecting = false;
  function select(u) {
    if (selecting || !u.select.width) return;
    selecting = true;
    const { left, width } = u.select;
    if (width > 8) zoom(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
    for (const each of state.plots) each.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    selecting = false;
  }

  // The mouse is at a place of one panel: read what stands there.
  function point(u) {
    if (u.cursor.left < 0) { if (state.at === null) readout.textContent = hint; return; }
    state.at = null;
    tell(u.posToVal(u.cursor.left, "x"));
  }

  function told(moment) {
    const parts = [], data = state.data;
    const found = (name) => {
      const series = state.series[name];
      const hit = series && axis.standing(series.t, series.v, series.valid, moment);
      if (!hit || hit.value !== null) return hit;
      return { ...hit, value: data.unmeasured[name].includes(hit.at) ? "not measurable" : "unreadable" };
    };
    for (const [name, spells] of Object.entries(data.grades)) {
      const spell = spells.find(([start, end]) => start <= moment && (end === null || moment < end));
      if (spell && moment <= data.to) parts.push(`${name} ${spell[2] < 0 ? "not assessable" : spell[3] ? `at least ${spell[2]}` : spell[2]}`);
    }
    const [systolic, diastolic] = [found("systolic_pressure"), found("diastolic_pressure")];
    for (const name of Object.keys(data.lines)) {
      const hit = found(name);
      if (hit?.value === "not measurable") parts.push(name === "systolic_pressure" ? "pressure not measurable" : "");
      else if (name === "systolic_pressure" && hit) parts.push(`${hit.value}${diastolic && diastolic.at === hit.at ? `/${diastolic.value}` : ""} mmHg`);
      else if (name === "diastolic_pressure" && hit && !(systolic && systolic.at === hit.at)) parts.push(`diastolic ${hit.value} mmHg`);
      else if (SHORT[name] && hit) parts.push(SHORT[name](hit.value));
    }
    const band = moment <= data.to && data.oxygen.find(([start, end]) => start <= moment && moment < end);
    if (band) parts.push(band[3]);
    for (const [name, group, given] of data.drugs) for (const [start, end, dose, runs] of given)
      if (end > start ? start <= moment && (runs || moment < end) : Math.abs(moment - start) < (state.max - state.min) / 300)
        parts.push(group === "other" ? dose : `${name.toLowerCase()} ${dose}`);
    for (const [at, name] of data.events) if (Math.abs(moment - at) < (state.max - state.min) / 300) parts.push(name);
    return parts.filter(Boolean);
  }

  function tell(moment) {
    const time = document.createElement("strong");
    time.textContent = axis.when(state.data.days, moment);
    readout.replaceChildren(time, ` ${told(moment).join(" · ")}`);
  }

  // The cursor stands at the reading `state.at`, in every panel.
  function place() {
    const moment = state.moments[state.at];
    for (const u of state.plots) u.setCursor({ left: u.valToPos(moment, "x"), top: 4 }, false);
    tell(moment);
  }

  function step(to) {
    if (!state.moments.length) return;
    state.at = Math.min(Math.max(to, 0), state.moments.length - 1);
    const moment = state.moments[state.at], width = state.max - state.min;
    if (moment < state.min || moment > state.max) zoom(moment - width / 2, moment + width / 2);
    place();
    spoken.textContent = `${axis.when(state.data.days, moment)}: ${told(moment).join(", ")}`;
  }

  function pressed(event) {
    const present = state.at ?? state.moments.length, width = state.max - state.min, middle = (state.max + state.min) / 2;
    const acts = {
      ArrowLeft: () => step(present - 1), ArrowRight: () => step(present + 1), Home: () => step(0), End: () => step(Infinity),
      PageUp: () => step(present - 12), PageDown: () => step(present + 12),
      "+": () => zoom(middle - width / 4, middle + width / 4), "-": () => zoom(middle - width, middle + width),
      Escape: () => { state.at = null; zoom(0, 0, "all"); readout.textContent = hint; },
    };
    if (!acts[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    acts[event.key]();
  }

  // --- data ----------------------------------------------------------------------------------------------------------------

  function take(data) {
    const before = state.at === null ? null : state.moments[state.at];
    state.data = data;
    if (data.from === undefined) {
      for (const u of state.plots.splice(0)) u.destroy();
      picture.replaceChildren(Object.assign(document.createElement("p"), { textContent: "There is nothing to draw yet." }));
      return;
    }
    state.series = {};
    const moments = new Set();
    for (const [name, series] of Object.entries(data.lines)) {
      state.series[name] = { t: axis.times(series.t), v: series.v, valid: series.valid };
      for (const moment of state.series[name].t) moments.add(moment);
    }
    for (const [, , given] of data.drugs) for (const [start] of given) moments.add(start);
    for (const [moment] of data.events) moments.add(moment);
    state.moments = [...moments].sort((a, b) => a - b);
    state.at = before === null ? null : Math.max(0, state.moments.indexOf(before));
    picture.setAttribute("aria-label", data.text);
    if (state.range === "72" && !state.plots.length && !state.moments.some((moment) => moment > data.to - 72 * axis.HOUR)) state.range = "all";
    ranged();
    pressedRange();
    build();
  }

  // The data of this course, no older than the page around them: a worker may lag behind the one that drew it.
  async function load() {
    const turn = ++loads;
    for (let delay = 150; turn === loads && root.isConnected; delay = Math.min(5000, 2 * delay)) {
      const data = await fetched();
      if (turn !== loads) return;
      trouble.hidden = data !== null;
      if (data === null) { spoken.textContent = trouble.querySelector("p").textContent; return; }
      if (reaches(data)) { take(data); return; }
      await new Promise((resolve) => { setTimeout(resolve, delay); });
    }
  }

  async function fetched() {
    try {
      const answer = await fetch(box.dataset.url, { headers, cache: "no-store" });
      const data = answer.ok && !answer.redirected ? await answer.json() : null;
      return data?.course === root.dataset.course ? data : null;
    } catch { return null; }
  }

  function reaches({ version: [a, b] }) {
    const [c, d] = root.dataset.version.split(".").map(Number);
    return a > c || (a === c && b >= d);
  }

  // Time runs on: what lasts is drawn up to now.
  function advance(now) {
    if (!state.data?.is_now || state.data.from === undefined || now - state.data.to < 60 || box.hidden) return;
    state.data.to = now;
    if (state.range !== "free") zoom(0, 0, state.range); else for (const u of state.plots) u.redraw();
  }

  // --- the page ------------------------------------------------------------------------------------------------------------

  function show(which) {
    for (const link of document.querySelectorAll("#readings-tabs [data-show]")) {
      const on = link.dataset.show === which;
      if (on) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
    box.hidden = which !== "chart";
    document.getElementById("ranges").hidden = which !== "chart";
    document.getElementById("readings").hidden = which !== "readings";
    if (which === "chart" && state.data) resize();
  }

  function resize(width = picture.clientWidth) {
    if (width > 0) for (const u of state.plots) u.setSize({ width: Math.max(200, width), height: u.height });
  }

  document.getElementById("readings-tabs").addEventListener("click", (event) => {
    const link = event.target.closest("[data-show]");
    if (!link) return;
    event.preventDefault();
    show(link.dataset.show);
  });
  document.getElementById("ranges").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || !state.data || state.data.from === undefined) return;
    if (button.dataset.range) { state.at = null; zoom(0, 0, button.dataset.range); return; }
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", on);
    if (on) state.optional.add(button.dataset.series); else state.optional.delete(button.dataset.series);
    build();
  });
  plots.addEventListener("keydown", pressed);
  plots.addEventListener("dblclick", () => zoom(0, 0, "all"));
  let width = 0;
  new ResizeObserver(() => {
    if (picture.clientWidth === width || !state.plots.length) return;
    const narrow = (each) => each > 0 && each < 560;
    const rebuild = narrow(width) !== narrow(picture.clientWidth);
    width = picture.clientWidth;
    if (rebuild) build(); else resize();
  }).observe(picture);

  const repaint = () => { if (state.plots.length) build(); };
  new MutationObserver(repaint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  let theme;
  addEventListener("beforeprint", () => {
    theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    repaint();
    resize(680);
  });
  addEventListener("afterprint", () => {
    if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
    repaint();
  });

  document.getElementById("chart-again").addEventListener("click", load);
  document.addEventListener("cartway:joined", () => { if (!trouble.hidden) load(); });
  show("chart");
  load();
  window.cartwayChart = { load, advance };
})();
