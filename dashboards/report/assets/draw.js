// Draws every box of class "chart" from window.charts, in the colours of the page, and anew when those change.
(function () {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const boxes = Array.from(document.querySelectorAll("[data-chart]"));
  const drawn = new Map();

  function rows(frame) {
    const names = Object.keys(frame);
    const columns = names.map(function (name) {
      const { values, places } = frame[name];
      return places ? places.map((place) => values[place]) : values;
    });
    const count = names.length ? columns[0].length : 0;
    return Array.from({ length: count }, (_, row) =>
      Object.fromEntries(names.map((name, column) => [name, columns[column][row]])));
  }

  function config() {
    const style = getComputedStyle(document.documentElement);
    const [ink, quiet, line] = ["--ink", "--quiet", "--line"].map((name) => style.getPropertyValue(name).trim());
    const font = getComputedStyle(document.body).fontFamily;
    return {
      background: "transparent", font, view: { stroke: null }, text: { color: ink },
      axis: {
        labelColor: quiet, titleColor: quiet, gridColor: line, domainColor: line, tickColor: line,
        labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal",
      },
      legend: { labelColor: quiet, titleColor: quiet, labelFontSize: 12 },
    };
  }

  // The cells that find the nearest day to a pointer are nothing to read out.
  function quiet(vega) {
    vega.marks.filter((mark) => /_voronoi$/.test(mark.name)).forEach((mark) => { mark.aria = false; });
    return vega;
  }

  async function draw(box) {
    const { spec, frames } = window.charts[box.dataset.chart];
    const datasets = Object.fromEntries(Object.entries(frames).map(([name, frame]) => [name, rows(frame)]));
    const sized = { width: "container", autosize: { type: "fit", contains: "padding" } };
    if (drawn.has(box)) drawn.get(box).finalize();
    const chart = await window.vegaEmbed(box, { ...spec, ...sized, datasets }, {
      mode: "vega-lite", renderer: "svg", actions: false, logLevel: 1, patch: quiet, config: config(),
      tooltip: { theme: dark.matches ? "dark" : "light" },
    });
    drawn.set(box, chart);
    await fit(chart);
  }

  // Names that turn upright and legends that wrap on little room know the room only after the first layout.
  function fit(chart) {
    return chart.view.resize().runAsync();
  }

  async function drawAll() {
    for (const box of boxes) {
      try {
        await draw(box);
      } catch (problem) {
        console.error(problem);
        box.textContent = "This chart could not be drawn here. Its data are below.";
      }
    }
    document.documentElement.dataset.drawn = "true";
  }

  // On a server the address is known, so what is copied works elsewhere.
  if (window.location.protocol.startsWith("http")) {
    document.querySelectorAll("[data-embed]").forEach(function (code) {
      const path = code.dataset.embed;
      code.textContent = code.textContent.replace('"' + path, '"' + new URL(path, window.location.href).href);
    });
  }
  dark.addEventListener("change", drawAll);
  window.addEventListener("resize", () => window.requestAnimationFrame(() => drawn.forEach(fit)));
  drawAll();
})();
