// Fields of a page live in its address: a link shows the same again. Nothing here talks to anybody.
(() => {
  const wanted = matchMedia("(prefers-color-scheme: dark)").matches;
  const said = new URLSearchParams(location.search);
  if (wanted && !said.has("theme")) {
    said.set("theme", "dark");
    history.replaceState(history.state, "", `${location.pathname}?${said}`);
  }
  const following = {};
  // Dash names no handle of a slider and no list; each takes the label of its field.
  const named = () => {
    for (const field of document.querySelectorAll(".field")) {
      const label = field.querySelector("label");
      for (const control of field.querySelectorAll("[role=slider], input, button, textarea")) {
        if (control.dataset.named || control.getAttribute("aria-hidden")) continue;
        control.dataset.named = "yes";
        const own = control.getAttribute("aria-labelledby");
        control.setAttribute("aria-labelledby", own ? `${label.id} ${own}` : label.id);
      }
    }
  };
  new MutationObserver(named).observe(document.documentElement, { childList: true, subtree: true });
  // The numbers of a figure come, as a table that the server has made, when somebody opens them.
  document.addEventListener("toggle", async ({ target }) => {
    const place = target.open && target.querySelector("[data-numbers]");
    if (!place || place.childElementCount) return;
    const answer = await fetch(place.dataset.numbers);
    if (answer.ok) place.innerHTML = await answer.text();
    else place.textContent = "…";
  }, true);
  // Dash takes the number beside a slider when its box is left; Enter means the same.
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Enter" || !target.matches(".dash-range-slider-input")) return;
    target.blur();
    target.focus();
  });
  const at = (path, fields) => `${path}${[...fields].length ? `?${fields}` : ""}`;
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    planner: {
      width: () => innerWidth,
      // Shows how far a job is until it has ended, then tells the page to draw its answer.
      follow: async (job) => {
        const { no_update, set_props } = dash_clientside;
        if (!job) return no_update;
        following[job.page] = job.id;
        for (let seen = -1; ; ) {
          let news;
          try {
            news = await (await fetch(`/job/${job.id}?seen=${seen}&lang=${job.lang}`)).json();
          } catch {
            news = { state: "failed", ended: true, words: "planner is not running any more." };
          }
          // A newer question has taken the place of this one, and its words the place of these.
          if (following[job.page] !== job.id) return no_update;
          set_props(`${job.page}-status`, { children: news.words });
          set_props(`${job.page}-cancel`, { disabled: news.ended });
          if (news.ended) return news.state === "cancelled" ? no_update : { id: job.id, state: news.state };
          seen = news.seen;
        }
      },
      // Saves the file that a job has made.
      save: (job) => {
        if (!job || job.state !== "done") return dash_clientside.no_update;
        const link = document.createElement("a");
        link.href = `/job/${job.id}/file`;
        link.download = "";
        link.click();
        return job.id;
      },
      cancel: (clicks, job) => {
        if (clicks && job) fetch(`/job/${job.id}/cancel`, { method: "POST" });
      },
      // Writes what fields say into the address, and into the links that lead on.
      address: (values, pin, ids, defaults, links) => {
        const fields = new URLSearchParams(location.search);
        ids.forEach(({ name }, place) => {
          const value = values[place];
          const text = value === null || value === undefined ? "" : String(value);
          if (text === (defaults[name] ?? "")) fields.delete(name);
          else fields.set(name, text);
        });
        if (pin === null || pin === undefined) fields.delete("pin");
        else fields.set("pin", pin);
        history.replaceState(history.state, "", at(location.pathname, fields));
        return links.map(({ path, set }) => {
          const own = new URLSearchParams(fields);
          for (const [name, value] of Object.entries(set)) own.set(name, value);
          return at(path === "." ? location.pathname : path, own);
        });
      },
    },
  });
})();
