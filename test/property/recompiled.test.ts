// What is made again of an edited proposal, and taken over of the one before, is what would be made from the text alone.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createSession, type Session, type View } from "../../server/src/analysis/session.ts";
import { storeSystem } from "../../server/src/model/stored.ts";
import { compileProposal } from "../../server/src/semantics/compile.ts";
import { shippedText } from "../../server/src/semantics/shipped.ts";
import type { Edit } from "../../server/src/syntax/document.ts";
import { type Mutant, mutantsOf } from "../mutation/mutants.ts";
import { memoryFiles } from "../support/memory-files.ts";

const uri = "main.uapi";

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

const texts = [
  { name: "words", text: words },
  ...["group_bind", "ioasid_v2"].map((name) => ({ name, text: shippedText(`${name}.uapi`) ?? "" })),
];

type Change = Pick<Mutant, "start" | "end" | "text">;

/** Single mistakes, and lines that move what is behind them. */
function changesOf(file: string, text: string): readonly Change[] {
  const lines = [...text.matchAll(/^(?= +(ioctl|op|define|rule|fd|object|require) )/gm)].map(
    ({ index }) => index,
  );
  const moving = lines.map((start) => ({ start, end: start, text: "  // a comment\n" }));
  const colours = ["red", "blue", "green", '"dark-red"', "dark_red", "violet"];
  const mixed = [...text.matchAll(/\b(red|blue|green)\b|4K/g)].flatMap(({ index: start, 0: word }) =>
    (word === "4K" ? ["8K"] : colours).map((text) => ({ start, end: start + word.length, text })),
  );
  return [...mutantsOf(file, text), ...moving, ...mixed, ...mixed];
}

/** Makes one of the changes, or takes it back; null where another one is in its way. */
function toggled(active: Set<Change>, change: Change): Edit | null {
  const others = [...active].filter((other) => other !== change);
  if (others.some((other) => other.start <= change.end && change.start <= other.end)) return null;
  const moved = others.filter(({ end }) => end <= change.start);
  const start = moved.reduce((at, other) => at + other.text.length - (other.end - other.start), change.start);
  return {
    start,
    end: start + (active.has(change) ? change.text.length : change.end - change.start),
    text: change.text,
  };
}

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

test.each(texts)("Systems of $name", { timeout: 120_000 }, ({ name, text }) => {
  const changes = changesOf(name, text);
  const script = fc.array(fc.record({ change: fc.constantFrom(...changes), stays: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  });
  let takenOver = 0;
  fc.assert(
    fc.property(script, (steps) => {
      const session: Session = createSession(memoryFiles(new Map()));
      session.open(uri, text.replaceAll(/^use .*$/gm, ""));
      const active = new Set<Change>();
      let before: readonly unknown[] = [];
      const look = (): void => {
        const view = session.view(uri);
        const now = view === null ? [] : compiledIn(view);
        takenOver += now.filter((each) => before.includes(each)).length;
        before = now;
        const { document } = view ?? {};
        const fresh = createSession(memoryFiles(new Map([[uri, document?.text ?? ""]])));
        expect(session.analyse(uri).findings).toEqual(fresh.analyse(uri).findings);
      };
      const toggle = (change: Change): void => {
        const edit = toggled(active, change);
        if (edit === null) return;
        const back = active.has(change) ? text.slice(change.start, change.end) : change.text;
        session.edit(uri, { ...edit, text: back });
        if (!active.delete(change)) active.add(change);
        look();
      };
      look();
      for (const { change, stays } of steps) {
        toggle(change);
        if (!stays) toggle(change);
      }
    }),
    { numRuns: 20 },
  );
  expect(takenOver).toBeGreaterThan(10);
});
