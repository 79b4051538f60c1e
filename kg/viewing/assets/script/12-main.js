// Everything together.

function refresh({ panel = true } = {}) {
  const key = viewKey();
  if (key !== shownKey) {
    shownKey = key;
    showView();
  }
  if (panel) fillPanel();
  else if (!byId("list").hidden) fillList();
  fillStatus();
  fillHops();
  network.redraw();
  byId("back").disabled = EMBEDDED && trail.at === 0;
  byId("forward").disabled = EMBEDDED && trail.at === trail.past.length - 1;
  document.title = here.node ? `${here.node.name} – ${DATA.title}` : DATA.title;
}

let shownKey = null;

/** What the drawing depends on: a choice within it changes only what is lit. */
function viewKey() {
  const middle = here.hops ? [here.hops, here.centre.n] : [0, ON_MAP.has(here.node) ? "" : here.node?.n ?? ""];
  return JSON.stringify([middle, filter, drawAll]);
}

function fillStatus() {
  const drawnHere = view.places.size;
  const parts = [];
  const number = (count) => count.toLocaleString("en");
  if (!drawnHere) {
    parts.push("The filters leave nothing to draw.");
  } else if (view.left) {
    const all = make("button", { type: "button", class: "more" }, `Draw all ${number(drawnHere + view.left)}`);
    all.addEventListener("click", () => {
      drawAll = true;
      refresh({ panel: false });
    });
    parts.push(`The strongest ${number(drawnHere)} nodes up to ${plural(here.hops, "step", "steps")} away. `, all);
  } else if (view.focused) {
    parts.push(`${plural(drawnHere - 1, "node", "nodes")} up to ${plural(here.hops, "step", "steps")} away.`);
  } else {
    const rest = NODES.length - drawnHere;
    parts.push(rest ? `The strongest ${number(drawnHere)} of ${number(NODES.length)} nodes; search finds the rest.` : `All ${number(drawnHere)} nodes.`);
  }
  if (filtered()) parts.push(" Filtered.");
  if (DATA.leftOut.length) parts.push(` Not in this file: ${countsOf(DATA.leftOut)}.`);
  byId("status").replaceChildren(...parts);
}

function fillHops() {
  const node = here.hops ? here.centre : here.node;
  const whole = make("button", { type: "button", "aria-pressed": String(!here.hops), title: "Whole map (M)" }, "Whole map");
  whole.addEventListener("click", wholeMap);
  const steps = [1, 2, 3].map((hops) => {
    const what = `Only what is up to ${plural(hops, "step", "steps")} away`;
    const button = make("button", { type: "button", "aria-pressed": String(here.hops === hops), title: `${what} (${hops})`, "aria-label": what }, String(hops));
    button.addEventListener("click", () => focusOn(node, hops));
    return button;
  });
  byId("hops").replaceChildren(whole, ...(node ? steps : []), make("span", { "aria-hidden": "true" }, here.hops === 1 ? "step away" : "steps away"));
  byId("hops").hidden = !node;
}

function wholeMap() {
  const node = here.node && ON_MAP.has(here.node) ? here.node : null;
  go({ node, centre: node, hops: 0 });
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  readTheme();
  fillTypes();
}

function startTheme() {
  const wish = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen = false;
  setTheme(wish.matches ? "dark" : "light");
  wish.addEventListener("change", () => {
    if (!chosen) switchTheme(wish.matches ? "dark" : "light");
  });
  byId("theme").addEventListener("click", () => {
    chosen = true;
    switchTheme(isDark() ? "light" : "dark");
  });
}

function switchTheme(name) {
  setTheme(name);
  fillPanel();
  network.redraw();
}

const KEYS = [
  ["/", "search"],
  ["Arrow keys", "on the map: from node to node; in the search: up and down"],
  ["Enter", "open what you are on"],
  ["F, or 1 2 3", "show only the surroundings of the chosen node"],
  ["M", "the whole map"],
  ["L, A", "the list; the text about the chosen node"],
  ["+ − 0", "closer, farther, everything"],
  ["Esc", "close, or choose nothing"],
  ["?", "this help"],
];

function startKeys() {
  const dialog = byId("keys");
  const close = make("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Close");
  dialog.replaceChildren(
    make("h2", {}, "How to read the map"),
    make("p", {}, "Colour and shape say the type, size says how many papers speak of it. Two clicks on a node show only its surroundings. A line is a relation; its kind of stroke is explained under “Relations and filters”. Every line between a paper and a concept comes from a sentence: choose either end to read it."),
    make("h2", {}, "Keys"),
    make("p", {}, "Letters, numbers and signs act while the map has the focus, or nothing has."),
    make("dl", {}, ...KEYS.flatMap(([key, what]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)])),
    close,
  );
  byId("help").addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", pageKey);
}

/** Keys of one character act on the map, or where nothing has the focus: elsewhere they may mean something else. */
function pageKey(event) {
  const typing = event.target.closest?.("input, textarea, select, dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const onMap = event.target === document.body || byId("canvas").contains(event.target);
  if (event.key.length === 1 && !onMap) return;
  const node = walker ?? here.node;
  const acts = {
    "/": () => byId("search").focus(),
    "?": () => byId("keys").showModal(),
    "+": () => zoom(1.3), "=": () => zoom(1.3), "-": () => zoom(1 / 1.3), 0: fit,
    m: wholeMap,
    l: () => chooseTab("list"),
    a: () => chooseTab("about"),
    f: () => node && focusOn(node, 1),
    1: () => node && focusOn(node, 1), 2: () => node && focusOn(node, 2), 3: () => node && focusOn(node, 3),
    Escape: () => (walker ? walkTo(null) : here.node && unchoose()),
  };
  const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function start() {
  startTheme();
  startMap();
  startPanel();
  startSearch();
  startLegend();
  startExport();
  startKeys();
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("panel").focus();
  });
  byId("back").addEventListener("click", () => travel(-1));
  byId("forward").addEventListener("click", () => travel(1));
  byId("closer").addEventListener("click", () => zoom(1.3));
  byId("farther").addEventListener("click", () => zoom(1 / 1.3));
  byId("fit").addEventListener("click", fit);
  byId("move").addEventListener("click", toggleMoving);
  window.addEventListener("hashchange", () => arrive(location.hash));
  document.documentElement.classList.toggle("embedded", EMBEDDED);
  const first = DATA.focus ? hashOf({ node: NODES[DATA.focus.node], centre: NODES[DATA.focus.node], hops: DATA.focus.hops }) : "";
  if (EMBEDDED) trail.past[0] = first;
  const hash = EMBEDDED ? first : location.hash || first;
  if (!EMBEDDED && hash && !location.hash) history.replaceState(null, "", hash);
  arrive(hash);
  document.documentElement.dataset.ready = "true";
  performance.mark("drawn");
}

// For those who script the page, and for its tests: what is drawn, and where.
window.kgView = {
  labels: () => drawn.labels.map(({ left, right, top, bottom, text, node }) => ({ left, right, top, bottom, text, key: keyOf(node) })),
  nodes: () => [...view.places].map(([node, { x, y }]) => ({ key: keyOf(node), x, y, screen: pointOf(node), hidden: drawn.hidden.has(node) })),
  edges: () => view.edges.length,
  find: (text) => find(text).map(({ node }) => keyOf(node)),
};

start();
