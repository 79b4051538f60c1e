// Quotes with their mentions marked, abstracts with every concept marked.

/** Text with marks: `marks` are { start, end, style, node }, in order and not overlapping. */
function marked(text, from, to, marks) {
  const pieces = document.createDocumentFragment();
  let at = from;
  for (const mark of marks) {
    if (mark.start < at || mark.end > to) continue;
    pieces.append(text.slice(at, mark.start));
    const own = text.slice(mark.start, mark.end);
    const style = STYLES[mark.style];
    const order = STYLES.filter((s) => s.concept).indexOf(style);
    const chosen = mark.node && mark.node === here.node;
    pieces.append(
      make(
        "mark",
        { class: `s${order}${chosen ? " chosen" : ""}`, colour: colourOf(mark.style), title: markTitle(mark) },
        mark.node && !chosen ? linkTo(mark.node, own) : own,
      ),
    );
    at = mark.end;
  }
  pieces.append(text.slice(at, to));
  return pieces;
}

function markTitle({ style, edge, node }) {
  const type = STYLES[style].label;
  if (!edge) return node ? `${type}: ${node.name}` : type;
  return `${type}, ${RELATIONS[edge.style].forward.toLowerCase()}: ${node.name}`;
}

/** The sentence that an edge was read from, its mention marked; null where it has none or its paper is not here. */
function quoteOf(edge) {
  const paper = NODES[edge.from];
  if (!edge.place) return edge.more.quote ? make("blockquote", { dir: "auto" }, edge.more.quote) : null;
  const [field, start, end, first, last] = edge.place;
  const other = NODES[edge.to];
  const style = isConcept(other) && edge.more.read_as !== undefined ? edge.more.read_as : other.style;
  const text = textOf(paper, field);
  return make("blockquote", { dir: "auto" }, marked(text, first, last, [{ start, end, style, node: other, edge }]));
}

/** A field of a paper with every concept marked. */
function markedField(paper, field) {
  const text = textOf(paper, field);
  const marks = (paper.info.marks || [])
    .filter(([where]) => where === field)
    .map(([, start, end, style, e]) => {
      const edge = e < 0 ? null : EDGES[e];
      return { start, end, style, edge, node: edge && NODES[edge.to] };
    });
  return marked(text, 0, text.length, marks);
}

function sureness(edge) {
  if (edge.confidence === null) return null;
  const text = edge.confidence.toFixed(2);
  return make(
    "span",
    { class: "sure", title: `Confidence ${text}` },
    make("i", { "aria-hidden": "true" }, make("b", { width: `${Math.round(edge.confidence * 100)}%` })),
    make("span", { class: "hidden" }, "confidence "),
    text,
  );
}

/** What an edge says besides its ends: support, years, the papers and sentences it comes from. */
function backing(edge) {
  const parts = [];
  const facts = Object.entries(edge.more)
    .filter(([name, value]) => typeof value !== "object" && !["quote", "read_as"].includes(name))
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${typeof value === "number" ? Number(value.toFixed(3)) : value}`);
  if (facts.length) parts.push(make("div", { class: "soft indent" }, facts.join(" · ")));
  for (const [name, places] of Object.entries(edge.more.nodes || {})) {
    if (name === "paper_ids" && edge.more.edges) continue; // their sentences say it better
    const links = places.slice(0, 6).flatMap((n, i) => [i ? ", " : "", linkTo(NODES[n], NODES[n].name)]);
    if (places.length > 6) links.push(` and ${places.length - 6} more`);
    parts.push(make("div", { class: "soft indent" }, `${name.replaceAll("_", " ").replace(/ ids$/, "s")}: `, ...links));
  }
  const from = (edge.more.edges || []).map((e) => EDGES[e]);
  const byPaper = new Map();
  for (const one of from) if (!byPaper.has(paperOf(one))) byPaper.set(paperOf(one), one);
  [...byPaper].slice(0, 2).forEach(([paper, one]) => {
    const quote = quoteOf(one);
    if (quote && paper) quote.append(" — ", linkTo(paper, paper.name, { class: "from" }));
    parts.push(quote);
  });
  if (byPaper.size > 2) parts.push(make("div", { class: "soft indent" }, `and ${plural(byPaper.size - 2, "more paper", "more papers")}`));
  return parts;
}
