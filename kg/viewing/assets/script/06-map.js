// The map: vis-network holds the camera and the nodes that a hand can drag; we paint.

// In surroundings: least and most height of a row, most width of a step, in pixels.
const [LEAST_ROW, MOST_ROW, STEP] = [15, 48, 280];

const MAP_PLACES = new Map(DATA.map.nodes.map(({ id, x, y }) => [NODES[id], { x, y, side: 0 }]));
const MAP_EDGES = DATA.map.edges.map(({ id }) => EDGES[id]);
const ON_MAP = new Set(MAP_PLACES.keys());

/** What is drawn: nodes with their places, edges, the middle of surroundings, and how many did not fit. */
let view = { places: new Map(), edges: [], focused: false, centre: null, left: 0, size: 1 };
let drawn = { labels: [], hidden: new Set() };
let hovered = null;
let drawAll = false; // surroundings larger than the frame, because somebody asked for it
let walker = null; // the node that the arrow keys stand on
let frame = 0;
let network;
let visNodes;
let visEdges;

function makeView() {
  if (!here.hops) {
    const edges = MAP_EDGES.filter(passesEdge);
    const tied = new Set(edges.flatMap((edge) => [NODES[edge.from], NODES[edge.to]]));
    const alone = (node) => MAP_DEGREE.get(node) > 0 && !tied.has(node);
    const places = new Map([...MAP_PLACES].filter(([node]) => node === here.node || (passes(node) && !alone(node))));
    return { places, edges: edges.filter((e) => places.has(NODES[e.from]) && places.has(NODES[e.to])), focused: false, centre: null, left: 0, size: 1 };
  }
  const centre = here.centre;
  const follow = (node) => node.edges.filter((edge) => passesEdge(edge) || (node === centre && passesFrom(edge, centre)));
  const rows = Math.max(16, 2 * Math.floor((byId("canvas").clientHeight - 40) / LEAST_ROW));
  const near = surroundings(centre, here.hops, drawAll ? Infinity : rows, follow);
  const unit = arcs(near);
  const edges = edgesAmong(unit.places, follow);
  return { places: new Map(unit.places), unit, edges, focused: true, centre, left: near.left, size: 1 };
}

const MAP_DEGREE = new Map([...MAP_PLACES.keys()].map((node) => [node, 0]));
for (const edge of MAP_EDGES) for (const end of [edge.from, edge.to]) MAP_DEGREE.set(NODES[end], MAP_DEGREE.get(NODES[end]) + 1);

/** The middle stays, even where its own type is filtered out. */
function passesFrom(edge, centre) {
  const enough = edge.confidence === null || edge.confidence >= filter.confidence;
  return filter.relations[edge.style] && enough && passes(otherEnd(edge, centre));
}

function edgesAmong(places, follow) {
  const edges = new Set();
  for (const node of places.keys()) for (const edge of follow(node)) if (places.has(otherEnd(edge, node))) edges.add(edge);
  return [...edges];
}

function startMap() {
  visNodes = new vis.DataSet();
  visEdges = new vis.DataSet();
  const box = byId("canvas");
  network = new vis.Network(box, { nodes: visNodes, edges: visEdges }, {
    autoResize: true,
    physics: { enabled: false },
    layout: { improvedLayout: false, randomSeed: 1 },
    interaction: { hover: false, selectable: false, keyboard: false, zoomSpeed: 0.6, tooltipDelay: 1e9 },
    nodes: { shape: "custom", ctxRenderer: invisible },
    edges: { hidden: true, smooth: false, length: 60 },
  });
  network.on("afterDrawing", repaint);
  network.on("click", ({ pointer }) => tapped(pointer.DOM));
  network.on("doubleClick", ({ pointer }) => {
    const node = nodeAt(pointer.DOM.x, pointer.DOM.y, 9);
    if (node) focusOn(node, here.hops || 1);
  });
  network.on("resize", () => later(fit));
  network.on("dragEnd", takeOver);
  const canvas = box.querySelector("canvas");
  canvas.setAttribute("aria-hidden", "true");
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch" && !event.buttons) hover(event.offsetX, event.offsetY);
  });
  canvas.addEventListener("pointerleave", () => hover(-1e4, -1e4));
  box.addEventListener("keydown", mapKey);
  box.addEventListener("blur", () => walkTo(null));
}

/** Radius in pixels at scale 1. In surroundings it keeps to its row. */
function radiusOf(node) {
  if (!view.focused) return isConcept(node) ? 4 + 12 * Math.sqrt(node.size / LARGEST) : 3;
  if (node === view.centre) return 11;
  const most = Math.min(12, Math.max(2.5, view.row / 2 - 1));
  return isConcept(node) ? Math.min(most, 5 + 7 * Math.sqrt(node.size / LARGEST)) : Math.min(most, 4.5);
}

