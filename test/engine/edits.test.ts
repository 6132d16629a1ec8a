// Edits by hand for which a session could say something else than a fresh one: each case is the text before and after.

import { expect, test } from "vitest";
import { createSession } from "../../server/src/analysis/session.ts";
import { difference } from "../support/edit-scripts.ts";
import { memoryFiles } from "../support/memory-files.ts";

const uri = "main.uapi";

/** What is near an edit is read again, and all that hangs on it done again: this keeps it away. */
const far = `abstract proposal far_away {\n${"  // far away\n".repeat(80)}}\n`;

const tagged = `proposal p extends core {
  fact device { tags: set of string }
  op TAG(d: device, tag: string) {
    require tag in d.tags else EINVAL "{d} has {d.tags}, and {first(t in d.tags)} first"
  }
  define may_access(f: device_fd): bool = true
  define owner(d: device): context? = none
  define dma(d: device): dma_target = blocked
}
`;
const tags = (list: string, more = ""): string => `${tagged}${far}topology one {
  iommu vtd
  group 1 behind vtd { device nic tags = {${list}} }
}
scenario "s" on one {
  TAG(nic, nothing)
${more}}
`;

const script = (lines: readonly string[]): string => `use group_bind
topology one { iommu vtd  group 26 behind vtd { device nic driver vfio_pci } }
${far}scenario "s" on one {
${lines.map((line) => `  ${line}\n`).join("")}}
`;
const refused = [
  "a = 1",
  'g = open("/dev/vfio/26")',
  "VFIO_GROUP_BIND_IOASID_FD(g, b)",
  "VFIO_GROUP_BIND_IOASID_FD(g, b)",
];
const open = 'a = open("/dev/ioasid")';
const group = 'g = open("/dev/vfio/26")';

const cases: readonly (readonly [name: string, ...texts: string[]])[] = [
  ["words of a set", tags("bb, aa"), tags("aa, bb"), tags("cc, aa, bb")],
  ["words of a set that a script said first", tags("aa, bb", "  TAG(nic, zz)\n"), tags("zz, aa, bb")],
  [
    "aliases change places",
    script([open, "b = a", "c = a", ...refused]),
    script([open, "c = a", "b = a", ...refused]),
  ],
  [
    "a step moves in front of another",
    script([open, group, "close(a)", "close(g)"]),
    script([open, group, "close(g)", "close(a)"]),
  ],
  [
    "the same call by another task",
    script([group, "close(g)", group]),
    script([group, "task t { close(g) }", group]),
  ],
  [
    "a name is given to another thing",
    script([open, "b = a", "close(b)"]),
    script([open, 'b = open("/dev/ioasid")', "close(b)"]),
  ],
  [
    "a file in the same place, opened by another step",
    script([open, "close(a)", open, "IOASID_ALLOC(a)", "close(a)", "close(a)"]),
    script([open, "IOASID_ALLOC(a)", "close(a)", "close(a)"]),
  ],
  [
    "a comment in front",
    script([open, "close(a)", "close(a)"]),
    script(["// here", open, "close(a)", "close(a)"]),
  ],
  [
    "a parallel block loses its last line",
    script([
      group,
      "parallel {",
      "task t {",
      "close(g)",
      "}",
      "task main {",
      "close(g)",
      "}",
      "}",
      "close(g)",
    ]),
    script([group, "parallel {", "task t {", "close(g)", "}", "task main {", "close(g)", "}", "close(g)"]),
    script([
      group,
      "parallel {",
      "task t {",
      "close(g)",
      "}",
      "task main {",
      "close(g)",
      "}",
      "}",
      "close(g)",
    ]),
  ],
];

function freshly(text: string): unknown {
  const analysis = createSession(memoryFiles(new Map([[uri, text]]))).analyse(uri);
  return { findings: analysis.findings, traces: analysis.traces() };
}

test.each(cases)("%s", (_, ...texts) => {
  const session = createSession(memoryFiles(new Map()));
  let before = texts[0] ?? "";
  session.open(uri, before);
  session.analyse(uri);
  // There and back again.
  for (const text of [...texts.slice(1), ...texts.toReversed().slice(1)]) {
    session.edit(uri, difference(before, text));
    const analysis = session.analyse(uri);
    expect({ findings: analysis.findings, traces: analysis.traces() }).toEqual(freshly(text));
    before = text;
  }
});
