// The current view as a picture and as lists.

const PICTURE_RATIO = 2;

function savePicture() {
  const box = byId("canvas");
  const [width, height] = [box.clientWidth, box.clientHeight];
  const [head, foot] = [34, 34];
  const picture = make("canvas");
  picture.width = width * PICTURE_RATIO;
  picture.height = (height + head + foot) * PICTURE_RATIO;
  const canvas = picture.getContext("2d");
  canvas.scale(PICTURE_RATIO, PICTURE_RATIO);
  canvas.fillStyle = theme.ground;
  canvas.fillRect(0, 0, width, height + head + foot);
  canvas.save();
  canvas.translate(0, head);
  const { x, y } = network.getViewPosition();
  paint(canvas, { width, height, camera: { x, y, scale: network.getScale() }, lit: litNodes(), chosen: here.node, hovered: null });
  canvas.restore();
  canvas.textBaseline = "middle";
  canvas.textAlign = "left";
  canvas.font = `600 15px ${theme.font}`;
  canvas.fillStyle = theme.ink;
  const caption = view.centre ? `${DATA.title}: ${view.centre.name}` : DATA.title;
  canvas.fillText(shortened(canvas, caption, width - 32), 16, head / 2 + 2);
  paintLegend(canvas, width, head + height + foot / 2);
  picture.toBlob((blob) => save(`${fileName()}.png`, blob), "image/png");
  say("Picture saved");
}

function paintLegend(canvas, width, y) {
  canvas.font = `12.5px ${theme.font}`;
  let x = 20;
  const shown = new Set([...view.places.keys()].map((node) => node.style));
  STYLES.forEach((style, n) => {
    if (!shown.has(n)) return;
    const text = canvas.measureText(style.plural).width;
    if (x + text + 20 > width) return;
    const points = corners(style.shape);
    canvas.fillStyle = colourOf(n);
    canvas.beginPath();
    if (points) points.forEach(([cx, cy], i) => canvas[i ? "lineTo" : "moveTo"](x + cx * 5, y + cy * 5));
    else canvas.arc(x, y, 5, 0, 2 * Math.PI);
    canvas.fill();
    canvas.fillStyle = theme.soft;
    canvas.fillText(style.plural, x + 11, y);
    x += text + 34;
  });
}

function fileName() {
  const name = view.centre ? plainText(view.centre.name) : "map";
  return `kg-${name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "map"}`;
}

/** A cell of CSV: what a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value) {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = typeof value === "string" && /^\s*[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function saveTable(name, columns, rows) {
  const lines = [columns, ...rows].map((row) => row.map(cell).join(","));
  save(name, new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" }));
  say("List saved");
}

function saveNodes() {
  const rows = [...view.places.keys()].map((node) => [STYLES[node.style].label, node.name, isConcept(node) ? node.size : "", isPaper(node) ? node.info.year : node.info.first_year, keyOf(node)]);
  saveTable(`${fileName()}-nodes.csv`, ["type", "name", "papers", "year", "key"], rows);
}

function saveRelations() {
  const rows = view.edges.map((edge) => {
    const [from, to] = [NODES[edge.from], NODES[edge.to]];
    const quote = edge.place ? textOf(from, edge.place[0]).slice(edge.place[3], edge.place[4]) : edge.more.quote ?? "";
    return [STYLES[from.style].label, from.name, RELATIONS[edge.style].name, STYLES[to.style].label, to.name, edge.confidence, quote];
  });
  saveTable(`${fileName()}-relations.csv`, ["from_type", "from", "relation", "to_type", "to", "confidence", "quote"], rows);
}

function startExport() {
  const menu = byId("export-menu");
  const item = (name, hint, act) =>
    make("button", { type: "button", onclick: () => { menu.dispatchEvent(new Event("close-card")); act(); } }, name, make("small", {}, hint));
  menu.replaceChildren(
    item("Picture (PNG)", "the map as it is now", savePicture),
    item("List of nodes (CSV)", "what the map shows", saveNodes),
    item("List of relations (CSV)", "with the sentence of each", saveRelations),
  );
  opens(byId("export"), menu);
}
