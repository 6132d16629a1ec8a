// Every feature at every place: nothing throws, no answer reaches beyond the text, nothing that is tried leaves a trace,
// and what completion promises comes true.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSession, type Session, type View } from "../../server/src/analysis/session.ts";
import { scenariosOf, worldBefore } from "../../server/src/analysis/view.ts";
import { lensesOf } from "../../server/src/features/code-lens.ts";
import { completeAt, documentationOf } from "../../server/src/features/completion.ts";
import { hoverAt } from "../../server/src/features/hover.ts";
import { hintsIn } from "../../server/src/features/inlay-hints.ts";
import { toMarkdown, toPlain } from "../../server/src/features/markup.ts";
import { signatureAt } from "../../server/src/features/signature-help.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { cellsOf, slotsOf, writersIn } from "../support/runs.ts";

const folder = new URL("../../samples/", import.meta.url);
const samples = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith(".uapi"))
    .map((name) => [name, readFileSync(new URL(name, folder), "utf8")] as const),
);

function opened(name: string, text = samples.get(name) ?? ""): Session {
  const session = createSession(memoryFiles(samples));
  session.open(name, text);
  return session;
}

function viewIn(session: Session, name: string): View {
  const view = session.view(name);
  if (view === null) throw new Error(`there is no view of ${name}`);
  return view;
}

/** Asks all of them, and looks at the places of the answers. */
function askAll(view: View, offset: number): void {
  const { text } = view.document;
  const inside = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
    start >= 0 && start <= end && end <= text.length;
  const hover = hoverAt(view, offset);
  if (hover !== null) {
    expect(inside(hover) && hover.start <= offset && offset <= hover.end).toBe(true);
    expect(toMarkdown(hover.markup).length * toPlain(hover.markup).length).toBeGreaterThan(0);
  }
  const { start, end, items } = completeAt(view, offset);
  expect(
    inside({ start, end }) && start <= offset && offset <= end && !/[\r\n]/.test(text.slice(start, end)),
  ).toBe(true);
  expect(new Set(items.map(({ label }) => label)).size).toBe(items.length);
  const signature = signatureAt(view, offset);
  for (const each of signature?.parameters ?? [])
    expect(each.start <= each.end && each.end <= (signature?.label.length ?? 0)).toBe(true);
}

describe("at places of every sample", () => {
  test.each([...samples.keys()].map((name, i) => [name, i] as const))("%s", (name, i) => {
    const view = viewIn(opened(name), name);
    const { text } = view.document;
    for (let at = i; at <= text.length; at += 23) askAll(view, at);
    for (const { at } of hintsIn(view, 0, text.length)) expect(at).toBeLessThanOrEqual(text.length);
    expect(lensesOf(view).length).toBe(text.match(/^scenario /gm)?.length ?? 0);
  });
});

test("at every place of a short sample", () => {
  const view = viewIn(opened("topologies.uapi"), "topologies.uapi");
  for (let at = 0; at <= view.document.text.length; at++) askAll(view, at);
});

test("on every line that is half typed", () => {
  const name = "04-detach-while-open.uapi";
  const text = samples.get(name) ?? "";
  const session = opened(name);
  let lineStart = 0;
  text.split("\n").forEach((line, i) => {
    const end = lineStart + line.length;
    const at = lineStart + Math.min(line.length, 3 + ((i * 7) % Math.max(1, line.length)));
    session.edit(name, { start: at, end, text: "" });
    askAll(viewIn(session, name), at);
    session.edit(name, { start: at, end: at, text: text.slice(at, end) });
    lineStart = end + 1;
  });
  expect(viewIn(session, name).document.text).toBe(text);
});

