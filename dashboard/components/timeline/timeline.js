// Draws a run's timeline with Plotly, and changes it in place when its data changes.

const LANE = 34;
const EDGE = 56;
const GAP = 12; // around the lanes' names
const MOST_LANES = 20;
const SHARE = 10; // drawing takes at most one in so many parts of the time: a long run's takes long
const roots = new WeakMap();
let library;

function loadPlotly() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("plotly.js" + new URL(import.meta.url).search, import.meta.url).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("the chart library could not be loaded"));
    document.head.append(script);
  });
  return library;
}

function look(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--st-${name}`).trim();
}

function trace(data, css) {
  const of = (field) => data.bars.map((bar) => bar[field]);
  return {
    type: "bar",
    orientation: "h",
    base: of("from"),
    x: of("seconds"),
    y: of("lane"),
    text: of("length"),
    // In a hatched bar a text cannot be read.
    textposition: data.bars.map((bar) => (bar.live ? "outside" : "auto")),
    cliponaxis: false,
    textangle: 0,
    hovertext: of("hover"),
    hoverinfo: "text",
    marker: {
      color: data.bars.map((bar) => css(`${bar.colour}-color`)),
      pattern: { shape: data.bars.map((bar) => (bar.live ? "/" : "")), fillmode: "replace" },
    },
  };
}

/** How wide the lanes' names are; Plotly would measure them one by one and lay out again. */
function widthOf(names, font) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${font.size}px ${font.family}`;
  return Math.max(...names.map((name) => pen.measureText(name).width));
}

function layout(data, css) {
  const font = { family: css("font"), size: 13, color: css("text-color") };
  return {
    height: EDGE + LANE * data.lanes.length,
    margin: { l: Math.ceil(widthOf(data.lanes, font)) + GAP, r: 56, t: 4, b: 44 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font,
    bargap: 0.3,
    showlegend: false,
    xaxis: {
      title: { text: "seconds since the first step" },
      rangemode: "tozero",
      fixedrange: true,
      gridcolor: css("border-color"),
      zeroline: false,
    },
    yaxis: {
      tickvals: data.lanes.map((_, index) => index),
      ticktext: data.lanes,
      range: [data.lanes.length - 0.5, -0.5],
      ticklabeloverflow: "allow",
      fixedrange: true,
    },
  };
}

function draw(root) {
  const { data } = root;
  const css = look(root.box);
  root.box.setAttribute("role", "img");
  root.box.setAttribute("aria-label", data.bars.map((bar) => `${bar.hover}, ${bar.length}`).join("; "));
  root.box.style.cssText = `max-height:${EDGE + LANE * MOST_LANES}px;overflow-y:auto;overflow-x:hidden`;
  const options = { displayModeBar: false, responsive: true };
  window.Plotly.react(root.chart, [trace(data, css)], layout(data, css), options);
}

function fail(root, error) {
  root.box.textContent = `The timeline cannot be shown: ${error.message}.`;
}

/** Draws what there is by then, once the page has had time for other things since the last time. */
function drawSoon(root) {
  if (root.next || root.gone) return;
  const wait = Math.max(0, root.rested - performance.now());
  const act = () => {
    root.next = null;
    const began = performance.now();
    try {
      draw(root);
    } catch (error) {
      fail(root, error);
    }
    const now = performance.now();
    root.rested = now + (now - began) * (SHARE - 1);
  };
  if (wait) root.next = setTimeout(act, wait);
  else act();
}

export default function ({ data, parentElement }) {
  let root = roots.get(parentElement);
  if (!root) {
    const box = document.createElement("div");
    const chart = document.createElement("div");
    box.className = "symphony-timeline";
    box.append(chart);
    parentElement.append(box);
    root = { box, chart, gone: false, rested: 0, next: null };
    roots.set(parentElement, root);
  }
  root.data = data;
  loadPlotly()
    .then(() => drawSoon(root))
    .catch((error) => fail(root, error));
  return () => {
    root.gone = true;
    clearTimeout(root.next);
    window.Plotly?.purge(root.chart);
    root.box.remove();
    roots.delete(parentElement);
  };
}
