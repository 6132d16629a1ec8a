// Elements of the page, made from texts only: nothing that comes from a document is ever read as HTML.

type Attributes = Readonly<Record<string, string | boolean>>;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function button(attributes: Attributes, text: string, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", act);
  return made;
}

export function list(title: string, lines: readonly string[]): HTMLElement {
  const items = lines.map((line) => element("li", {}, line));
  return element("section", {}, element("h2", {}, title), element("ul", {}, ...items));
}

/** The text is our own drawing; parsed as XML, so that nothing in it can become a script. */
export function svgFrom(text: string): SVGSVGElement {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const made = document.importNode(parsed, true);
  return made instanceof SVGSVGElement ? made : document.createElementNS("http://www.w3.org/2000/svg", "svg");
}

export function place(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}