/** A node that vis-network can be taken hold of by and does not paint itself. */
function invisible({ id }) {
  const side = 2 * Math.max(7, radiusOf(NODES[id]));
  return { drawNode() {}, nodeDimensions: { width: side, height: side } };
}

function showView() {
  view = makeView();
  stopMoving();
  hovered = null;
  walker = null;
  fit();
}

function placeNodes() {
  visEdges.clear();
  visNodes.clear();
  visNodes.add([...view.places].map(([node, { x, y }]) => ({ id: node.n, x, y })));
}

/** Take the places over from vis-network after a drag, or while nodes move. */
function takeOver() {
  for (const [node, place] of view.places) {
    const own = network.body.nodes[node.n];
    if (own) [place.x, place.y] = [own.x, own.y];
  }
}

function repaint(canvas) {
  if (network.physics.physicsEnabled || dragging()) takeOver();
  const box = canvas.canvas;
  const ratio = box.width / box.clientWidth || 1;
  const { x, y } = network.getViewPosition();
  canvas.save();
  canvas.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawn = paint(canvas, {
    width: box.clientWidth, height: box.clientHeight, camera: { x, y, scale: network.getScale() },
    lit: litNodes(), chosen: here.node, hovered: hovered || walker,
  });
  canvas.restore();
}

const dragging = () => network.interactionHandler.drag.selection?.length > 0;

/** The nodes that stand out: the chosen one and what it is tied to; null where all do. */
function litNodes() {
  const chosen = here.node;
  if (!chosen || !view.places.has(chosen) || chosen === view.centre) return null;
  const lit = new Set([chosen]);
  for (const edge of view.edges) {
    if (edge.from === chosen.n) lit.add(NODES[edge.to]);
    if (edge.to === chosen.n) lit.add(NODES[edge.from]);
  }
  return lit;
}

/**
 * Show everything, stretched to the frame: a label keeps its size, so room is worth more than proportion.
 * Surroundings leave room for the labels at their sides.
 */
function fit() {
  const box = byId("canvas");
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (!view.places.size || !width) return;
  const given = view.focused ? view.unit.places : MAP_PLACES;
  const all = [...given.values()];
  const middle = {};
  const stretch = {};
  for (const axis of ["x", "y"]) {
    const [least, most] = [Math.min(...all.map((p) => p[axis])), Math.max(...all.map((p) => p[axis]))];
    middle[axis] = view.focused ? 0 : (least + most) / 2;
    stretch[axis] = view.focused ? 1 : 2 / Math.max(most - least, 1);
  }
  const rows = view.focused ? Math.max(view.unit.rows, 2) : Infinity;
  const down = Math.min(height / 2 - (view.focused ? 24 : 30), (MOST_ROW * rows) / 2, all.length * 20);
  view.row = (2 * down) / rows;
  const room = view.focused ? labelRoom(width) : Math.min(64, width * 0.08);
  const across = Math.min(Math.max(width / 2 - room, width * 0.1), view.focused ? STEP * view.unit.steps : all.length * 30);
  view.size = view.focused ? 1 : Math.min(1.5, Math.max(0.75, Math.sqrt(Math.min(across / 400, down / 250))));
  for (const node of view.places.keys()) {
    const { x, y, side } = given.get(node);
    view.places.set(node, { x: (x - middle.x) * stretch.x * across, y: (y - middle.y) * stretch.y * down, side });
  }
  placeNodes();
  network.moveTo({ position: { x: 0, y: 0 }, scale: 1 });
}

/** How much room the longest label at a side of the surroundings takes. */
function labelRoom(width) {
  const canvas = byId("canvas").querySelector("canvas").getContext("2d");
  let most = 40;
  for (const node of view.places.keys()) {
    if (node === view.centre) continue;
    canvas.font = fontOf(node).font;
    most = Math.max(most, canvas.measureText(shortened(canvas, node.name, labelMost(node, width))).width);
  }
  return most + 26;
}

function later(task) {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(task);
}

// Pointer and keys.

function pointOf(node) {
  const { x, y } = network.canvasToDOM(view.places.get(node));
  return [x, y];
}

