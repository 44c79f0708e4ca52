(async () => {
  const NARROW = 560, PRINTED = 672;
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const library = document.createElement("script");
  library.textContent = await new Response(stream).text();
  document.head.append(library);
  const { config, figures } = JSON.parse(document.getElementById("figures").textContent);

  // On a narrow page cells are told by colour alone.
  const untold = (data) => data.map((trace) => (trace.type === "heatmap" ? { ...trace, texttemplate: "" } : trace));
  const draw = (width) => Promise.all(Object.entries(figures).map(([name, figure]) => {
    const place = document.getElementById(`plot-${name}`);
    const wide = width || place.clientWidth;
    const [data, layout] = wide < NARROW ? [untold(figure.data), figure.narrow] : [figure.data, figure.layout];
    return Plotly.react(place, data, { ...layout, width: wide }, config);
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
