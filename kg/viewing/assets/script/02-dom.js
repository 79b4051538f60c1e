// Elements made from text, never from markup; and the few things that a page asks of its browser.

const byId = (id) => document.getElementById(id);

/**
 * An element with attributes and children; strings become text. Nothing that comes from the data is
 * ever parsed as markup, and attributes are set one by one.
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "colour") element.style.setProperty("--c", value);
    else if (name === "width") element.style.width = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

function makeSvg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Corners of a shape of radius 1 around 0, 0; null for the circle. */
function corners(shape) {
  const ring = (count, turn, inner = 0) =>
    Array.from({ length: inner ? 2 * count : count }, (_, n) => {
      const angle = turn + (2 * Math.PI * n) / (inner ? 2 * count : count);
      const reach = inner && n % 2 ? inner : 1;
      return [reach * Math.cos(angle), reach * Math.sin(angle)];
    });
  const scaled = (points, by) => points.map(([x, y]) => [x * by, y * by]);
  switch (shape) {
    case "circle": return null;
    case "diamond": return scaled(ring(4, 0), 1.2);
    case "triangle": return scaled(ring(3, -Math.PI / 2), 1.25).map(([x, y]) => [x, y + 0.15]);
    case "triangle-down": return scaled(ring(3, Math.PI / 2), 1.25).map(([x, y]) => [x, y - 0.15]);
    case "hexagon": return scaled(ring(6, 0), 1.1);
    case "pentagon": return scaled(ring(5, -Math.PI / 2), 1.12);
    case "star": return scaled(ring(5, -Math.PI / 2, 0.5), 1.35);
    default: return scaled(ring(4, Math.PI / 4), 1.25);
  }
}

function icon(style) {
  const fill = colourOf(style);
  const points = corners(STYLES[style].shape);
  const shape = points
    ? makeSvg("polygon", { points: points.map(([x, y]) => `${(x * 5).toFixed(2)},${(y * 5).toFixed(2)}`).join(" "), fill })
    : makeSvg("circle", { r: 5, fill });
  return makeSvg("svg", { class: "shape", viewBox: "-7 -7 14 14", "aria-hidden": "true" }, shape);
}

function say(text) {
  byId("said").textContent = text;
}

const WEB = /^https?:\/\//i;

/** A link to outside, followed only on a click; text where the address is not one of the web. */
function outside(address, text) {
  if (!WEB.test(address)) return document.createTextNode(text);
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    say(said);
    return true;
  } catch {
    const field = make("textarea", { class: "hidden", readonly: true });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    say(done ? said : "The browser did not allow copying.");
    return done;
  }
}

function copyButton(label, text, said) {
  const button = make("button", { type: "button", class: "button" }, label);
  button.addEventListener("click", async () => {
    button.textContent = (await copy(text(), said)) ? "Copied" : "Could not copy";
    setTimeout(() => { button.textContent = label; }, 1600);
  });
  return button;
}

function save(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