test("nothing that is tried leaves a trace", () => {
  const name = "06-two-tasks-one-group.uapi";
  const view = viewIn(opened(name), name);
  const state = (): string[][] =>
    scenariosOf(view).flatMap(({ run }) => {
      if (run === null) return [];
      const world = worldBefore(run, run.results.length);
      const { machine } = world;
      return [
        cellsOf(machine),
        writersIn(machine),
        slotsOf(world).toSorted(),
        [String(machine.journal.length), String(world.slotJournal.length), String(machine.caller)],
        [String(machine.dropped.length), String(machine.dangling.length), String(machine.dying.size)],
        [String(world.doubts), String(machine.onCheck), String(machine.onHazard), String(machine.onRefusal)],
      ];
    });
  const before = state();
  expect(before.length).toBeGreaterThan(0);
  for (let at = 0; at < view.document.text.length; at += 17) {
    askAll(view, at);
    hintsIn(view, at, at + 500);
    if (at % 5 === 0) expect(state()).toEqual(before);
  }
  expect(state()).toEqual(before);
});

/** Accepts every call that is offered on a line of its own, and compares what is promised with what happens. */
test.each(["05-peer-detached.uapi", "01-container-model.uapi"])(
  "what completion promises in %s comes true",
  (name) => {
    const text = samples.get(name) ?? "";
    const session = opened(name);
    const before = viewIn(session, name).analysis.findings.length;
    expect(before).toBe(0);
    let tried = 0;
    for (const { index } of [...text.matchAll(/^ {2}\w.*$/gm)].filter((_, i) => i % 4 === 0)) {
      if (!isStep(text, index)) continue;
      session.edit(name, { start: index, end: index, text: "  \n" });
      const { items } = completeAt(viewIn(session, name), index + 2);
      for (const item of items.filter(({ kind }) => kind === "call" || kind === "open")) {
        session.edit(name, { start: index + 2, end: index + 2, text: item.insert });
        const end = index + 2 + item.insert.length;
        const { findings } = viewIn(session, name).analysis;
        const own = findings.filter(({ start }) => start >= index && start <= end && start >= index + 2);
        expect(
          findings.some(({ code }) => code === "syntax"),
          item.insert,
        ).toBe(false);
        expect([item.insert, item.detail, promised(item.detail, own)]).toEqual([
          item.insert,
          item.detail,
          "kept",
        ]);
        session.edit(name, { start: index + 2, end, text: "" });
        tried++;
      }
      session.edit(name, { start: index, end: index + 3, text: "" });
    }
    expect(tried).toBeGreaterThan(50);
  },
);

const isStep = (text: string, index: number): boolean =>
  /\nscenario [^\n]*\{\n(?:(?!\n\}).)*$/s.test(text.slice(0, index)) &&
  !/^ {2}(?:iommu|group|task|parallel)/.test(text.slice(index));

/** `kept`, or what happened instead. */
function promised(
  detail: string,
  findings: readonly { readonly code: string; readonly message: string; readonly severity: string }[],
): string {
  const shown = findings.map(({ code, message }) => `${code}: ${message}`).join("; ");
  const serious = findings.filter(({ severity }) => severity !== "info");
  if (/\) ok$|^ok -> /.test(detail)) return serious.length === 0 ? "kept" : shown;
  const [, errno] = /(?:^|\) )(E[A-Z]+):/.exec(detail) ?? [];
  if (errno !== undefined)
    return findings.some(({ message }) => message.includes(errno)) ? "kept" : `no ${errno}: ${shown}`;
  if (detail.includes("breaks ")) return serious.length > 0 ? "kept" : "nothing broke";
  // It wants what is not there: its placeholders mean nothing.
  return "kept";
}

test("what is told on request is about the item", () => {
  const name = "02-address-space-per-function.uapi";
  const view = viewIn(opened(name), name);
  const at = view.document.text.indexOf("VFIO_GROUP_SET_CONTAINER");
  const { items } = completeAt(view, at);
  const told = items.flatMap(({ about }) =>
    about === null ? [] : [toPlain(documentationOf(view, about) ?? [])],
  );
  expect(told.length).toBeGreaterThan(20);
  expect(told.filter((text) => text === "")).toEqual([]);
});
