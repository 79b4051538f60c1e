// Painting: lines, nodes and labels on a canvas, on the screen and for a saved picture alike.

const LABEL_GAP = 3;
const LONGEST = 120; // letters of a label, whatever room there is
const FIRST = 8; // names of the map that stand before anything else
const AFAR = 2; // papers of a covered concept that outweigh a pixel between a dot and its name
const ROOM = 6000; // square pixels of the map for each node that is there before any label
let theme = {};

function colourOf(style) {
  return isDark() ? STYLES[style].dark : STYLES[style].light;
}

function isDark() {
  return document.documentElement.dataset.theme === "dark";
}

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  theme = {
    ground: value("--ground"), ink: value("--ink"), soft: value("--soft"), line: value("--edge"),
    lit: value("--edge-lit"), accent: value("--accent"),
    font: getComputedStyle(document.body).fontFamily,
  };
}

/**
 * Paint `view` as `camera` sees it (x, y: what is in the middle; scale), `width` by `height` pixels large.
 * `lit` is the set of nodes that stand out, or null where all do. Returns the labels' boxes and the nodes
 * that found no room.
 */
function paint(canvas, { width, height, camera, lit, chosen, hovered }) {
  const at = ({ x, y }) => [(x - camera.x) * camera.scale + width / 2, (y - camera.y) * camera.scale + height / 2];
  const points = new Map();
  for (const [node, place] of view.places) points.set(node, at(place));
  const radii = radiiOf(points, lit, sizeAt(camera.scale));
  const scene = { canvas, width, height, camera, lit, chosen, hovered, points, radii };
  const arranged = arrange(scene);
  paintLines(scene, arranged);
  paintNodes(scene, arranged);
  paintLabels(scene, arranged);
  return arranged;
}

/** Nodes grow more slowly than the distances between them, so that closer means clearer. */
function sizeAt(scale) {
  return view.size * Math.min(2.2, Math.max(0.55, Math.sqrt(scale)));
}

/** Radius of each node in pixels. What stands out may stand close together: then it is smaller. */
function radiiOf(points, lit, size) {
  const radii = new Map([...points.keys()].map((node) => [node, radiusOf(node) * size]));
  const near = lit ? [...lit].filter((node) => points.has(node)) : [];
  near.forEach((a, n) => {
    for (const b of near.slice(0, n)) {
      const [[ax, ay], [bx, by]] = [points.get(a), points.get(b)];
      const [distance, sum] = [Math.hypot(ax - bx, ay - by) - 1, radii.get(a) + radii.get(b)];
      if (distance >= sum) continue;
      for (const node of [a, b]) radii.set(node, Math.max(2, (radii.get(node) * distance) / sum));
    }
  });
  return radii;
}

