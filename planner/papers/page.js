(async () => {
  const NARROW = 560, PRINTED = 672, LONGEST = 20;
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const library = document.createElement("script");
  library.textContent = await new Response(stream).text();
  document.head.append(library);
  const { config, figures } = JSON.parse(document.getElementById("figures").textContent);

  // On a narrow page labels beside the series give way to a legend below, long names are cut, and cells are told by colour alone.
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const narrowed = ({ data, layout }) => {
    const labels = (layout.annotations || []).filter((each) => each.name === "label");
    const own = { ...layout, annotations: (layout.annotations || []).filter((each) => each.name !== "label") };
    own.annotations = own.annotations.map((each) => (each.name === "key" ? { ...each, text: each.text.replaceAll("   ", "<br>") } : each));
    if (labels.length) {
      own.height = layout.height + 22 * labels.length;
      own.margin = { ...layout.margin, r: 8 };
      own.showlegend = true;
      own.legend = { orientation: "h", x: 0, y: -0.18, yanchor: "top", xanchor: "left" };
    } else if (own.annotations.some((each) => each.name === "key")) {
      own.height = layout.height + 54;
      own.margin = { ...layout.margin, b: layout.margin.b + 54 };
    }
    const names = [...new Set(data.flatMap((trace) => trace.y || []))].filter((name) => typeof name === "string");
    if (names.length) own.yaxis = { ...layout.yaxis, tickvals: names, ticktext: names.map((name) => cut(name, LONGEST)), tickfont: { size: 10 } };
    for (const axis of Object.keys(own).filter((key) => key.startsWith("xaxis"))) {
      const { ticktext, tickformat } = own[axis];
      if (ticktext) own[axis] = { ...own[axis], ticktext: ticktext.map((text) => text.replace(/^20(?=\d\d$)/, "’")) };
      if (tickformat === "%Y") own[axis] = { ...own[axis], tickformat: "’%y" };
    }
    return { data: data.map((trace) => (trace.type === "heatmap" ? { ...trace, texttemplate: "" } : trace)), layout: own };
  };
  const draw = (width) => Promise.all(Object.entries(figures).map(([name, figure]) => {
    const place = document.getElementById(`plot-${name}`);
    const wide = width || place.clientWidth;
    const { data, layout } = wide < NARROW ? narrowed(figure) : figure;
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
