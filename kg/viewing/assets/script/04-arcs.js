// The surroundings of a node: which nodes, and where. kg/viewing/arcs.py does the same for pictures.

const BEND = 0.9; // how far an arc bends: 0 is a straight column, 1 meets the other side

/**
 * Nodes at most `hops` edges away, at most `most` of them: ranks by how many lines lead to what is there
 * already, then by size. Each ring leaves room for the next. `edges(node)` gives the edges to follow.
 */
function surroundings(centre, hops, most, edges) {
  const order = [centre];
  const parent = new Map([[centre, null]]);
  const depth = new Map([[centre, 0]]);
  let left = 0;
  let ring = [centre];
  for (let hop = 1; hop <= hops; hop++) {
    const found = new Map();
    ring.forEach((from, place) => {
      for (const edge of edges(from)) {
        const node = otherEnd(edge, from);
        if (parent.has(node)) continue;
        const known = found.get(node);
        if (known) known.links += 1;
        else found.set(node, { node, from, place, edge, links: 1 });
      }
    });
    const ranked = [...found.values()].sort(
      (a, b) => b.links - a.links || b.node.size - a.node.size || a.node.n - b.node.n,
    );
    // Each ring leaves room for those after it.
    const kept = ranked.slice(0, Math.max(0, Math.ceil((most - order.length) / (hops - hop + 1))));
    left += ranked.length - kept.length;
    kept.sort(
      (a, b) =>
        a.place - b.place || a.edge.style - b.edge.style || directionOf(a) - directionOf(b) ||
        (b.edge.confidence ?? 0) - (a.edge.confidence ?? 0) || a.node.n - b.node.n,
    );
    ring = kept.map(({ node, from }) => {
      parent.set(node, from);
      depth.set(node, hop);
      return node;
    });
    order.push(...ring);
  }
  return { order, parent, depth, left };
}

const directionOf = ({ edge, from }) => (edge.from === from.n ? 0 : 1);

/**
 * Places on nested arcs left and right of the middle, one row for each outermost node, in -1 to 1 on both
 * axes; and how many rows the longer side has.
 */
function arcs({ order, parent, depth }) {
  const children = new Map(order.map((node) => [node, []]));
  for (const node of order.slice(1)) children.get(parent.get(node)).push(node);
  const rows = new Map();
  for (const node of [...order].reverse()) rows.set(node, Math.max(1, sumOf(children.get(node), rows)));
  const centre = order[0];
  const sides = [[], []];
  const total = sumOf(children.get(centre), rows);
  let before = 0;
  for (const child of children.get(centre)) {
    sides[before + rows.get(child) / 2 <= total / 2 ? 0 : 1].push(child);
    before += rows.get(child);
  }
  sides[1].reverse(); // clockwise: down the right, up the left
  const farthest = Math.max(...depth.values()) || 1;
  const places = new Map([[centre, { x: 0, y: 0, side: 1 }]]);
  const put = (node, side, top, count) => {
    const own = children.get(node);
    let y = (2 * top + 1) / count - 1;
    if (own.length) {
      let row = top;
      for (const child of own) {
        put(child, side, row, count);
        row += rows.get(child);
      }
      y = (places.get(own[0]).y + places.get(own[own.length - 1]).y) / 2;
    }
    const bend = Math.sqrt(1 - (BEND * y) ** 2);
    places.set(node, { x: (side * (depth.get(node) - 1 + bend)) / farthest, y, side });
  };
  const counts = sides.map((side) => sumOf(side, rows));
  sides.forEach((side, n) => {
    let row = 0;
    for (const child of side) {
      put(child, n === 0 ? 1 : -1, row, counts[n]);
      row += rows.get(child);
    }
  });
  return { places, rows: Math.max(...counts), steps: farthest };
}

const sumOf = (nodes, rows) => nodes.reduce((sum, node) => sum + rows.get(node), 0);
