// Definitions, types, references and highlights; cases in cases/navigation.md, what goes beyond one file below.

import { describe, expect, test } from "vitest";
import { createSession, type View } from "../../server/src/analysis/session.ts";
import type { Place } from "../../server/src/base/finding.ts";
import { linesOf, positionAt } from "../../server/src/base/lines.ts";
import {
  declarationAt,
  definitionAt,
  implementationAt,
  typeDefinitionAt,
} from "../../server/src/features/definition.ts";
import { highlightsAt, referencesTo } from "../../server/src/features/references.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { runCases } from "./editor-cases.ts";

/** `10:3`, in another file `core.uapi` only: lines move there. */
function shown(view: View, { uri, start, end }: Place): string {
  if (uri !== view.uri) return uri;
  const { line, column } = positionAt(linesOf(view.document.text), start);
  return `${line}:${column} ${view.document.text.slice(start, end)}`;
}

const list = (name: string, view: View, places: readonly Place[]): string =>
  places.length === 0 ? "" : `${name}: ${places.map((place) => shown(view, place)).join(", ")}\n`;

runCases("navigation", 8, (view, offset) => {
  const marks = highlightsAt(view, offset);
  const here = ({ uri }: Place): boolean => uri === view.uri;
  const places = (kind: string): Place[] =>
    marks.filter((mark) => mark.kind === kind).map((mark) => ({ uri: view.uri, ...mark }));
  const references = referencesTo([view], view, offset, { declarations: true });
  return [
    list("definition", view, definitionAt(view, offset)),
    list("declaration", view, declarationAt(view, offset)),
    list("type", view, typeDefinitionAt(view, offset)),
    list("implementations", view, implementationAt([view], view, offset)),
    list("references", view, references.filter(here)),
    list("references elsewhere", view, [
      ...new Map(references.filter((place) => !here(place)).map((place) => [place.uri, place])).values(),
    ]),
    list("written", view, places("write")),
    list("read", view, places("read")),
  ].join("");
});

describe("several files", () => {
  const texts = new Map([
    [
      "base.uapi",
      `abstract proposal base extends core {
  fd base_fd is context opens "/dev/base" { tag: int }
  fact device { speed: int = 1 }
  ioctl SET(f: base_fd, tag: int) { f.tag = tag }
}
`,
    ],
    [
      "derived.uapi",
      `use "base.uapi"
proposal derived extends base {
  override ioctl SET(f: base_fd, tag: int) { require f.tag == 0 else EBUSY "{f} has a tag"  f.tag = tag }
  define owner(d: device): context? = none
  define may_access(f: fd): bool = false
  define dma(d: device): dma_target = host
}
`,
    ],
    [
      "machine.uapi",
      "topology box {\n  iommu vtd\n  group 1 behind vtd { device nic driver vfio_pci speed = 2 }\n}\n",
    ],
    [
      "main.uapi",
      `use "derived.uapi", "machine.uapi"
scenario "s" on box with derived {
  f = open("/dev/base")
  SET(f, tag: 3)
}
`,
    ],
  ]);
  const session = createSession(memoryFiles(texts));
  const views = [...texts.keys()].flatMap((uri) => session.view(uri) ?? []);
  const at = (uri: string, marked: string): { readonly view: View; readonly offset: number } => {
    const view = views.find((each) => each.uri === uri);
    const text = view?.document.text ?? "";
    const offset = text.indexOf(marked.replace("$0", ""));
    if (view === undefined || offset === -1) throw new Error(`no ${marked} in ${uri}`);
    return { view, offset: offset + marked.indexOf("$0") };
  };
  const texted = (places: readonly Place[]): string[] =>
    places.map(({ uri, start, end }) => {
      const text = texts.get(uri) ?? "";
      return `${uri} ${positionAt(linesOf(text), start).line} ${text.slice(start, end)}`;
    });

  test("a call goes to what replaces it, and from there to the base", () => {
    const call = at("main.uapi", "S$0ET(f");
    expect(texted(definitionAt(call.view, call.offset))).toEqual(["derived.uapi 3 SET"]);
    expect(texted(declarationAt(call.view, call.offset))).toEqual(["base.uapi 4 SET"]);
    const replacing = at("derived.uapi", "override ioctl S$0ET");
    expect(texted(definitionAt(replacing.view, replacing.offset))).toEqual(["base.uapi 4 SET"]);
    const base = at("base.uapi", "ioctl S$0ET");
    expect(texted(implementationAt(views, base.view, base.offset))).toEqual(["derived.uapi 3 SET"]);
  });

  test("references are found in all files", () => {
    const base = at("base.uapi", "ioctl S$0ET");
    expect(texted(referencesTo(views, base.view, base.offset, { declarations: true }))).toEqual([
      "base.uapi 4 SET",
      "derived.uapi 3 SET",
      "main.uapi 4 SET",
    ]);
    expect(texted(referencesTo(views, base.view, base.offset, { declarations: false }))).toEqual([
      "main.uapi 4 SET",
    ]);
  });

  test("a topology's attribute is a field of the proposals that use the topology", () => {
    const field = at("base.uapi", "sp$0eed: int");
    expect(texted(referencesTo(views, field.view, field.offset, { declarations: true }))).toEqual([
      "base.uapi 3 speed",
      "machine.uapi 3 speed",
    ]);
  });

  test("a file's path goes to the file", () => {
    const path = at("main.uapi", '"mach$0ine.uapi"');
    expect(definitionAt(path.view, path.offset)).toEqual([{ uri: "machine.uapi", start: 0, end: 0 }]);
  });
});