function nodeAt(x, y, reach) {
  let best = null;
  let nearest = Infinity;
  const size = sizeAt(network.getScale());
  for (const node of view.places.keys()) {
    if (drawn.hidden.has(node)) continue;
    const [nx, ny] = pointOf(node);
    const gap = Math.hypot(nx - x, ny - y) - radiusOf(node) * size;
    if (gap < reach && gap < nearest) [best, nearest] = [node, gap];
  }
  if (best) return best;
  const label = drawn.labels.find((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
  return label ? label.node : null;
}

function edgeAt(x, y) {
  const lit = litNodes();
  let best = null;
  let nearest = 5;
  for (const edge of view.edges) {
    if (lit && edge.from !== here.node.n && edge.to !== here.node.n) continue;
    if (!lit && !view.focused) continue; // hair on the whole map has no meaning of its own
    const [a, b] = [pointOf(NODES[edge.from]), pointOf(NODES[edge.to])];
    const gap = distance(x, y, a, b);
    if (gap < nearest) [best, nearest] = [edge, gap];
  }
  return best;
}

function distance(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

function tapped({ x, y }) {
  const node = nodeAt(x, y, 9);
  if (node) go(placeOf(node));
  else if (here.node) unchoose();
}

function unchoose() {
  if (here.hops && here.node !== here.centre) go({ ...here, node: here.centre });
  else go({ node: null, centre: null, hops: 0 });
}

function focusOn(node, hops) {
  go({ node, centre: node, hops });
}

function hover(x, y) {
  const tip = byId("tip");
  const node = nodeAt(x, y, 6);
  const edge = node ? null : edgeAt(x, y);
  byId("canvas").style.cursor = node ? "pointer" : "";
  tip.hidden = !(node || edge);
  if (node) tip.replaceChildren(...nodeTip(node));
  if (edge) tip.replaceChildren(...edgeTip(edge));
  if (!tip.hidden) {
    const box = byId("canvas");
    tip.style.left = `${Math.max(4, Math.min(x + 14, box.clientWidth - tip.offsetWidth - 6))}px`;
    tip.style.top = `${y + 18 + tip.offsetHeight > box.clientHeight - 30 ? y - tip.offsetHeight - 10 : y + 18}px`;
  }
  if (node !== hovered) {
    hovered = node;
    network.redraw();
  }
}

function nodeTip(node) {
  const style = STYLES[node.style];
  const count = countLabel(node);
  return [make("strong", { dir: "auto" }, node.name), make("span", { class: "soft" }, count ? `${style.label}, ${count}` : style.label)];
}

function edgeTip(edge) {
  const style = RELATIONS[edge.style];
  const sure = edge.confidence === null ? "" : `, confidence ${edge.confidence.toFixed(2)}`;
  return [
    make("span", { dir: "auto" }, NODES[edge.from].name),
    make("strong", {}, `${style.forward.toLowerCase()}${sure}`),
    make("span", { dir: "auto" }, NODES[edge.to].name),
  ];
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function mapKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const way = ARROWS[event.key];
  if (way) walk(...way);
  else if (event.key === "Enter" && walker) go(placeOf(walker));
  else return;
  event.preventDefault();
}

/** Go to the nearest node in a direction; sideways counts double. */
function walk(dx, dy) {
  const from = walker ?? here.node;
  const start = from && view.places.has(from) ? pointOf(from) : [byId("canvas").clientWidth / 2, byId("canvas").clientHeight / 2];
  let best = null;
  let least = Infinity;
  for (const node of view.places.keys()) {
    if (node === from || drawn.hidden.has(node) || (!isConcept(node) && !view.focused)) continue;
    const [x, y] = pointOf(node);
    const ahead = (x - start[0]) * dx + (y - start[1]) * dy;
    const aside = Math.abs((x - start[0]) * dy) + Math.abs((y - start[1]) * dx);
    if (ahead > 0 && ahead + 2 * aside < least) [best, least] = [node, ahead + 2 * aside];
  }
  if (best) walkTo(best);
}

function walkTo(node) {
  walker = node;
  if (node) {
    const [x, y] = pointOf(node);
    const box = byId("canvas");
    if (x < 20 || y < 20 || x > box.clientWidth - 20 || y > box.clientHeight - 50) network.moveTo({ position: view.places.get(node) });
    const count = countLabel(node);
    say(`${node.name}, ${STYLES[node.style].label}${count ? `, ${count}` : ""}`);
  }
  network.redraw();
}

function zoom(by) {
  const scale = Math.min(8, Math.max(0.1, network.getScale() * by));
  network.moveTo({ scale });
}

// Movement, only when asked for.

function toggleMoving() {
  if (network.physics.physicsEnabled) {
    stopMoving();
    return;
  }
  visEdges.add(view.edges.filter((e) => e.from !== e.to).map((edge) => ({ id: edge.e, from: edge.from, to: edge.to })));
  network.setOptions({
    physics: {
      enabled: true, solver: "forceAtlas2Based", stabilization: false,
      forceAtlas2Based: { gravitationalConstant: -60, springLength: 70, springConstant: 0.06, avoidOverlap: 0.4 },
    },
  });
  byId("move").setAttribute("aria-pressed", "true");
}

function stopMoving() {
  if (!network.physics.physicsEnabled) return;
  takeOver();
  network.setOptions({ physics: { enabled: false } });
  visEdges.clear();
  byId("move").setAttribute("aria-pressed", "false");
}
