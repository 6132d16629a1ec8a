// Rename: every place that spells the name, in all files, and a trial of the result. A rename is offered only if the
// renamed texts mean what they meant: the same findings, and every name stands for what it stood for.

import { createPlaces } from "../analysis/places.ts";
import { createRuns } from "../analysis/runs.ts";
import { type View, viewWith } from "../analysis/session.ts";
import { editedDocument } from "../analysis/what-if.ts";
import type { Finding, Place } from "../base/finding.ts";
import type { Library } from "../semantics/link.ts";
import { SHIPPED } from "../semantics/shipped.ts";
import { isBuiltIn, type Placed, type Role, symbolAt } from "./symbols/index.ts";
import { everywhere } from "./symbols/workspace.ts";

export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface FileEdit {
  readonly uri: string;
  readonly edits: readonly TextEdit[];
}

export type Prepared =
  | { readonly ok: true; readonly start: number; readonly end: number; readonly name: string }
  | Refused;

export interface Refused {
  readonly ok: false;
  /** Lower case, no full stop. */
  readonly message: string;
}

export type Renamed = { readonly ok: true; readonly files: readonly FileEdit[] } | Refused;

const refused = (message: string): Refused => ({ ok: false, message });

/** What would be renamed; spans are without quotes. */
export function prepareRename(view: View, offset: number): Prepared {
  const symbols = symbolAt(view, offset).filter(({ spelled }) => spelled);
  const [first] = symbols;
  if (first === undefined) return refused("there is no name to change here");
  const { text } = view.document;
  const span = insideQuotes(text, first);
  const name = text.slice(span.start, span.end);
  const foreign = symbols.map((symbol) => whyFixed(symbol, name)).find((why) => why !== null);
  return foreign === undefined || foreign === null ? { ok: true, ...span, name } : refused(foreign);
}

