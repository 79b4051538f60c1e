// Search over every concept, alias and paper of the file.

const HITS = 12;
let index = null;
let hits = [];
let active = -1;

function makeIndex() {
  index = NODES.filter((node) => isConcept(node) || isPaper(node) || node.name !== node.id).map((node) => {
    const name = plainText(node.name);
    const names = [...new Set((node.info.aliases || []).map(plainText))].filter((alias) => alias && alias !== name);
    return { node, name, names };
  });
}

/** How well `words` are found in `name`: 0 the same, 1 at its beginning, 2 at the beginning of words, 3 inside. */
function fitOf(name, wanted, words) {
  if (name === wanted) return 0;
  if (!words.every((word) => name.includes(word))) return Infinity;
  if (name.startsWith(wanted)) return 1;
  return words.every((word) => name.startsWith(word) || name.includes(` ${word}`)) ? 2 : 3;
}

function find(text) {
  const wanted = plainText(text);
  if (!wanted) return [];
  if (!index) makeIndex();
  const words = wanted.split(" ");
  const found = [];
  for (const { node, name, names } of index) {
    let fit = fitOf(name, wanted, words);
    let alias = -1;
    for (let n = 0; n < names.length && fit > 0; n++) {
      const own = fitOf(names[n], wanted, words) + 0.5;
      if (own < fit) [fit, alias] = [own, n];
    }
    if (fit < Infinity) found.push({ node, fit, alias: alias < 0 ? "" : names[alias] });
  }
  // A concept before the papers that only have its name in their title.
  const rank = ({ node, fit }) => fit + (isConcept(node) ? 0 : 1.2);
  found.sort((a, b) => rank(a) - rank(b) || b.node.size - a.node.size || a.node.name.length - b.node.name.length || a.node.n - b.node.n);
  return found;
}

function showHits() {
  const field = byId("search");
  const list = byId("hits");
  const all = find(field.value);
  hits = all.slice(0, HITS);
  active = hits.length ? 0 : -1;
  const rows = hits.map(({ node, alias }, n) => {
    const row = make(
      "li",
      { role: "option", id: `hit-${n}`, "aria-selected": String(n === active), "aria-label": `${node.name}, ${STYLES[node.style].label}` },
      icon(node.style),
      make("span", { dir: "auto" }, node.name, alias && isConcept(node) ? make("small", {}, ` also ${alias}`) : null),
      make("small", {}, isConcept(node) ? countLabel(node) : node.info.year === undefined ? "" : String(node.info.year)),
    );
    row.addEventListener("click", () => openHit(n));
    return row;
  });
  if (!rows.length && field.value.trim()) rows.push(make("li", { class: "none" }, "Nothing in this file is called so."));
  else if (all.length > HITS) rows.push(make("li", { class: "none" }, `and ${(all.length - HITS).toLocaleString("en")} more: type on`));
  list.replaceChildren(...rows);
  list.hidden = !rows.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  activate(active);
}

function activate(n) {
  active = n;
  [...byId("hits").querySelectorAll('[role="option"]')].forEach((row, i) => {
    row.setAttribute("aria-selected", String(i === n));
    if (i === n) row.scrollIntoView({ block: "nearest" });
  });
  if (n < 0) byId("search").removeAttribute("aria-activedescendant");
  else byId("search").setAttribute("aria-activedescendant", `hit-${n}`);
}

function openHit(n) {
  const hit = hits[n];
  if (!hit) return;
  byId("search").value = "";
  closeHits();
  chooseTab("about");
  go(placeOf(hit.node));
  byId("canvas").focus({ preventScroll: true });
}

function closeHits() {
  hits = [];
  active = -1;
  byId("hits").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
  byId("search").removeAttribute("aria-activedescendant");
}

function startSearch() {
  const field = byId("search");
  field.addEventListener("input", showHits);
  field.addEventListener("focus", () => {
    if (!index) makeIndex();
    if (field.value) showHits();
  });
  field.addEventListener("blur", closeHits);
  // The field keeps the focus while a hit is pressed: without it the list would close before the click.
  byId("hits").addEventListener("mousedown", (event) => event.preventDefault());
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      if (field.value) {
        field.value = "";
        closeHits();
      } else {
        byId("canvas").focus({ preventScroll: true });
      }
    } else if (byId("hits").hidden) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (hits.length) activate((active + (event.key === "ArrowDown" ? 1 : hits.length - 1)) % hits.length);
      event.preventDefault();
    } else if (event.key === "Enter") {
      openHit(active);
    }
  });
}
