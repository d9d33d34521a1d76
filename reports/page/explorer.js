"use strict";
// The page without this script has every table and figure; this adds what needs a hand: choosing,
// sorting, filtering, the bandwidth, the documents of a codec. Its state is in the address.
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const columns = data.columns, rows = data.rows;
  const column = (name) => columns.findIndex((c) => c.name === name);
  const place = (row) => row.corpus + (data.hosts.length > 1 ? " on " + data.hosts[row.host] : "");
  const places = [...new Set(rows.map(place))];
  const family = (row) => row.codec.replace(/^~/, "").split(/[: ]/)[0];
  const families = [...new Set(rows.map(family))];
  const most = 200;  // rows that a table shows at once

  const defaults = { place: places[0] || "", x: "encode", y: "ratio", off: "", sort: "", filter: "",
                     bandwidth: "7", codec: "" };
  const state = Object.assign({}, defaults);
  const readAddress = () => {
    Object.assign(state, defaults);
    for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
      if (key in defaults) state[key] = value;
    }
    if (!places.includes(state.place)) state.place = defaults.place;
    for (const axis of ["x", "y"]) if (column(state[axis]) < 0) state[axis] = defaults[axis];
  };
  const writeAddress = () => {
    const changed = Object.entries(state).filter(([key, value]) => value !== defaults[key]);
    history.replaceState(null, "", "#" + new URLSearchParams(changed));
  };
  // Names of families hold no space.
  const hidden = () => new Set(state.off ? state.off.split(" ") : []);
  const cell = (row, name) => row.cells[column(name)];
  const value = (row, name) => { const c = cell(row, name); return c ? c[0] : null; };

  // Three significant digits, as the tables of the program print them.
  const number = (x, grouped) => {
    if (x === null || x === undefined) return "";
    if (grouped) return Math.round(x).toLocaleString("en-US");
    if (x === 0 || Math.abs(x) >= 100) return x.toFixed(0);
    return x.toPrecision(3);
  };
  const shown = (row, i) => {
    const c = row.cells[i];
    if (!c) return "";
    const text = columns[i].places === null ? number(c[0], columns[i].grouped)
                                            : c[0].toFixed(columns[i].places);
    return c.length > 1 && c[0] > 0 ? `${text} ±${(50 * (c[2] - c[1]) / c[0]).toFixed(1)}%` : text;
  };
  const title = (c) => c.unit ? `${c.title}${c.title.endsWith("/") ? "" : " "}${c.unit}` : c.title;
  const make = (tag, text, attributes) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [key, v] of Object.entries(attributes || {})) element.setAttribute(key, v);
    return element;
  };
  const fill = (select, entries) => select.replaceChildren(
    ...entries.map(([key, text]) => make("option", text, { value: key })));

  // --- the table of all rows
  const shownColumns = columns.map((c, i) => i).filter(
    (i) => columns[i].shown && rows.some((row) => row.cells[i]));
  const knownColumns = columns.map((c, i) => i).filter((i) => rows.some((row) => row.cells[i]));
  const sortKey = (row, key) => key === "codec" ? row.codec : key === "corpus" ? place(row)
                                                            : value(row, key);
  const sorted = (list, order) => {
    if (!order) return list;
    const down = order.startsWith("-"), key = down ? order.slice(1) : order;
    return [...list].sort((a, b) => {
      const x = sortKey(a, key), y = sortKey(b, key);
      if (x === null || y === null) return (x === null) - (y === null);
      const less = typeof x === "string" ? x.localeCompare(y) : x - y;
      return down ? -less : less;
    });
  };
  const drawHead = () => {
    const line = make("tr");
    const heads = [["corpus", "corpus", ""], ["codec", "codec", ""],
                   ...shownColumns.map((i) => [columns[i].name, title(columns[i]), "number"])];
    for (const [key, text, style] of heads) {
      const head = make("th", undefined, { scope: "col", class: style });
      const button = make("button", text, { type: "button", "data-sort": key });
      const now = state.sort === key ? "ascending" : state.sort === "-" + key ? "descending" : "none";
      head.setAttribute("aria-sort", now);
      if (now !== "none") button.textContent += now === "ascending" ? " ▲" : " ▼";
      head.append(button);
      line.append(head);
    }
    $("rows-head").replaceChildren(line);
  };
  const matches = (row) => {
    const text = (place(row) + " " + row.codec).toLowerCase();
    return state.filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
  };
  const drawRows = () => {
    const found = sorted(rows.filter(matches), state.sort);
    const lines = found.slice(0, most).map((row) => {
      const line = make("tr");
      line.append(make("td", place(row)));
      const name = make("th", undefined, { scope: "row" });
      const button = make("button", row.codec, { type: "button" });
      button.addEventListener("click", () => open(row));
      name.append(button);
      line.append(name);
      if (row.failure && !row.documents_ok) {
        line.append(make("td", row.failure, { class: "failed", colspan: shownColumns.length }));
        return line;
      }
      for (const i of shownColumns) {
        const style = row.best.includes(i) ? "number best" : "number";
        line.append(make("td", shown(row, i), { class: style }));
      }
      return line;
    });
    $("rows-body").replaceChildren(...lines);
    $("rows-count").textContent = found.length > most
      ? `${most} of ${found.length} rows shown: filter or sort to see others`
      : `${found.length} of ${rows.length} rows`;
  };

  // --- the explorer
  const isLogarithmic = (name) => /^(encode|decode|.*bytes)/.test(name) && !/spread/.test(name);
  const fits = (row, name) => value(row, name) !== null && (!isLogarithmic(name) || value(row, name) > 0);
  const points = () => rows.filter((row) => place(row) === state.place && !hidden().has(family(row)) &&
    fits(row, state.x) && fits(row, state.y) && value(row, "ratio") > 1);
  const better = (name) => columns[column(name)].better;
  const front = (list) => {
    const sign = (name) => better(name) === "lower" ? -1 : 1;
    const order = list.filter((row) => !row.estimate).sort((a, b) =>
      sign(state.y) * (value(b, state.y) - value(a, state.y)) ||
      sign(state.x) * (value(b, state.x) - value(a, state.x)));
    let best = null;
    return order.filter((row) => {
      const x = sign(state.x) * value(row, state.x);
      if (best !== null && x <= best) return false;
      best = x;
      return true;
    });
  };
  const datum = (row) => {
    const point = { codec: row.codec, family: family(row), x: value(row, state.x),
                    y: value(row, state.y), index: rows.indexOf(row) };
    for (const axis of ["x", "y"]) {
      const c = cell(row, state[axis]);
      if (c.length > 1) [point[axis + "Low"], point[axis + "High"]] = [c[1], c[2]];
    }
    for (const i of knownColumns) if (row.cells[i]) point[title(columns[i])] = shown(row, i);
    return point;
  };
  const axis = (name) => ({
    title: title(columns[column(name)]) + " (" + better(name) + " is better)",
    scale: isLogarithmic(name) ? "log" : "linear" });
  const intervals = (name, list, encoding) => {
    const values = list.filter((point) => point[name + "Low"] !== undefined);
    return values.length === 0 ? [] : [{
      data: { values },
      mark: { type: "rule", color: "#888", aria: false },
      encoding: { ...encoding, [name]: { ...encoding[name], field: name + "Low" },
                  [name + "2"]: { field: name + "High" } } }];
  };
  const specification = () => {
    const list = points().map(datum), x = axis(state.x), y = axis(state.y);
    const fields = knownColumns.map((i) => title(columns[i])).filter((t) => list.some(
      (point) => point[t] !== undefined));
    const position = (field, a) => ({ field, type: "quantitative", title: a.title,
                                      scale: a.scale === "log" ? { type: "log" }
                                                                : { type: "linear", zero: false } });
    const encoding = { x: position("x", x), y: position("y", y) };
    const step = better(state.x) === "lower" ? "step-after" : "step-before";
    return {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      width: "container", height: 420, background: null,
      autosize: { type: "fit-x", contains: "padding" },
      description: `${y.title} against ${x.title}, ${state.place}`,
      config: { font: "Helvetica, Arial, sans-serif", view: { stroke: null },
                range: { category: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
                                    "#888888"] } },
      layer: [
        { data: { values: front(points()).map(datum) },
          mark: { type: "line", interpolate: step, color: "#888", aria: false },
          encoding: { ...encoding, order: { field: "x" } } },
        ...intervals("x", list, encoding),
        ...intervals("y", list, encoding),
        { data: { values: list },
          mark: { type: "point", filled: true, size: 70, opacity: 1, cursor: "pointer" },
          encoding: { ...encoding,
            color: { field: "family", type: "nominal", title: "codec",
                     legend: { orient: "bottom", columns: 6 } },
            shape: { field: "family", type: "nominal", title: "codec" },
            tooltip: [{ field: "codec", type: "nominal" },
                      ...fields.map((field) => ({ field: field.replace(/[.[\]]/g, "\\$&"),
                                                  title: field, type: "nominal" }))] } },
        { data: { name: "names" },
          mark: { type: "text", aria: false, dx: { expr: "datum.dx" }, dy: { expr: "datum.dy" } },
          encoding: { ...encoding, text: { field: "codec" } } },
      ],
      datasets: { names: [{ ...list[0], dx: 0, dy: 0, codec: "" }] },
    };
  };
  // Names of the points, those of the front first, where they cover nothing; else none.
  const placeNames = (view, list) => {
    const [x, y] = [view.scale("x"), view.scale("y")];
    const spots = list.map((point) => [x(point.x), y(point.y)]);
    const taken = spots.map(([left, top]) => [left - 6, top - 6, left + 6, top + 6]);
    const stairs = front(list.map((point) => rows[point.index])).map(datum)
      .map((point) => [x(point.x), y(point.y)]).sort((a, b) => a[0] - b[0]);
    for (const [i, [left, top]] of stairs.entries()) {  // a little more than the stairs cover
      if (i === 0) continue;
      const [before, height] = stairs[i - 1];
      for (const level of [top, height]) taken.push([before, level - 1, left, level + 1]);
      for (const side of [before, left]) {
        taken.push([side - 1, Math.min(top, height), side + 1, Math.max(top, height)]);
      }
    }
    const names = [];
    for (const [i, point] of list.entries()) {
      const half = 3.2 * point.codec.length + 2;
      const offsets = [[half + 8, 0], [-half - 8, 0], [0, -14], [0, 14], [half + 6, -12],
                       [-half - 6, -12], [half + 6, 12], [-half - 6, 12]];
      for (const [dx, dy] of offsets) {
        const [cx, cy] = [spots[i][0] + dx, spots[i][1] + dy];
        const box = [cx - half, cy - 7, cx + half, cy + 7];
        const covers = (o) => box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3];
        if (box[0] < 0 || box[2] > view.width() || box[1] < 0 || taken.some(covers)) continue;
        taken.push(box);
        names.push({ ...point, dx, dy });
        break;
      }
    }
    return names;
  };
  let view = null;
  const drawExplorer = async () => {
    if (typeof vegaEmbed !== "function") return;
    const known = points();
    $("explorer-count").textContent = `${known.length} settings shown`;
    if (known.length === 0) {
      if (view) view.finalize();
      view = null;
      $("explorer").replaceChildren();
      return;
    }
    const result = await vegaEmbed("#explorer", specification(), {
      mode: "vega-lite", renderer: "svg", actions: false, ast: true,
      expr: evalzipInterpreter, defaultStyle: false, tooltip: { disableDefaultStyle: true } });
    if (view) view.finalize();
    view = result.view;
    const first = front(points()), others = points().filter((row) => !first.includes(row));
    await view.data("names", placeNames(view, [...first, ...others].map(datum))).runAsync();
    view.addEventListener("click", (event, item) => {
      if (item && item.datum && item.datum.index !== undefined) open(rows[item.datum.index]);
    });
  };

  // --- bandwidth
  const drawTransfer = () => {
    const bandwidth = 10 ** Number(state.bandwidth);  // bits per second
    const text = bandwidth >= 1e9 ? number(bandwidth / 1e9) + " Gbit/s"
                                  : number(bandwidth / 1e6) + " Mbit/s";
    $("bandwidth-text").textContent = text;
    $("bandwidth").setAttribute("aria-valuetext", text);
    const here = rows.filter((row) => place(row) === state.place && !row.estimate &&
                             row.seconds[0] !== null && row.seconds[1] !== null);
    const original = Math.max(0, ...here.map((row) => row.original));
    const list = here.filter((row) => row.original === original).map((row) => ({
      name: row.codec, seconds: row.seconds[0] + row.seconds[1] + 8 * row.encoded / bandwidth }));
    list.push({ name: "without compression", seconds: 8 * original / bandwidth });
    list.sort((a, b) => a.seconds - b.seconds);
    $("transfer-body").replaceChildren(...list.slice(0, 12).map((entry, i) => {
      const line = make("tr");
      line.append(make("td", String(i + 1), { class: "number" }), make("td", entry.name),
                  make("td", number(entry.seconds) + " s", { class: "number" }),
                  make("td", number(list[list.length - 1].seconds / entry.seconds) + "×",
                       { class: "number" }));
      return line;
    }));
  };

  // --- entropies: of what kind the files of the corpus are, whatever the codec
  const drawEntropy = () => {
    const profiles = new Map();
    for (const row of rows) {
      if (place(row) !== state.place || row.estimate) continue;
      for (const i of row.files) {
        const [name, , original, encoded, , , ...bits] = data.files[i];
        if (!profiles.has(name)) profiles.set(name, { name, original, bits, least: null });
        const profile = profiles.get(name);
        if (encoded === null || (profile.least !== null && encoded >= profile.least)) continue;
        Object.assign(profile, { least: encoded, by: row.codec, bits });
      }
    }
    const list = [...profiles.values()];
    $("entropy").hidden = !list.some((profile) => profile.bits.some((x) => x !== null));
    $("entropy-body").replaceChildren(...list.slice(0, most).map((profile) => {
      const line = make("tr");
      const least = profile.least === null || !profile.original ? null
                                                                : 8 * profile.least / profile.original;
      line.append(make("th", data.documents[profile.name], { scope: "row" }),
                  make("td", number(profile.original, true), { class: "number" }));
      for (const x of [...profile.bits, least]) {
        line.append(make("td", x === null ? "" : x.toFixed(3), { class: "number" }));
      }
      line.append(make("td", profile.by || ""));
      return line;
    }));
  };

  // --- one codec
  const drawCodec = () => {
    const row = rows.find((r) => state.codec === r.codec && place(r) === state.place) ||
                rows.find((r) => state.codec === r.codec);
    $("codec").hidden = !row;
    if (!row) return;
    $("codec-title").textContent = `${row.codec} on ${place(row)}`;
    $("codec-about").textContent = `version ${row.version}, ${row.documents_ok} of ${row.documents} ` +
      "files" + (row.failure ? "; " + row.failure : "");
    $("codec-body").replaceChildren(...row.files.slice(0, 5000).map((i) => {
      const [name, outcome, original, encoded, encode, decode] = data.files[i];
      const line = make("tr");
      const ratio = encoded > 0 && original > 0 ? original / encoded : null;
      const speed = (seconds) => seconds > 0 ? number(original / 1e6 / seconds) : "";
      for (const [text, style] of [[data.documents[name], ""], [outcome, ""],
          [number(original, true), "number"], [encoded === null ? "" : number(encoded, true), "number"],
          [ratio === null ? "" : ratio.toFixed(3), "number"],
          [ratio === null ? "" : (8 / ratio).toFixed(3), "number"],
          [speed(encode), "number"], [speed(decode), "number"]]) {
        line.append(make("td", text, { class: style }));
      }
      return line;
    }));
  };
  const open = (row) => {
    state.codec = row.codec;
    state.place = place(row);
    draw();
    $("codec-title").focus();
    $("codec").scrollIntoView();
  };

  const save = (text, name, type) => {
    const link = make("a", "", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // As the program's CSV: quoted, and no formula for a spreadsheet.
  const field = (text) => `"${(/^ *[=+\-@＝＋－＠]/.test(text) ? "'" : "") + text.replaceAll('"', '""')}"`;
  const rowsAsCsv = () => {
    const lines = [["corpus", "codec", ...knownColumns.map((i) => columns[i].name)]];
    for (const row of sorted(rows.filter(matches), state.sort)) {
      lines.push([field(place(row)), field(row.codec),
                  ...knownColumns.map((i) => row.cells[i] ? row.cells[i][0] : "")]);
    }
    return lines.map((line) => line.join(",") + "\r\n").join("");
  };

  const draw = () => {
    writeAddress();
    for (const key of ["place", "x", "y", "filter", "bandwidth"]) $(key).value = state[key];
    for (const box of $("families").querySelectorAll("input")) box.checked = !hidden().has(box.value);
    drawHead();
    drawRows();
    drawTransfer();
    drawCodec();
    drawEntropy();
    drawExplorer();
  };

  readAddress();
  fill($("place"), places.map((name) => [name, name]));
  const axes = columns.filter((c, i) => c.better !== "neither" && rows.some((row) => row.cells[i]));
  for (const key of ["x", "y"]) fill($(key), axes.map((c) => [c.name, title(c)]));
  $("families").append(...families.map((name) => {
    const label = make("label");
    label.append(make("input", undefined, { type: "checkbox", value: name }), name);
    return label;
  }));
  for (const key of ["place", "x", "y"]) {
    $(key).addEventListener("change", () => { state[key] = $(key).value; draw(); });
  }
  $("families").addEventListener("change", (event) => {
    const off = hidden();
    if (event.target.checked) off.delete(event.target.value); else off.add(event.target.value);
    state.off = [...off].join(" ");
    draw();
  });
  $("filter").addEventListener("input", () => {
    state.filter = $("filter").value;
    writeAddress();
    drawRows();
  });
  $("bandwidth").addEventListener("input", () => {
    state.bandwidth = $("bandwidth").value;
    writeAddress();
    drawTransfer();
  });
  $("rows-head").addEventListener("click", (event) => {
    const key = event.target.dataset.sort;
    if (!key) return;
    state.sort = state.sort === "-" + key ? key : "-" + key;
    if (key === "codec" || key === "corpus") state.sort = state.sort.slice(1) === key ? key : "-" + key;
    draw();
    $("rows-head").querySelector(`[data-sort="${key}"]`).focus();
  });
  for (const button of document.querySelectorAll("[data-run]")) {
    button.addEventListener("click", () => save($(button.dataset.run).textContent,
                                                button.dataset.name, "application/json"));
  }
  $("save-rows").addEventListener("click", () => save(rowsAsCsv(), "rows.csv", "text/csv"));
  $("save-chart").addEventListener("click", async () => {
    if (view) save(await view.toSVG(), "explorer.svg", "image/svg+xml");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|SELECT/.test(document.activeElement.tagName)) {
      event.preventDefault();
      $("filter").focus();
    }
  });
  // The page of a run that is still going.
  const refresh = Number(document.body.dataset.refresh);
  if (refresh > 0) {
    setInterval(() => {
      const busy = /INPUT|SELECT/.test(document.activeElement.tagName);
      if (!document.hidden && !busy) location.reload();
    }, 1000 * refresh);
  }
  addEventListener("hashchange", () => { readAddress(); draw(); });
  for (const element of document.querySelectorAll(".needs-script")) element.hidden = false;
  if (typeof vegaEmbed !== "function") $("explore").hidden = true;
  $("static-rows").hidden = true;
  draw();
  document.body.dataset.ready = "yes";
})();
