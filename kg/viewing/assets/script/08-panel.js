// The text beside the map: where to start, a concept, a paper, and everything that is drawn as a list.

const FIRST_FEW = 8;
let readOn = false; // a link of the text was followed: reading goes on at the new heading

function fillPanel() {
  byId("about").replaceChildren(...(here.node ? aboutNode(here.node) : aboutAll()));
  byId("about").scrollTop = 0;
  const heading = byId("about").querySelector("h2");
  heading.tabIndex = -1;
  if (readOn) heading.focus({ preventScroll: window.innerWidth > 760 });
  readOn = false;
  if (!byId("list").hidden) fillList();
}

function aboutAll() {
  const parts = [
    make("h2", {}, DATA.title),
    make("p", {}, `${countsOf(DATA.whole)}.`),
    make("p", { class: "soft" },
      "Each dot of colour is a concept, larger the more papers speak of it; each small square is a paper, " +
      "tied to what it speaks of. Choose one to see who proposes it, uses it, compares with it, and the sentence that says so."),
  ];
  if (DATA.leftOut.length) parts.push(make("p", {}, leftOutLine()), ...commandFor(null));
  STYLES.forEach((style, n) => {
    if (!style.concept) return;
    const top = NODES.filter((node) => node.style === n).slice(0, 6);
    if (!top.length) return;
    const bars = top.map((node) =>
      linkTo(node, "", { "aria-label": `${node.name}, ${countLabel(node)}` }));
    bars.forEach((bar, i) =>
      bar.append(icon(n), make("span", { dir: "auto" }, top[i].name),
        make("i", { colour: colourOf(n), width: `${Math.max(3, (60 * top[i].size) / LARGEST)}px` }),
        make("small", {}, top[i].size.toLocaleString("en"))));
    parts.push(make("h3", {}, style.plural, make("small", {}, "papers that speak of it")), make("div", { class: "bars" }, ...bars));
  });
  return parts;
}

function countsOf(counts) {
  return counts.map(([label, many, count]) => plural(count, label, many).replace(/\p{Lu}/u, (c) => c.toLowerCase())).join(", ");
}

function leftOutLine() {
  return `Too large for one page: this file holds the strongest ${NODES.length.toLocaleString("en")} nodes. Left out: ${countsOf(DATA.leftOut)}.`;
}

/** The command that makes a page of what is left out around a node, or around one to be named. */
function commandFor(node) {
  const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
  const name = node ? node.id : "NAME";
  if (/[\p{Cc}\p{Cf}]/u.test(name)) return [];
  const command = `kg view DIR --focus ${quoted(name)} --out page.html`;
  const places = `DIR is the folder of the graph${node ? "" : ", NAME a concept or a paper"}`;
  return [
    make("p", { class: "soft" }, `For more, make a page of its own; ${places}:`),
    make("div", { class: "command" }, make("code", {}, command), copyButton("Copy", () => command, "Command copied")),
  ];
}

function aboutNode(node) {
  const style = STYLES[node.style];
  const parts = [
    make("div", { class: "kind" }, icon(node.style), style.label),
    isPaper(node)
      ? make("h2", { dir: "auto" }, markedField(node, 0))
      : make("h2", { dir: "auto" }, node.name),
    ...(isConcept(node) ? conceptFacts(node) : []),
    ...(isPaper(node) ? [paperFacts(node)] : []),
    ...(!isConcept(node) && !isPaper(node) ? [otherFacts(node)] : []),
    actions(node),
  ];
  if (node.cut) {
    parts.push(make("p", { class: "soft" }, `${plural(node.cut, "relation", "relations")} of it lead to what this file leaves out.`), ...commandFor(node));
  }
  if (isPaper(node)) {
    if (node.info.abstract) parts.push(make("h3", {}, "Abstract"), make("p", { class: "abstract", dir: "auto" }, markedField(node, 1)));
    parts.push(...resultsOf(node));
  }
  parts.push(...neighbours(node));
  return parts;
}

