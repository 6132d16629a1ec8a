// What is made again of an edited proposal, and taken over of the one before, is what would be made from the text alone.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createSession, type Session, type View } from "../../server/src/analysis/session.ts";
import { posedBlock } from "../../server/src/analysis/verify-problems.ts";
import { lower } from "../../server/src/explore/lower/index.ts";
import type { Program } from "../../server/src/explore/program.ts";
import { verifyBlocksOf } from "../../server/src/features/verify/blocks.ts";
import { storeSystem } from "../../server/src/model/stored.ts";
import { compileProposal } from "../../server/src/semantics/compile.ts";
import { shippedText } from "../../server/src/semantics/shipped.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { edited, steps, uri } from "../support/proposal-edits.ts";

/** The numbers of words, ranges and sets depend on who says them first. */
const words = `proposal words extends core {
  fact device { node: string?  tags: set of string = {red, blue} }
  state host { mode: enum { slow, fast } = slow  last: string = green }
  op FIRST(d: device) {
    require d.node != red else EINVAL "{d.node}"
    host.last = blue
    host.mode = fast
  }
  op SECOND(d: device, at: int = 4K) {
    require d.node in {blue, green, "dark-red"} else EINVAL
    require range(0, 8K).end > at else ENOSPC
    host.last = dark_red
  }
  define is_known(d: device): bool = d.node in {green, red} or d.tags == {blue, green}
  define may_access(f: device_fd): bool = false
  define owner(d: device): context? = none
  define dma(d: device): dma_target = blocked
  define limit: int = if host.mode == fast then size else 7
  define size: int = 4K / 1K
  op THIRD(d: device) { require limit > 4 and is_known(d) else EPERM "{limit}" }
  rule known(d: device) "known is good" { require is_known(d) or host.last == violet else "{d}" }
}

topology box {
  iommu vtd
  group 1 behind vtd { device one node = red, device two node = green, device six node = blue tags = {green} }
}

scenario "all" on box {
  FIRST(two)
  SECOND(one)
  SECOND(six, 8K)
  THIRD(two)
  FIRST(six)
  THIRD(one)
}
`;

const textOf = (name: string): string => (shippedText(`${name}.uapi`) ?? "").replaceAll(/^use .*$/gm, "");

const texts = [
  { name: "words", text: words, runs: 30 },
  { name: "group_bind", text: textOf("group_bind"), runs: 12 },
  { name: "ioasid_v2", text: textOf("ioasid_v2"), runs: 5 },
];

/** Gives what a System takes over of the one before. */
function compiledIn(view: View): readonly unknown[] {
  return view.declared.flatMap(({ declaration }) => {
    const name = declaration.kind === "proposal" ? declaration.name.text : null;
    const link = name === null ? undefined : view.visible.proposals.get(name);
    if (link === undefined) return [];
    const { system, problems, links } = view.work.proposals.compiled(view.work.texts, link);
    const fresh = compileProposal(links);
    expect(problems).toEqual(fresh.problems);
    expect(storeSystem(system)).toBe(storeSystem(fresh.system));
    return [system.kindByName];
  });
}

test.each(texts)("Systems of $name", { timeout: 120_000 }, ({ name, text, runs }) => {
  let takenOver = 0;
  const follow = (script: Parameters<typeof edited>[2]): void => {
    let before: readonly unknown[] = [];
    edited("", text, script, (session) => {
      const view = session.view(uri);
      const now = view === null ? [] : compiledIn(view);
      takenOver += now.filter((each) => before.includes(each)).length;
      before = now;
      expect(session.analyse(uri).findings).toEqual(afresh(session).analyse(uri).findings);
    });
  };
  fc.assert(fc.property(steps(name, text), follow), { numRuns: runs });
  expect(takenOver).toBeGreaterThan(10);
});

const afresh = (session: Session): Session =>
  createSession(memoryFiles(new Map([[uri, session.opened(uri)?.text ?? ""]])));

const machine = `topology machine {
  iommu vtd
  group 1 behind vtd { device d1 driver vfio_pci, device d2 driver vfio_pci }
  group 2 behind vtd { device d3 driver vfio_pci }
}
`;

const claimed = [
  {
    name: "words",
    front: "verify words on box { with FIRST, SECOND, THIRD\n safe }\n",
    // Nearly all of its changes are such that words get other numbers.
    ...{ text: words, runs: 30, least: 0 },
  },
  ...[
    { name: "group_bind", runs: 10 },
    { name: "ioasid_v1", runs: 4 },
  ].map(({ name, runs }) => ({
    ...{ name, runs, text: textOf(name), least: 100 },
    front: `${machine}verify ${name} on machine { safe\n never any f in fd: not live(f) }\n`,
  })),
];

type Lowered = Program | { readonly unsupported: string };

function programsIn(session: Session): readonly Lowered[] {
  const view = session.view(uri);
  if (view === null) return [];
  return verifyBlocksOf(view).flatMap(({ node, origin }) =>
    posedBlock(view, node, origin).posed.flatMap(({ problem }) => [
      lower(problem, { order: true }),
      lower(problem),
    ]),
  );
}

test.each(claimed)("programs of $name", { timeout: 120_000 }, ({ name, front, text, runs, least }) => {
  let takenOver = 0;
  const follow = (script: Parameters<typeof edited>[2]): void => {
    let before: readonly Lowered[] = [];
    edited(front, text, script, (session) => {
      const now = programsIn(session);
      expect(now).toEqual(programsIn(afresh(session)));
      now.forEach((program, i) => {
        const old = before[i];
        if (old === undefined || "unsupported" in program || "unsupported" in old) return;
        takenOver += program.functions.filter((fn) => old.functions.includes(fn)).length;
      });
      before = now;
    });
  };
  fc.assert(fc.property(steps(name, text), follow), { numRuns: runs });
  expect(takenOver).toBeGreaterThanOrEqual(least);
});
