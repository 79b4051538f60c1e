// The graph that this file holds: columns unpacked into nodes and edges, and what hangs on what.

const DATA = JSON.parse(document.getElementById("data").textContent);
const STYLES = DATA.styles;
const RELATIONS = DATA.relations;
const NODES = [];
const EDGES = [];

const plainText = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}+#.*]+/gu, " ").trim();

function unpack() {
  const { style, id, name, size, cut, info } = DATA.nodes;
  for (let n = 0; n < id.length; n++) {
    NODES.push({
      n, style: style[n], id: id[n], name: name[n], size: size[n], cut: cut[n], info: info[n] || {}, edges: [],
    });
  }
  const columns = DATA.edges;
  for (let e = 0; e < columns.from.length; e++) {
    const edge = {
      e, style: columns.style[e], from: columns.from[e], to: columns.to[e],
      confidence: columns.confidence[e], place: columns.place[e], more: columns.more[e] || {},
    };
    EDGES.push(edge);
    NODES[edge.from].edges.push(edge);
    if (edge.to !== edge.from) NODES[edge.to].edges.push(edge);
  }
}
unpack();

const BY_KEY = new Map(NODES.map((node) => [keyOf(node), node]));
const PAPER = STYLES.findIndex((style) => style.label === "Paper");
const isPaper = (node) => node.style === PAPER;
const isConcept = (node) => STYLES[node.style].concept;
const otherEnd = (edge, node) => NODES[edge.from === node.n ? edge.to : edge.from];
const LARGEST = NODES.reduce((most, node) => (isConcept(node) ? Math.max(most, node.size) : most), 1);

/** What names a node in a link: a concept's id, which begins with its type, or the label and the id. */
function keyOf(node) {
  const style = STYLES[node.style];
  return style.concept ? node.id : `${style.label.toLowerCase()}/${node.id}`;
}

/** The text of a field of a paper, in which an edge's place is counted in UTF-16 units. */
function textOf(node, field) {
  return field === 0 ? node.name : node.info.abstract || "";
}

const plural = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

function countLabel(node) {
  if (!isConcept(node)) return "";
  return plural(node.size, "paper", "papers");
}

/** The paper that an edge was read from, or undefined. */
function paperOf(edge) {
  return [NODES[edge.from], NODES[edge.to]].find(isPaper);
}