function actions(node) {
  const middle = here.hops > 0 && here.centre === node;
  return make(
    "div",
    { class: "actions" },
    middle ? null : make("button", { type: "button", class: "button", onclick: () => focusOn(node, here.hops || 1) }, "Show its surroundings"),
    copyButton("Copy link", () => (EMBEDDED ? "" : location.href.split("#")[0]) + hashOf(settled({ node, centre: node, hops: 0 })), "Link copied"),
  );
}

function conceptFacts(node) {
  const { aliases = [], alias_counts: counts = [], first_year: year } = node.info;
  const others = aliases.map((name, n) => [name, counts[n]]).filter(([name]) => name !== node.name);
  const facts = [make("p", { class: "soft" }, `${plural(node.size, "paper speaks", "papers speak")} of it${year === undefined ? "" : `, the first from ${year}`}`)];
  if (others.length) {
    const line = make("p", { class: "aliases" }, "Also written ");
    const list = (most) => others.slice(0, most).flatMap(([name, count], n) => [n ? ", " : "", make("bdi", {}, name), count > 1 ? ` (${count})` : ""]);
    line.append(...list(FIRST_FEW));
    if (others.length > FIRST_FEW) {
      const rest = make("button", { type: "button", class: "more" }, `and ${others.length - FIRST_FEW} more`);
      rest.addEventListener("click", () => line.replaceChildren("Also written ", ...list(Infinity)));
      line.append(" ", rest);
    }
    facts.push(line);
  }
  return facts;
}

const RESOLVERS = { doi: "https://doi.org/", arxiv: "https://arxiv.org/abs/", url: "" };

function paperFacts(node) {
  const facts = make("dl", { class: "facts" });
  const fact = (name, ...values) => facts.append(make("dt", {}, name), make("dd", {}, ...values));
  if (node.info.year !== undefined) fact("Year", String(node.info.year));
  for (const [name, resolver] of Object.entries(RESOLVERS)) {
    const value = node.info[name];
    const label = { doi: "DOI", arxiv: "arXiv", url: "Link" }[name];
    if (value) fact(label, outside(resolver + (resolver ? encodeURI(value) : value), value));
  }
  if (node.info.listings?.length) fact("Listed in", make("bdi", {}, node.info.listings.join(", ")));
  return facts;
}

function otherFacts(node) {
  const facts = make("dl", { class: "facts" });
  for (const [name, value] of Object.entries(node.info)) {
    facts.append(make("dt", {}, name.replaceAll("_", " ")), make("dd", { dir: "auto" }, Array.isArray(value) ? value.join(", ") : String(value)));
  }
  return facts;
}

// Results, one row each: the number and what it is of.

function resultsOf(paper) {
  const stated = paper.edges.filter((edge) => edge.from === paper.n && STYLES[NODES[edge.to].style].label === "Result");
  if (!stated.length) return [];
  const columns = RELATIONS.map((relation, n) => ({ relation, n })).filter(({ relation }) => relation.table === "result_concept");
  const used = columns.filter(({ n }) => stated.some((edge) => NODES[edge.to].edges.some((link) => link.style === n)));
  const head = make("tr", {}, make("th", { scope: "col" }, "Result"), ...used.map(({ relation }) => make("th", { scope: "col" }, relation.forward)));
  const rows = stated.map((edge) => {
    const result = NODES[edge.to];
    const of = (n) => result.edges.filter((link) => link.style === n && link.from === result.n).flatMap((link, i) => [i ? ", " : "", linkTo(NODES[link.to], NODES[link.to].name)]);
    const better = result.info.kind === "improvement" ? make("small", { class: "soft" }, " better") : null;
    return make("tr", {}, make("td", {}, linkTo(result, result.name), better), ...used.map(({ n }) => make("td", {}, ...of(n))));
  });
  return [make("h3", {}, "Results", make("small", {}, String(stated.length))), make("table", { class: "results" }, make("thead", {}, head), make("tbody", {}, ...rows))];
}

