// A look at XML that believes nothing: tags must match, attributes be quoted and named once, entities be known.

export interface Xml {
  /** The values of all `data-id`. */
  readonly ids: readonly string[];
  /** The texts of all `title`. */
  readonly titles: readonly string[];
  /** All `text`, with a space for each end of a line. */
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** Throws at the first thing that is not well-formed. */
export function parseXml(text: string): Xml {
  const [ids, titles, texts]: [string[], string[], string[]] = [[], [], []];
  const open: string[] = [];
  const tag = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf("<", at);
    const between = text.slice(at, next === -1 ? text.length : next);
    const content = plain(between);
    if (open.at(-1) === "title") titles.push(content);
    if (open.includes("text")) texts.push(content);
    if (open.length === 0 && content.trim() !== "") throw new Error(`text outside of the root: ${content}`);
    if (next === -1) break;
    tag.lastIndex = next;
    const found = tag.exec(text);
    if (found === null) throw new Error(`no tag: ${text.slice(next, next + 60)}`);
    const [whole, closes, name = "", attributes = "", isEmpty] = found;
    if (closes === "/") {
      const expected = open.pop();
      if (expected !== name) throw new Error(`</${name}> closes <${expected}>`);
    } else {
      const names = new Set<string>();
      for (const [, key = "", value = ""] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
        if (names.has(key)) throw new Error(`two ${key} in ${whole}`);
        names.add(key);
        if (key === "data-id") ids.push(plain(value));
      }
      if (isEmpty !== "/") open.push(name);
    }
    at = next + whole.length;
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(", ")}`);
  return { ids, titles, text: texts.join(" ") };
}

function plain(text: string): string {
  return text.replace(/&(\w*;?)/g, (_, name: string) => {
    const known = name.endsWith(";") ? entities[name.slice(0, -1)] : undefined;
    if (known === undefined) throw new Error(`no entity: &${name}`);
    return known;
  });
}
