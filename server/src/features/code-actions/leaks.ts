// Closes what is still open at the end of a scenario, the newest first.

import { type PlacedScenario, scenarioAt, type View, worldBefore } from "../../analysis/view.ts";
import type { Run } from "../../engine/run.ts";
import { isLive, taskRef } from "../../engine/world.ts";
import { holds } from "../../model/evaluate.ts";
import { kindOf } from "../../model/values.ts";
import { textIn } from "../../syntax/document.ts";
import { isGood } from "../repair/verify.ts";
import type { Action, Ask } from "./action.ts";

export function leakActions({ view, start }: Ask): readonly Action[] {
  const scenario = scenarioAt(view, start);
  if (scenario === null || scenario.run === null) return [];
  const brace = closingRow(scenario);
  const inHead = start - scenario.start < scenario.item.rowsStart;
  // In the middle of a scenario nobody asks how it ends.
  if (brace === null || !(inHead || start >= brace)) return [];
  const open = stillOpen(scenario.run);
  if (open.length === 0) return [];
  const edit = closing(view, brace, open);
  if (!isGood(view, [edit], [])) return [];
  const names = [...new Set(open.map(({ name }) => `\`${name}\``))].join(", ");
  const title = `close what is still open at the end: ${names}`;
  return [
    { kind: "refactor.rewrite", title, preferred: false, safety: "needs-review", answers: [], edits: [edit] },
  ];
}

/** Where the row with the scenario's last brace starts. */
function closingRow({ item, start }: PlacedScenario): number | null {
  let at = start + item.rowsStart;
  for (const row of item.rows ?? []) {
    if (row.kind === "close" && row.depth === 0) return at;
    at += row.length;
  }
  return null;
}

interface Open {
  readonly name: string;
  readonly task: string;
}

function stillOpen(run: Run): Open[] {
  const { machine, slots, system } = worldBefore(run, run.results.length);
  if (!system.operations.has("close")) return [];
  const found = new Map<number, Open>();
  for (const [name, slot] of slots) {
    if (typeof slot === "string" || slot.is !== "thing" || !/^\w/.test(name)) continue;
    if (system.kinds[kindOf(slot.ref)]?.sort !== "fd" || !isLive(machine, slot)) continue;
    machine.tasks.forEach((task, i) => {
      if (holds(machine, taskRef(i), slot.ref))
        found.set(slot.ref * machine.tasks.length + i, { name, task });
    });
  }
  return [...found.values()].reverse();
}

function closing(
  { document }: View,
  brace: number,
  open: readonly Open[],
): { start: number; end: number; text: string } {
  const lineBreak = /\r\n|\r|\n/.exec(textIn(document, 0, brace))?.[0] ?? "\n";
  const line = /(?:^|[\r\n])([ \t]*)[^\s][^\r\n]*(?:\r\n|\r|\n)[\s]*$/.exec(
    textIn(document, Math.max(0, brace - 500), brace),
  );
  const outer = /^[ \t]*/.exec(textIn(document, brace, brace + 80))?.[0] ?? "";
  const indent = line?.[1] !== undefined && line[1].length > outer.length ? line[1] : `${outer}  `;
  const text = open
    .map(({ name, task }) => (task === "main" ? `close(${name})` : `task ${task} { close(${name}) }`))
    .map((step) => indent + step + lineBreak)
    .join("");
  return { start: brace, end: brace, text };
}
