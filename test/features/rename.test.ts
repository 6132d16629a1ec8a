// Rename: cases in cases/rename.md, files that see each other, and names of every sample there and back: every third, with SOAK=1 all.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSession, type View } from "../../server/src/analysis/session.ts";
import type { Finding } from "../../server/src/base/finding.ts";
import { linesOf, lineText } from "../../server/src/base/lines.ts";
import { type FileEdit, prepareRename, type Renamed, renameAt } from "../../server/src/features/rename.ts";
import { occurrencesOf } from "../../server/src/features/symbols/index.ts";
import { shippedTexts } from "../../server/src/semantics/shipped.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { projectFiles, root } from "../support/project-files.ts";
import { runCases } from "./editor-cases.ts";

function applied(text: string, edits: FileEdit["edits"]): string {
  return edits.reduceRight(
    (done, { start, end, text: inserted }) => done.slice(0, start) + inserted + done.slice(end),
    text,
  );
}

runCases("rename", 8, (view, offset, title) => {
  const renamed = renameAt([view], view, offset, title.replace(/^.*-> /, ""));
  if (!renamed.ok) return renamed.message;
  const [before, after] = [view.document.text, applied(view.document.text, renamed.files[0]?.edits ?? [])];
  const old = linesOf(before);
  return after
    .split("\n")
    .filter((line, i) => line !== lineText(old, i + 1))
    .join("\n");
});

/** The findings of all files, with the new name where the old one was. */
function findingsOf(
  views: readonly View[],
  edits: ReadonlyMap<string, FileEdit["edits"]>,
  names: Names,
): string[] {
  return views.flatMap(({ uri, analysis }) =>
    analysis.findings.map((finding) => describeFinding(finding, edits.get(uri) ?? [], names)),
  );
}

interface Names {
  readonly from: string;
  readonly to: string;
}

/** Messages quote names in many ways, so the name is taken out of all of them. */
function describeFinding(
  { code, severity, uri, start, message, related, help }: Finding,
  edits: FileEdit["edits"],
  { from, to }: Names,
): string {
  const moved = edits
    .filter((edit) => edit.end <= start && edit.start < start)
    .reduce((at, edit) => at + edit.text.length - (edit.end - edit.start), start);
  const said = [message, ...related.map((each) => each.message), ...help].join(" | ");
  return `${uri} ${moved} ${severity} ${code} ${said.replaceAll(from, "NAME").replaceAll(to, "NAME")}`;
}

/** One session for all: the shipped proposals are compiled once. */
const session = createSession(projectFiles());

function opened(texts: ReadonlyMap<string, string>): View[] {
  for (const [uri, text] of texts) session.open(uri, text);
  return [...texts.keys()].flatMap((uri) => session.view(uri) ?? []);
}

const soak = process.env.SOAK === "1";

describe("the names of every sample", () => {
  const shared = "samples/topologies.uapi";
  const uris = readdirSync(`${root}samples`)
    .filter((name) => name.endsWith(".uapi"))
    .map((name) => `samples/${name}`);
  const textOf = (uri: string): string => readFileSync(root + uri, "utf8");

  test.each(uris)("%s", (uri) => {
    // The machines are named in all samples, all else in one.
    const texts = new Map((uri === shared ? uris : [uri, shared]).map((name) => [name, textOf(name)]));
    const names = new Set<string>();
    for (const { role, start } of occurrencesOf(viewIn(opened(texts), uri))) {
      const prepared = prepareRename(viewIn(opened(texts), uri), start);
      if (!prepared.ok || names.has(`${role} ${prepared.name}`)) continue;
      names.add(`${role} ${prepared.name}`);
      if (!soak && names.size % 3 !== 0) continue;
      const to = `${/^\d/.test(prepared.name) ? "9" : "renamed_"}${prepared.name}`;
      thereAndBack(texts, uri, start, { from: prepared.name, to });
    }
    expect(names.size).toBeGreaterThan(2);
  });
});

function viewIn(views: readonly View[], uri: string): View {
  const view = views.find((each) => each.uri === uri);
  if (view === undefined) throw new Error(`no ${uri}`);
  return view;
}