// The other ends of a node's edges, by relation and direction.

function neighbours(node) {
  const groups = new Map();
  for (const edge of node.edges) {
    if (isPaper(node) && STYLES[otherEnd(edge, node).style].label === "Result") continue;
    const { forward, backward } = RELATIONS[edge.style];
    const key = edge.style * 2 + (edge.from === node.n || forward === backward ? 0 : 1);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(edge);
  }
  return [...groups].sort(([a], [b]) => a - b).flatMap(([key, edges]) => groupOf(node, key, edges));
}

function groupOf(node, key, edges) {
  const relation = RELATIONS[key >> 1];
  const title = key % 2 ? relation.backward : relation.forward;
  const sorted = [...edges].sort(
    (a, b) => (b.more.support ?? 0) - (a.more.support ?? 0) || (b.confidence ?? 0) - (a.confidence ?? 0) || a.e - b.e);
  const list = make("ul", { class: "entries" }, ...sorted.slice(0, FIRST_FEW).map((edge) => entry(node, edge)));
  const parts = [make("h3", { title: relation.meaning }, title, make("small", {}, edges.length.toLocaleString("en"))), list];
  if (sorted.length > FIRST_FEW) {
    const more = make("button", { type: "button", class: "more" }, `Show ${sorted.length - FIRST_FEW} more`);
    let shown = FIRST_FEW;
    more.addEventListener("click", () => {
      const next = sorted.slice(shown, shown + 100);
      list.append(...next.map((edge) => entry(node, edge)));
      list.children[shown].querySelector("a").focus();
      shown += next.length;
      if (shown >= sorted.length) more.remove();
      else more.textContent = `Show ${sorted.length - shown} more`;
    });
    parts.push(more);
  }
  return parts;
}

function entry(node, edge) {
  const other = otherEnd(edge, node);
  const year = isPaper(other) && other.info.year !== undefined ? make("small", {}, ` ${other.info.year}`) : null;
  const as = edge.more.read_as !== undefined && isPaper(other)
    ? make("small", {}, ` read as ${STYLES[edge.more.read_as].label.toLowerCase()}`) : null;
  const quote = isPaper(node) && here.node === node ? null : quoteOf(edge);
  return make(
    "li",
    { class: quote || edge.more.support ? "entry" : "entry dense" },
    make("div", { class: "head" }, icon(other.style), make("span", {}, linkTo(other, other.name), year, as), sureness(edge)),
    quote,
    ...backing(edge),
  );
}

// The list: the same nodes that the map shows, for those who cannot or would not see it.

function fillList() {
  const nodes = [...view.places.keys()];
  const parts = [make("p", { class: "soft" }, `${plural(nodes.length, "node", "nodes")} in this view.`)];
  STYLES.forEach((style, n) => {
    const own = nodes.filter((node) => node.style === n).sort((a, b) => b.size - a.size || a.n - b.n);
    if (!own.length) return;
    parts.push(
      make("h3", {}, style.plural, make("small", {}, String(own.length))),
      make("ul", { class: "entries" }, ...own.map((node) =>
        make("li", { class: "entry dense" }, make("div", { class: "head" }, icon(n),
          linkTo(node, node.name, { "aria-current": node === here.node ? "true" : null }),
          make("small", {}, isConcept(node) ? String(node.size) : ""))))),
    );
  });
  byId("list").replaceChildren(...parts);
}

function chooseTab(name) {
  for (const one of ["about", "list"]) {
    byId(`tab-${one}`).setAttribute("aria-selected", String(one === name));
    byId(`tab-${one}`).tabIndex = one === name ? 0 : -1;
    byId(one).hidden = one !== name;
  }
  if (name === "list") fillList();
}

function startPanel() {
  for (const [name, other] of [["about", "list"], ["list", "about"]]) {
    byId(`tab-${name}`).addEventListener("click", () => chooseTab(name));
    byId(`tab-${name}`).addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      chooseTab(other);
      byId(`tab-${other}`).focus();
    });
  }
}
