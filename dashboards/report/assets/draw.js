// Draws every box with a data-chart attribute from window.charts. Redraws all when the colour scheme changes.
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

  // Screen readers skip the invisible cells that find the day nearest to the pointer.
  function hideVoronoi(vega) {
    vega.marks.filter((mark) => /_voronoi$/.test(mark.name)).forEach((mark) => { mark.aria = false; });
    return vega;
  }

  async function draw(box) {
    const { spec, frames } = window.charts[box.dataset.chart];
    const datasets = Object.fromEntries(Object.entries(frames).map(([name, frame]) => [name, rows(frame)]));
    const sized = { width: "container", autosize: { type: "fit", contains: "padding" } };
    if (drawn.has(box)) drawn.get(box).finalize();
    const chart = await window.vegaEmbed(box, { ...spec, ...sized, datasets }, {
      mode: "vega-lite", renderer: "svg", actions: false, logLevel: 1, patch: hideVoronoi, config: config(),
      tooltip: { theme: dark.matches ? "dark" : "light" },
    });
    drawn.set(box, chart);
    await fit(chart);
  }

  // Labels that turn upright and legends that wrap need a second layout, once the width is known.
  function fit(chart) {
    return chart.view.resize().runAsync();
  }

  async function drawAll() {
    for (const box of boxes) {
      try {
        await draw(box);
      } catch (problem) {
        console.error(problem);
        box.textContent = "This chart could not be drawn. Its data can be downloaded below.";
      }
    }
    document.documentElement.dataset.drawn = "true";
  }

  // On a server the address is known: use it in the HTML to copy, so that it works on other sites.
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
