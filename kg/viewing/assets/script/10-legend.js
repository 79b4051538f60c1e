// The legend, which is the filter: types as chips, and relations, confidence and years on a card.

const PAPER_YEARS = NODES.filter((node) => isPaper(node) && node.info.year !== undefined).map((node) => node.info.year);
const YEARS = PAPER_YEARS.length ? [Math.min(...PAPER_YEARS), Math.max(...PAPER_YEARS)] : null;

function fillTypes() {
  const counts = STYLES.map(() => 0);
  for (const node of NODES) counts[node.style] += 1;
  byId("types").replaceChildren(
    ...STYLES.flatMap((style, n) => {
      if (!counts[n]) return [];
      const chip = make(
        "button",
        { type: "button", class: "chip", "aria-pressed": String(filter.styles[n]), title: `Show or hide ${style.plural.toLowerCase()}: ${style.meaning}` },
        icon(n), style.plural, make("small", {}, counts[n].toLocaleString("en")),
      );
      chip.addEventListener("click", () => {
        filter.styles[n] = !filter.styles[n];
        chip.setAttribute("aria-pressed", String(filter.styles[n]));
        refilter();
      });
      return [chip];
    }),
  );
}

function refilter() {
  byId("filters").classList.toggle("on", filter.relations.includes(false) || filter.confidence > 0 || filter.years !== null);
  refresh({ panel: false });
}

function sample(relation) {
  const line = { x1: 2, x2: 38, y1: 5, y2: 5, "stroke-width": relation.width, "stroke-dasharray": relation.dash.join(" "), "stroke-linecap": "butt" };
  return makeSvg("svg", { viewBox: "0 0 40 10", "aria-hidden": "true" }, makeSvg("line", line));
}

function fillCard() {
  const counts = RELATIONS.map(() => 0);
  for (const edge of EDGES) counts[edge.style] += 1;
  const lines = RELATIONS.flatMap((relation, n) => {
    if (!counts[n]) return [];
    const box = make("input", { type: "checkbox", name: relation.name });
    box.checked = filter.relations[n];
    box.addEventListener("change", () => {
      filter.relations[n] = box.checked;
      refilter();
    });
    return [make("label", { class: "line", title: relation.meaning }, box, sample(relation), relation.forward, make("small", { class: "soft" }, counts[n].toLocaleString("en")))];
  });
  const parts = [make("h2", {}, "Relations"), ...lines];
  if (EDGES.some((edge) => edge.confidence !== null)) parts.push(make("h2", {}, "Confidence"), confidenceSlider());
  if (YEARS && YEARS[0] < YEARS[1]) parts.push(make("h2", {}, "Years of papers"), yearFields());
  const all = make("button", { type: "button", class: "button" }, "Show everything");
  all.addEventListener("click", () => {
    filter.styles.fill(true);
    filter.relations.fill(true);
    filter.confidence = 0;
    filter.years = null;
    fillTypes();
    fillCard();
    byId("filter-card").querySelector(".actions button").focus(); // the one that was pressed is gone
    refilter();
  });
  parts.push(make("div", { class: "actions" }, all));
  byId("filter-card").replaceChildren(...parts);
}

function confidenceSlider() {
  const slider = make("input", { type: "range", min: 0, max: 1, step: 0.05, "aria-label": "Least confidence" });
  const shown = make("output", {}, filter.confidence.toFixed(2));
  slider.value = filter.confidence;
  slider.addEventListener("input", () => {
    filter.confidence = Number(slider.value);
    shown.textContent = filter.confidence.toFixed(2);
    later(refilter);
  });
  return make("div", { class: "pair" }, make("span", {}, "at least"), slider, shown);
}

function yearFields() {
  const range = filter.years ?? YEARS;
  const fields = range.map((year, n) => {
    const field = make("input", { type: "number", min: YEARS[0], max: YEARS[1], "aria-label": n ? "Last year" : "First year" });
    field.value = year;
    return field;
  });
  for (const field of fields) {
    field.addEventListener("input", () => {
      const [first, last] = fields.map((one) => Number(one.value));
      if (!first || !last || first > last) return;
      filter.years = first <= YEARS[0] && last >= YEARS[1] ? null : [first, last];
      later(refilter);
    });
  }
  return make("div", { class: "pair" }, fields[0], make("span", {}, "to"), fields[1]);
}

function startLegend() {
  fillTypes();
  fillCard();
  opens(byId("filters"), byId("filter-card"));
}

/** Let a button open and close a card; a click or the focus elsewhere and Escape close it too. */
function opens(button, card) {
  const set = (open) => {
    card.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    set(card.hidden);
    if (!card.hidden) card.querySelector("input, button")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!card.hidden && !card.contains(event.target) && !button.contains(event.target)) set(false);
  });
  card.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    set(false);
    button.focus();
  });
  card.addEventListener("focusout", ({ relatedTarget: next }) => {
    if (next && !card.contains(next) && !button.contains(next)) set(false);
  });
  card.addEventListener("close-card", () => {
    set(false);
    button.focus();
  });
}
