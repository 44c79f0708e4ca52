(async () => {
  const NARROW = 560, PRINTED = 672;
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const library = document.createElement("script");
  library.textContent = await new Response(stream).text();
  document.head.append(library);
  const { config, figures } = JSON.parse(document.getElementById("figures").textContent);

  // On a narrow page labels beside the series give way to a legend below.
  const fitted = (layout, width) => {
    const own = { ...layout, width };
    const labels = (layout.annotations || []).filter((each) => each.name === "label");
    if (width >= NARROW || !labels.length) return own;
    return {
      ...own,
      height: layout.height + 22 * labels.length,
      annotations: layout.annotations.filter((each) => each.name !== "label"),
      margin: { ...layout.margin, r: 8 },
      showlegend: true,
      legend: { orientation: "h", x: 0, y: -0.18, yanchor: "top", xanchor: "left" },
    };
  };
  const draw = (width) => Promise.all(Object.entries(figures).map(([name, figure]) => {
    const place = document.getElementById(`plot-${name}`);
    return Plotly.react(place, figure.data, fitted(figure.layout, width || place.clientWidth), config);
  }));
  let seen = innerWidth, timer;
  addEventListener("resize", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (innerWidth !== seen) { seen = innerWidth; draw(); } }, 150);
  });
  addEventListener("beforeprint", () => draw(PRINTED));
  addEventListener("afterprint", () => draw());
  await draw(matchMedia("print").matches ? PRINTED : 0);
  document.documentElement.dataset.drawn = Object.keys(figures).length;
})();
