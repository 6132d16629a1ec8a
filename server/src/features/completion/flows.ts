// Whole flows for an empty scenario: the shortest calls after which a device can be reached, found by trying them on the
// proposal. Found once for each machine, for a search takes longer than an answer should.

import type { View } from "../../analysis/session.ts";
import { createWorld, taskRef, type World } from "../../engine/world.ts";
import { repairs } from "../../explore/repair.ts";
import type { Goal } from "../../explore/search.ts";
import { createSpace } from "../../explore/space.ts";
import { evaluator } from "../../model/evaluate.ts";
import { openTable } from "../../model/paths.ts";
import { fieldsOfExpression } from "../../model/reads.ts";
import { HARDWARE, type System, type Topology } from "../../model/system.ts";
import { kindOf, NONE, reference } from "../../model/values.ts";
import { takenNames } from "../repair/names.ts";
import { type Written, write } from "../repair/write.ts";
import type { FreshNames } from "./fresh.ts";
import { type Item, item } from "./item.ts";

const LONGEST = 6;
const MOST_TRIES = 8000;

const known = new WeakMap<System, Map<string, readonly Written[] | null>>();

/** Equal machines have one flow, whatever scenario they are made for. */
const keyOf = ({ names, initial, kernel }: Topology): string => JSON.stringify([names, initial, kernel]);

/** `world`, that of a scenario without steps, is not touched. Nothing where no flow is found within the budget. */
export function flowItems(view: View, { machine, asked }: World, fresh: FreshNames): Item[] {
  const { system, topology, tasks } = machine;
  const [device] = topology.names[HARDWARE.device] ?? [];
  if (device === undefined) return [];
  const flows = known.get(system) ?? new Map<string, readonly Written[] | null>();
  known.set(system, flows);
  const key = keyOf(topology);
  let flow = flows.get(key);
  if (flow === undefined) {
    flow = search(view, createWorld(system, topology, tasks, asked), fresh);
    flows.set(key, flow);
  }
  if (flow === null || flow.length < 2) return [];
  const calls = flow.map(({ call }) => call.replace(/\(.*/, ""));
  return [
    item(`flow: reach ${device}`, "snippet", {
      detail: calls.join(", "),
      insert: flow.map(({ text }) => text).join("\n"),
      rank: 2,
    }),
  ];
}

function search(view: View, world: World, fresh: FreshNames): readonly Written[] | null {
  const { machine, system } = world;
  const { topology } = machine;
  const define = system.defines[system.defineByName.get("accessible") ?? -1];
  const body = define?.body ?? null;
  const reads = body === null ? null : fieldsOfExpression(system, body);
  if (body === null || reads === null) return null;
  const fields = new Set(reads);
  const args = [reference(HARDWARE.device, 0), taskRef(0)];
  const holds = (): boolean => evaluator(system, body)(machine, [...args]) === 1;
  const goal: Goal = {
    reads: fields,
    holds,
    judge: () => (holds() ? { holds: true } : { holds: false, fields }),
  };
  machine.step = -1;
  machine.caller = taskRef(0);
  const openings = [...openTable(system, machine.topology)].map(([path, opening]) => ({ path, ...opening }));
  const space = createSpace({
    machine,
    openings,
    tasks: [taskRef(0)],
    named: [],
    hints: [],
    isAsked: () => false,
  });
  const limits = { longest: LONGEST, tries: MOST_TRIES, isOver: () => false };
  const first = repairs(space, [], goal, limits).next();
  const [path] = first.done === true ? [] : first.value;
  if (path === undefined) return null;
  const words = { view, space, names: new Map<number, string>(), taken: takenNames("", machine) };
  const written = write(words, path, { viaIoctl: false, semicolon: false, typed: false });
  // What the flow was for is worth a name, though no call of it uses that.
  const [last, made = NONE] = [path.moves.at(-1), path.results.at(-1)];
  const kind = made < 0 ? undefined : system.kinds[kindOf(made)];
  if (written === null || last?.do !== "call" || kind === undefined || kind.sort === "hardware")
    return written;
  const number = /\d+$/.exec(topology.names[HARDWARE.device]?.[0] ?? "")?.[0] ?? "";
  return written.map((each, i) =>
    i < written.length - 1 || each.text !== each.call
      ? each
      : { ...each, text: `${fresh.name(last.operation.name, kind, number)} = ${each.call}` },
  );
}
