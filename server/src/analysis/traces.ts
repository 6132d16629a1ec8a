// The state behind every step of a scenario, as the observables of core see it.

import type { DeviceState, Trace, TraceRow } from "../analysis.ts";
import { showValue } from "../engine/render.ts";
import { moveTo, type Run } from "../engine/run.ts";
import { taskRef, type World } from "../engine/world.ts";
import { evaluator } from "../model/evaluate.ts";
import { HARDWARE } from "../model/system.ts";
import { NONE, reference } from "../model/values.ts";
import type { declarationsOf, Visible } from "../semantics/link.ts";
import { itemStart } from "../semantics/link.ts";
import { rowStart } from "../syntax/document.ts";
import { printStep } from "../syntax/print.ts";
import type { Work } from "./session.ts";

export function tracesOf(
  work: Work,
  visible: Visible,
  uri: string,
  declared: ReturnType<typeof declarationsOf>,
): Trace[] {
  const document = work.texts.document(uri);
  return declared.flatMap(({ item, declaration, origin }): Trace[] => {
    if (declaration.kind !== "scenario" || item.rows === null || "failed" in document) return [];
    const { run } = work.runs.scenario(work, visible, item, declaration, origin);
    if (run === null) return [];
    const base = itemStart(document, item.id) ?? 0;
    const rows: TraceRow[] = [];
    [...run.results].forEach(({ row, outcome, context }, index) => {
      if (row.kind !== "step" || row.node === null || row.node.kind === "error") return;
      moveTo(run, index + 1);
      const at = base + rowStart(item, index);
      rows.push({
        place: { uri, start: at + row.node.start, end: at + row.node.end },
        text: printStep(row.node).replace(/\s+/g, " ").trim(),
        task: run.world.machine.tasks[context.task] ?? "?",
        outcome: outcome.kind,
        detail: outcome.names.join(", "),
        devices: deviceStates(run),
      });
    });
    moveTo(run, run.results.length);
    const name = declaration.name.kind === "string" ? declaration.name.value : declaration.name.text;
    return [
      {
        scenario: name,
        topology: run.world.machine.topology.name,
        proposal: run.world.system.proposal,
        rows,
      },
    ];
  });
}

/** The observable `name` of core for these arguments, or null when the proposal has none of that name. */
export function observe({ system, machine }: World, name: string, args: readonly number[]): number | null {
  const id = system.defineByName.get(name);
  const define = id === undefined ? undefined : system.defines[id];
  if (define === undefined || define.body === null) return null;
  return evaluator(system, define.body)(machine, [...args]);
}

/** The devices in the state that the run's world is in. */
export function deviceStates(run: Run): DeviceState[] {
  const { world } = run;
  const { system, machine } = world;
  return (machine.topology.names[HARDWARE.device] ?? []).map((device, index) => {
    const ref = reference(HARDWARE.device, index);
    const groupField =
      system.fields.find(({ kind, name }) => kind === HARDWARE.device && name === "group")?.id ?? -1;
    const group = machine.cells[groupField]?.[index] ?? NONE;
    const shown = (name: string): string => {
      const value = observe(world, name, [ref]);
      return value === null || value === NONE ? "-" : showValue(world, value, "name");
    };
    return {
      device,
      group: group === NONE ? "-" : showValue(world, group, "name"),
      accessible: machine.tasks.filter((_, task) => observe(world, "accessible", [ref, taskRef(task)]) === 1),
      owner: shown("owner"),
      dma: shown("dma"),
    };
  });
}
