// What is looked at (in the address, so that Back works and links can be copied) and what is filtered out.

const filter = {
  styles: STYLES.map(() => true),
  relations: RELATIONS.map(() => true),
  confidence: 0,
  years: null, // [first, last], or null for all
};

/**
 * `node` is what the panel tells of, or null. With `hops` above 0 the map shows only what is near `centre`;
 * with 0 it is the whole map.
 */
let here = { node: null, centre: null, hops: 0 };

// A page inside another one, such as a notebook, keeps its own history and leaves the outer one alone.
const EMBEDDED = window.self !== window.top;
const trail = { past: [""], at: 0 };

const encoded = (node) => encodeURIComponent(keyOf(node)).replaceAll("%2F", "/");

function hashOf({ node, centre, hops }) {
  if (node === null) return "";
  const around = hops && centre !== node ? `&around=${encoded(centre)}` : "";
  return `#${encoded(node)}${hops ? `?hops=${hops}${around}` : ""}`;
}

function nodeOf(key) {
  try {
    return BY_KEY.get(decodeURIComponent(key)) ?? null;
  } catch {
    return null; // a half percent code: somebody else's link
  }
}

function readHash(hash) {
  const [key, query = ""] = hash.replace(/^#/, "").split("?", 2);
  const node = nodeOf(key);
  if (node === null) return { node, centre: null, hops: 0, unknown: key };
  const [, hops = "0", around] = /^hops=([1-3])(?:&around=(.+))?$/.exec(query) ?? [];
  return { node, centre: (around && nodeOf(around)) || node, hops: Number(hops), unknown: "" };
}

/** A node that the whole map does not show is shown with its surroundings. */
function settled(place) {
  if (place.node && !place.hops && !ON_MAP.has(place.node)) return { node: place.node, centre: place.node, hops: 1 };
  return place;
}

/** Where a click on `node` leads: what is drawn is told of, anything else becomes the middle. */
function placeOf(node) {
  if (here.hops && view.places.has(node)) return { ...here, node };
  return settled({ node, centre: node, hops: ON_MAP.has(node) && !here.hops ? 0 : here.hops || 1 });
}

function go(place) {
  const hash = hashOf(settled(place));
  if (EMBEDDED) {
    if (hash !== trail.past[trail.at]) {
      trail.past.splice(trail.at + 1, Infinity, hash);
      trail.at += 1;
    }
    arrive(hash);
  } else if (hash === location.hash) {
    arrive(hash);
  } else if (hash) {
    location.hash = hash; // the browser tells of it, and `arrive` follows
  } else {
    history.pushState(null, "", location.pathname + location.search);
    arrive("");
  }
}

function travel(steps) {
  if (!EMBEDDED) {
    history.go(steps);
    return;
  }
  const at = trail.at + steps;
  if (at < 0 || at >= trail.past.length) return;
  trail.at = at;
  arrive(trail.past[at]);
}

/** Show what an address names. */
function arrive(hash) {
  const { unknown, ...place } = readHash(hash);
  const before = here;
  here = settled(place);
  if (here.centre !== before.centre || here.hops !== before.hops) drawAll = false;
  if (here.node && here.node !== before.node) chooseTab("about");
  if (unknown) say("This link leads to nothing in this file.");
  refresh();
}

function linkTo(node, text, attributes = {}) {
  const link = make("a", { href: hashOf(placeOf(node)), dir: "auto", ...attributes }, text);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    readOn = byId("panel").contains(link);
    go(placeOf(node));
  });
  return link;
}

// What the filters let through.

/** The years are those of papers: everything else passes, and papers whose year nobody says. */
function passesYear(node) {
  const { year } = node.info;
  if (!filter.years || !isPaper(node) || year === undefined) return true;
  return year >= filter.years[0] && year <= filter.years[1];
}

const passes = (node) => filter.styles[node.style] && passesYear(node);

function passesEdge(edge) {
  return (
    filter.relations[edge.style] &&
    (edge.confidence === null || edge.confidence >= filter.confidence) &&
    passes(NODES[edge.from]) &&
    passes(NODES[edge.to])
  );
}

const filtered = () =>
  filter.styles.includes(false) || filter.relations.includes(false) || filter.confidence > 0 || filter.years !== null;