function thereAndBack(
  texts: ReadonlyMap<string, string>,
  uri: string,
  offset: number,
  { from, to }: Names,
): void {
  const views = opened(texts);
  const renamed = renameAt(views, viewIn(views, uri), offset, to);
  if (!renamed.ok) throw new Error(`${uri}: ${from} -> ${to}: ${renamed.message}`);
  const edits = new Map(renamed.files.map((file) => [file.uri, file.edits]));
  const wanted = findingsOf(views, edits, { from, to });
  const after = opened(
    new Map([...texts].map(([name, text]) => [name, applied(text, edits.get(name) ?? [])])),
  );
  expect(findingsOf(after, new Map(), { from: to, to: from })).toEqual(wanted);
  const moved = (edits.get(uri) ?? [])
    .filter((edit) => edit.end <= offset && edit.start < offset)
    .reduce((at, edit) => at + edit.text.length - (edit.end - edit.start), offset);
  const back = renameAt(after, viewIn(after, uri), moved, from);
  if (!back.ok) throw new Error(`${uri}: ${to} -> ${from}: ${back.message}`);
  const again = new Map(back.files.map((file) => [file.uri, file.edits]));
  for (const each of after)
    expect(applied(each.document.text, again.get(each.uri) ?? []), `${from} -> ${to}`).toBe(
      texts.get(each.uri),
    );
}

describe("the names of a proposal that is one's own", () => {
  test.each(["group_bind", "group_bind_labels"])("a copy of %s", (name) => {
    const shippedText = shippedTexts.get(`${name}.uapi`) ?? "";
    const uri = "copies/copy.uapi";
    const texts = new Map([[uri, shippedText.replaceAll(`proposal ${name}`, "proposal copy")]]);
    const names = new Set<string>();
    for (const { role, start } of occurrencesOf(viewIn(opened(texts), uri))) {
      const prepared = prepareRename(viewIn(opened(texts), uri), start);
      if (!prepared.ok || names.has(`${role} ${prepared.name}`)) continue;
      names.add(`${role} ${prepared.name}`);
      if (!soak && names.size % 3 !== 0) continue;
      thereAndBack(texts, uri, start, { from: prepared.name, to: `renamed_${prepared.name}` });
    }
    expect(names.size).toBeGreaterThan(20);
  });
});

describe("several files", () => {
  const texts = new Map([
    [
      "mine.uapi",
      "proposal mine extends core {\n  fact device { speed: int = 1 }\n  op LOOK(d: device) {}\n  define owner(d: device): context? = none\n  define may_access(f: fd): bool = false\n  define dma(d: device): dma_target = host\n}\n",
    ],
    [
      "box.uapi",
      "topology box {\n  iommu vtd\n  group 1 behind vtd { device nic driver vfio_pci speed = 2 }\n}\n",
    ],
    ["main.uapi", 'use mine, "box.uapi"\nscenario "s" on box {\n  LOOK(nic)\n}\n'],
  ]);
  const files = createSession(memoryFiles(texts));
  const views = [...texts.keys()].flatMap((uri) => files.view(uri) ?? []);
  const rename = (uri: string, at: string, to: string): Renamed => {
    const view = views.find((each) => each.uri === uri);
    if (view === undefined) throw new Error(`no ${uri}`);
    return renameAt(views, view, view.document.text.indexOf(at), to);
  };
  const edited = (renamed: Renamed): string[] =>
    renamed.ok ? renamed.files.map(({ uri }) => uri) : [renamed.message];

  test("a call, a device and a field are renamed wherever they are named", () => {
    expect(edited(rename("mine.uapi", "LOOK", "WATCH")).toSorted()).toEqual(["main.uapi", "mine.uapi"]);
    expect(edited(rename("main.uapi", "nic)", "eth")).toSorted()).toEqual(["box.uapi", "main.uapi"]);
    expect(edited(rename("mine.uapi", "speed", "rate")).toSorted()).toEqual(["box.uapi", "mine.uapi"]);
  });

  test("a proposal that is found by the name of its file is not renamed", () => {
    expect(edited(rename("mine.uapi", "mine", "yours"))[0]).toContain("by the name of its file");
  });
});
