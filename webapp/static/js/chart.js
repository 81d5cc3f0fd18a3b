// Draws each chart from the table under it, so that both always say the same. Without this script the table remains.
const uPlot = globalThis.uPlot;
const HEIGHT = 260;
const drawn = new Map();

function colour(name) {
  const probe = document.createElement("span");
  probe.className = `chart__colour chart__colour--${name}`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function read(figure) {
  const table = figure.querySelector("table");
  const columns = [...table.tHead.rows[0].cells]
    .map((head, at) => ({ at, label: head.textContent.trim(), kind: head.dataset.draw }))
    .filter((column) => column.kind);
  const rows = [...table.tBodies[0].rows];
  const labels = rows.map((row) => row.cells[0].dataset.short ?? row.cells[0].textContent.trim());
  const value = (row, column) => {
    const text = row.cells[column.at].dataset.value;
    return text === undefined ? null : Number(text);
  };
  return { columns, labels, values: columns.map((column) => rows.map((row) => value(row, column))) };
}

// A target is a short stroke at its height, as wide as the place of its bar.
function strokes(plot, series, from, to) {
  const path = new Path2D();
  const half = (plot.valToPos(1, "x", true) - plot.valToPos(0, "x", true)) * 0.4;
  for (let at = from; at <= to; at += 1) {
    const value = plot.data[series][at];
    if (value === null || value === undefined) continue;
    const x = plot.valToPos(at, "x", true);
    const y = Math.round(plot.valToPos(value, plot.series[series].scale, true));
    path.moveTo(x - half, y);
    path.lineTo(x + half, y);
  }
  return { stroke: path };
}

function options(figure, { columns, labels, values }) {
  const ink = colour("ink");
  const grid = colour("grid");
  const language = document.documentElement.lang;
  const font = `14px ${getComputedStyle(figure).fontFamily}`;
  const all = values.flat().filter((value) => value !== null);
  const top = Math.max(...all, 1);
  const low = Math.min(...all, 0);
  const axis = { stroke: ink, font, ticks: { show: false }, grid: { stroke: grid, width: 1 } };
  return {
    width: figure.querySelector("[data-chart-drawing]").clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    select: { show: false },
    scales: {
      x: { time: false, range: [-0.6, labels.length - 0.4] },
      y: { range: [low * 1.08, top * 1.08] },
    },
    axes: [
      { ...axis, grid: { show: false }, splits: labels.map((_, at) => at), values: () => labels },
      { ...axis, size: 70, values: (_, marks) => marks.map((mark) => mark.toLocaleString(language)) },
    ],
    series: [
      {},
      ...columns.map(({ label, kind }) => ({
        label,
        stroke: colour(kind),
        fill: kind === "bar" ? colour("bar") : undefined,
        width: kind === "bar" ? 0 : 3,
        dash: kind === "dashed" ? [6, 4] : undefined,
        points: { show: false },
        paths: kind === "bar" ? uPlot.paths.bars({ size: [0.55, 90] }) : strokes,
      })),
    ],
  };
}

function draw(figure) {
  drawn.get(figure)?.destroy();
  const found = read(figure);
  const data = [found.labels.map((_, at) => at), ...found.values];
  const place = figure.querySelector("[data-chart-drawing]");
  drawn.set(figure, new uPlot(options(figure, found), data, place));
}

function drawAll() {
  for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
}

if (uPlot) {
  await document.fonts.ready;
  drawAll();
  let width = document.documentElement.clientWidth;
  addEventListener("resize", () => {
    if (document.documentElement.clientWidth === width) return;
    width = document.documentElement.clientWidth;
    drawAll();
  });
  // Colours follow the device and the reader's own choice.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