function whyFixed({ key, role }: Pick<Placed, "key" | "role">, name: string): string | null {
  if (key === "built-in|task main") return "`main` is the task that every scenario has";
  if (isBuiltIn(key)) return `\`${name}\` is a word of the language`;
  const shipped = key.startsWith(SHIPPED) || key.startsWith(`local|${SHIPPED}`);
  if (!shipped) return null;
  const file = key.slice(key.indexOf(SHIPPED) + SHIPPED.length).replace(/[|#].*$/, "");
  return `the ${words[role] ?? role} \`${name}\` is declared in ${file}, which comes with the tool and is the same for everyone`;
}

const words: Partial<Record<Role, string>> = {
  operation: "call",
  word: "enum value",
  result: "result field",
};

/** `views`: all files that may name it, the one with the cursor among them. */
export function renameAt(views: readonly View[], view: View, offset: number, name: string): Renamed {
  const prepared = prepareRename(view, offset);
  if (!prepared.ok) return prepared;
  if (prepared.name === name) return { ok: true, files: [] };
  const all = everywhere(views);
  const keys = together(
    all,
    symbolAt(view, offset).map(({ key }) => key),
  );
  const meant = all.filter(({ key, spelled }) => spelled && keys.has(key));
  const fixed = meant.map((each) => whyFixed(each, prepared.name)).find((why) => why !== null);
  if (fixed !== undefined && fixed !== null) return refused(fixed);
  const bad = whyNoName(name, meant);
  if (bad !== null) return refused(bad);
  const found = byFileName(meant, prepared.name);
  if (found !== null) return refused(found);

  const texts = new Map(views.map((each) => [each.uri, each.document.text]));
  const files = new Map<string, Map<number, TextEdit>>();
  for (const each of meant) {
    const text = texts.get(each.uri);
    if (text === undefined) return refused(`${each.uri} also names it, and is no file of the workspace`);
    const edit = editOf(text, each, name);
    files.set(each.uri, (files.get(each.uri) ?? new Map<number, TextEdit>()).set(edit.start, edit));
  }
  const edits = [...files].map(
    ([uri, ofFile]): FileEdit => ({ uri, edits: [...ofFile.values()].sort((a, b) => a.start - b.start) }),
  );
  const why = whyNot(views, all, edits, { from: prepared.name, to: name });
  return why === null ? { ok: true, files: edits } : refused(why);
}

/** All symbols that some place spells together with these: a field that two kinds have is renamed in both. */
function together(all: readonly Placed[], start: readonly string[]): Set<string> {
  const keys = new Set(start);
  const bySpan = new Map<string, string[]>();
  for (const { uri, start: at, end, key, spelled } of all) {
    if (!spelled) continue;
    const id = `${uri} ${at} ${end}`;
    bySpan.set(id, [...(bySpan.get(id) ?? []), key]);
  }
  const groups = [...bySpan.values()].filter(({ length }) => length > 1);
  for (let before = -1; before !== keys.size; ) {
    before = keys.size;
    for (const group of groups)
      if (group.some((key) => keys.has(key))) for (const key of group) keys.add(key);
  }
  return keys;
}

const word = /^[A-Za-z_][A-Za-z0-9_]*$/;
const anyName = /^[^"\\\r\n]+$/;
const looseRoles: ReadonlySet<Role> = new Set(["topology", "iommu", "group", "device", "task"]);
const reserved = new Set(
  "none true false caller kernel NULL and or not in is if then else where new self".split(" "),
);

function whyNoName(name: string, meant: readonly Placed[]): string | null {
  if (reserved.has(name)) return `\`${name}\` is a word of the language`;
  if (word.test(name)) return null;
  const loose = meant.every(({ role }) => looseRoles.has(role));
  if (loose && anyName.test(name)) return null;
  return `\`${name}\` is no name: names are letters, digits and \`_\`, and start with no digit`;
}

function byFileName(meant: readonly Placed[], name: string): string | null {
  const found = meant.find(
    ({ key, uri }) =>
      key.endsWith(`|proposal ${name}`) &&
      `/${key.slice(0, key.lastIndexOf("|"))}`.endsWith(`/${name}.uapi`) &&
      uri !== key.slice(0, key.lastIndexOf("|")),
  );
  return found === undefined
    ? null
    : `other files find the proposal \`${name}\` by the name of its file, ${name}.uapi: rename that as well, by hand`;
}

function insideQuotes(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): {
  readonly start: number;
  readonly end: number;
} {
  const quoted = text[start] === '"' && end - start > 1;
  return quoted ? { start: start + 1, end: end - 1 } : { start, end };
}

/** Odd names need quotes, unless they stand inside of some. */
function editOf(text: string, at: Placed, name: string): TextEdit {
  const span = insideQuotes(text, at);
  const isQuoted = span.start !== at.start || text[at.start - 1] === '"' || text[at.start - 1] === "/";
  const bare = /^[0-9A-Za-z_]+$/.test(name) || isQuoted;
  return { ...span, text: bare ? name : `"${name}"` };
}

// ---------------------------------------------------------------- the trial

interface Names {
  readonly from: string;
  readonly to: string;
}

/** Why the renamed texts mean something else; null when they do not. */
function whyNot(
  views: readonly View[],
  before: readonly Placed[],
  files: readonly FileEdit[],
  { from, to }: Names,
): string | null {
  const [one] = views;
  if (one === undefined) return null;
  const edited = new Map(files.map(({ uri, edits }) => [uri, edits]));
  const documents = new Map(
    views.map(({ uri, document }) => [uri, editedDocument(document, edited.get(uri) ?? [])]),
  );
  const library = one.work.texts;
  const texts: Library = {
    resolve: library.resolve,
    document: (uri) => documents.get(uri) ?? library.document(uri),
  };
  // What does not change is not compiled again; the runs of the texts as they are stay as they are.
  const work = { ...one.work, texts, places: createPlaces(texts), runs: createRuns() };
  const moved = (place: Place): Place => movedBy(place, edited.get(place.uri) ?? []);
  const after: View[] = [];
  for (const view of views) {
    const now = viewWith(work, view.uri, documents.get(view.uri) ?? view.document);
    after.push(now);
    const wanted = new Set(view.analysis.findings.map((finding) => findingKey(moved(finding), finding)));
    const fresh = now.analysis.findings.find((finding) => !wanted.has(findingKey(finding, finding)));
    if (fresh !== undefined)
      return `with \`${to}\` for \`${from}\` there would be an error: ${fresh.message}`;
    if (now.analysis.findings.length !== view.analysis.findings.length)
      return `with \`${to}\` for \`${from}\` the findings in ${view.uri} would change`;
  }
  const same = meaning(before.map((each) => ({ ...each, ...moved(each) }))) === meaning(everywhere(after));
  return same ? null : `\`${to}\` already stands for something else where \`${from}\` is used`;
}

const findingKey = (place: Place, { code, severity }: Finding): string =>
  `${place.uri} ${place.start} ${place.end} ${code} ${severity}`;

/** Who is called the same as whom, without the names themselves. */
function meaning(occurrences: readonly Placed[]): string {
  const first = new Map<string, number>();
  const places = occurrences.map((each) => ({
    ...each,
    at: `${each.uri} ${each.start} ${each.end} ${each.role}`,
  }));
  places.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.key < b.key ? -1 : 1));
  // Several symbols of one place are told by where else they are, so the first place of each comes first.
  const lowest = new Map<string, string>();
  for (const { key, at } of places) if (!lowest.has(key)) lowest.set(key, at);
  return places
    .map(({ key, at }) => {
      const id = lowest.get(key) ?? at;
      first.set(id, first.get(id) ?? first.size);
      return `${at} ${first.get(id)}`;
    })
    .sort()
    .join("\n");
}

/** A place in the text behind the edits, which are in order. */
function movedBy({ uri, start, end }: Place, edits: readonly TextEdit[]): Place {
  let [from, to] = [start, end];
  for (const edit of edits) {
    const by = edit.text.length - (edit.end - edit.start);
    if (edit.end <= start && edit.start < start) from += by;
    if (edit.end <= end && edit.start < end) to += by;
  }
  return { uri, start: from, end: to };
}