function paintLines({ canvas, points, lit, chosen, radii }, { hidden }) {
  const groups = new Map();
  for (const edge of view.edges) {
    const isLit = chosen && (edge.from === chosen.n || edge.to === chosen.n);
    if ((lit && !isLit) || hidden.has(NODES[edge.from]) || hidden.has(NODES[edge.to])) continue;
    const key = `${isLit ? 1 : 0} ${edge.style}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(edge);
  }
  canvas.lineCap = "butt";
  const heads = [...groups].reduce((sum, [key, edges]) => sum + (key[0] === "1" ? edges.length : 0), 0);
  for (const [key, edges] of groups) {
    const isLit = key[0] === "1";
    const style = RELATIONS[edges[0].style];
    const fine = !isLit && !view.focused;
    canvas.strokeStyle = isLit ? theme.lit : theme.line;
    canvas.lineWidth = fine ? 1 : style.width;
    canvas.setLineDash(fine ? [] : style.dash);
    canvas.beginPath();
    for (const edge of edges) {
      const [from, to] = [points.get(NODES[edge.from]), points.get(NODES[edge.to])];
      canvas.moveTo(...from);
      canvas.lineTo(...to);
    }
    canvas.stroke();
    canvas.setLineDash([]);
    // Many heads at one node would be a blot.
    if (isLit && heads <= 12) for (const edge of directed(edges)) paintArrow(canvas, edge, points, radii);
  }
}

/** Without those that say the same from either end. */
const directed = (edges) => edges.filter(({ style }) => RELATIONS[style].forward !== RELATIONS[style].backward);

function paintArrow(canvas, edge, points, radii) {
  const [a, b] = [points.get(NODES[edge.from]), points.get(NODES[edge.to])];
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const gap = radii.get(NODES[edge.to]) + 4;
  if (length < gap + 14) return;
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const [x, y] = [b[0] - ux * gap, b[1] - uy * gap];
  canvas.fillStyle = theme.lit;
  canvas.beginPath();
  canvas.moveTo(x, y);
  canvas.lineTo(x - ux * 8 - uy * 3.5, y - uy * 8 + ux * 3.5);
  canvas.lineTo(x - ux * 8 + uy * 3.5, y - uy * 8 - ux * 3.5);
  canvas.fill();
}

function paintNodes({ canvas, points, lit, chosen, hovered, radii, width, height }, { hidden }) {
  for (const [node, [x, y]] of points) {
    if (x < -40 || y < -40 || x > width + 40 || y > height + 40 || hidden.has(node)) continue;
    canvas.globalAlpha = lit && !lit.has(node) ? 0.14 : 1;
    const radius = radii.get(node);
    if (node === chosen || node === hovered) {
      canvas.strokeStyle = theme.accent;
      canvas.lineWidth = node === chosen ? 3 : 2;
      canvas.beginPath();
      canvas.arc(x, y, radius * 1.2 + 4, 0, 2 * Math.PI);
      canvas.stroke();
    }
    canvas.beginPath();
    const shape = corners(STYLES[node.style].shape);
    if (shape) shape.forEach(([cx, cy], n) => canvas[n ? "lineTo" : "moveTo"](x + cx * radius, y + cy * radius));
    else canvas.arc(x, y, radius, 0, 2 * Math.PI);
    canvas.closePath();
    canvas.fillStyle = colourOf(node.style);
    canvas.fill();
    canvas.strokeStyle = theme.ground;
    canvas.lineWidth = 1;
    canvas.stroke();
  }
  canvas.globalAlpha = 1;
}

// Room for nodes and labels: the most important first. On the whole map a node that finds its place taken
// waits until one comes closer; a label stands where it covers no other, no node, and is not cut.

function fontOf(node) {
  const share = isConcept(node) ? Math.sqrt(node.size / LARGEST) : 0;
  const size = view.focused ? Math.min(12 + 2 * share, view.row / 1.21) : (11 + 4 * share) * letterSize();
  return { size, font: `${share > 0.55 || node === view.centre ? 600 : 400} ${size}px ${theme.font}` };
}

/** A larger map has larger letters. */
const letterSize = () => Math.min(1.3, Math.max(1, view.size));

// What would turn or end a line of text has no place in a label; the joiners of scripts and emoji do.
const unruly = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** `text` on one line, cut to `most` pixels and LONGEST letters; what was cut ends in an ellipsis. */
function shortened(canvas, text, most) {
  const clean = text.replace(unruly, " ").replace(/\s+/g, " ").trim();
  const letters = [...clean];
  const cut = (count) => (count < letters.length ? `${letters.slice(0, count).join("").trimEnd()}…` : clean);
  const fits = (count) => canvas.measureText(cut(count)).width <= most;
  let [low, high] = [0, Math.min(letters.length, LONGEST)];
  if (fits(high)) return cut(high);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return cut(low);
}

/** How much a node is looked at: 0 for what has no label of its own, 2 and more for what must be seen. */
function rankOf(node, { lit, chosen, hovered, camera }) {
  if (node === hovered) return 5;
  if (node === chosen) return 4;
  if (node === view.centre) return 3;
  if (lit) return lit.has(node) ? 2 : -1;
  return isConcept(node) || view.focused || camera.scale > 1.7 ? 1 : 0;
}

const labelMost = (node, width) => {
  if (node === view.centre) return width * 0.6;
  if (!view.focused) return Math.min(190 * letterSize(), width * 0.5);
  return here.hops > 1 ? Math.min(240, width * 0.3) : Math.min(290, width * 0.33);
};

function arrange(scene) {
  const { canvas, points, width, height, radii, lit } = scene;
  const grid = new Grid(64);
  const boxes = [];
  const hidden = new Set();
  const order = [...view.places.keys()]
    .map((node) => ({ node, rank: rankOf(node, scene) }))
    .sort((a, b) => b.rank - a.rank || isConcept(b.node) - isConcept(a.node) || b.node.size - a.node.size || a.node.n - b.node.n);
  const dotOf = (node) => {
    const [x, y] = points.get(node);
    const reach = radii.get(node) + 1;
    return { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach, node };
  };
  const nameOf = (node) => {
    const { size: letters, font } = fontOf(node);
    canvas.font = font;
    const text = shortened(canvas, node.name, labelMost(node, width));
    return { text, font, half: { x: canvas.measureText(text).width / 2, y: letters * 0.6 } };
  };
  const named = new Set();
  const name = (node, label, box) => {
    named.add(node);
    grid.add(box);
    boxes.push({ ...box, text: label.text, font: label.font });
  };
  // The few largest of the map have their names before anything else has its place.
  const first = lit || view.focused ? [] : order.slice(0, FIRST);
  for (const { node } of first) grid.add(dotOf(node));
  for (const { node } of first) {
    const label = nameOf(node);
    const free = roomsFor(node, points.get(node), label.half, radii.get(node), { width, height, wanted: true }).filter((box) => grid.isFree(box));
    const covered = (box) => order.reduce((sum, { node: other }) => sum + (other !== node && meet(box, dotOf(other)) ? other.size + 1 : 0), 0);
    const costs = free.map((box) => covered(box) + AFAR * Math.abs(box.y - points.get(node)[1]));
    if (free.length && label.text) name(node, label, free[costs.indexOf(Math.min(...costs))]);
  }
  // What must be seen, all surroundings, and the largest are there before any other label.
  const largest = Math.ceil(((width * height) / ROOM) * Math.min(1, width / 900));
  const fixed = new Set(order.filter(({ rank }, n) => rank > 1 || view.focused || (!lit && n < largest)).map(({ node }) => node));
  for (const { node, rank } of order) {
    if (!fixed.has(node) || named.has(node)) continue;
    const dot = dotOf(node);
    if (rank > 1 || view.focused || grid.isFree(dot)) grid.add({ ...dot, soft: isPaper(node) && !view.focused });
    else fixed.delete(node);
  }
  for (const { node, rank } of order) {
    const [x, y] = points.get(node);
    if (x < -40 || y < -40 || x > width + 40 || y > height + 40) continue;
    if (!fixed.has(node)) {
      const dot = dotOf(node);
      if (!grid.isFree(dot)) {
        hidden.add(node);
        continue;
      }
      grid.add(dot);
    }
    if (rank < 1 || named.has(node)) continue;
    const label = nameOf(node);
    const ring = node === scene.chosen ? radii.get(node) * 0.2 + 6 : 0;
    const box = label.text && roomFor(node, [x, y], label.half, radii.get(node) + ring, grid, { ...scene, wanted: rank > 2 });
    if (box) name(node, label, box);
  }
  return { labels: boxes, hidden };
}

function paintLabels({ canvas }, { labels }) {
  canvas.textBaseline = "middle";
  canvas.textAlign = "center";
  canvas.lineJoin = "round";
  for (const { text, font, x, y, node } of labels) {
    canvas.font = font;
    canvas.strokeStyle = theme.ground;
    canvas.lineWidth = node === view.centre ? 6 : 3.5;
    canvas.strokeText(text, x, y);
    canvas.fillStyle = theme.ink;
    canvas.fillText(text, x, y);
  }
}

/**
 * The boxes beside a node that are not cut, the best first: outwards in surroundings, below on the map.
 * The names of the largest and of what is looked at (`wanted`) may stand a little off.
 */
function roomsFor(node, [x, y], half, radius, { width, height, wanted }) {
  const side = (sign) => [x + sign * (radius + LABEL_GAP + 2 + half.x), y];
  // Above or below an edge of the map a wide name of the largest is moved inwards.
  const inwards = Math.min(Math.max(x, 8 + half.x), width - 8 - half.x);
  const middle = wanted && Math.abs(inwards - x) < half.x ? inwards : x;
  const below = (more = 0) => [middle, y + radius + LABEL_GAP + half.y + more];
  const above = (more = 0) => [middle, y - radius - LABEL_GAP - half.y - more];
  const beside = view.focused && node !== view.centre;
  const tries = beside ? [side(view.places.get(node).side)] : [below(), above()];
  if (!view.focused) tries.push(side(1), side(-1));
  const large = !view.focused && node.size > LARGEST * 0.3;
  if (wanted || large) for (const more of [6, 12, 18, 24]) tries.push(below(more), above(more));
  return tries
    .map(([cx, cy]) => ({ left: cx - half.x - 3, right: cx + half.x + 3, top: cy - half.y, bottom: cy + half.y, x: cx, y: cy, node }))
    .filter((box) => box.left >= 4 && box.right <= width - 4 && box.top >= 4 && box.bottom <= height - 4);
}

/** The first free of these boxes, undefined where none is; what is looked at covers the squares of papers. */
function roomFor(node, place, half, radius, grid, scene) {
  const boxes = roomsFor(node, place, half, radius, scene);
  const free = boxes.find((box) => grid.isFree(box));
  // In surroundings every label has its row, and the text beside the map names the middle.
  return free || !scene.wanted || view.focused ? free : boxes.find((box) => grid.isFree(box, true)) ?? boxes[0];
}

/** Boxes by the squares of a grid that they touch, so that a new one meets only its neighbours. */
class Grid {
  constructor(step) {
    this.step = step;
    this.cells = new Map();
  }

  *keys({ left, right, top, bottom }) {
    for (let x = Math.floor(left / this.step); x <= Math.floor(right / this.step); x++) {
      for (let y = Math.floor(top / this.step); y <= Math.floor(bottom / this.step); y++) yield x * 4096 + y;
    }
  }

  add(box) {
    for (const key of this.keys(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }

  /** Whether `box` meets nothing of another node; with `over`, soft things do not count. */
  isFree(box, over = false) {
    for (const key of this.keys(box)) {
      for (const other of this.cells.get(key) || []) {
        if (other.node !== box.node && !(over && other.soft) && meet(other, box)) return false;
      }
    }
    return true;
  }
}

const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
