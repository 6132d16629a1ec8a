// A sequence of ground calls as lines of a scenario: what it makes gets names, what it uses goes by them.

import type { View } from "../../analysis/view.ts";
import { defaultOf, isId } from "../../explore/calls.ts";
import type { GroundCall, Problem } from "../../explore/problem.ts";
import type { Given } from "../../explore/space.ts";
import { bootMachine, perform } from "../../explore/walk.ts";
import { holds } from "../../model/evaluate.ts";
import { column, isAlive, type Machine } from "../../model/machine.ts";
import { openTable } from "../../model/paths.ts";
import type { Type } from "../../model/system.ts";
import { HARDWARE } from "../../model/system.ts";
import { indexOf, kindOf, NONE, reference } from "../../model/values.ts";
import { freshName, takenNames } from "../repair/names.ts";
import { callText, type Written } from "../repair/write.ts";

const spelling = { viaIoctl: false, semicolon: false, typed: false };

/**
 * Null when a call takes something that no call before it has returned: no program can name that. With `refused` the last
 * call is one that is not gone through with.
 */
export function script(
  view: View,
  problem: Problem,
  path: readonly number[],
  ending: "done" | "refused" = "done",
): readonly Written[] | null {
  const machine = bootMachine(problem);
  const names = new Map<number, string>();
  const taken = takenNames("", machine);
  const calls = path.flatMap((index) => problem.calls[index] ?? []);
  const written: Written[] = [];
  for (const [i, ground] of calls.entries()) {
    machine.caller = reference(HARDWARE.task, ground.task);
    const call = spelled(view, machine, names, ground);
    if (call !== null && ending === "refused" && i === calls.length - 1)
      return [...written, { task: machine.caller, text: call, call }];
    const done = perform(machine, problem, ground);
    if (call === null || done === null) return null;
    for (const ref of names.keys()) if (!isThere(machine, ref)) names.delete(ref);
    const made = givesThing(ground) && done.result >= 0 && isThere(machine, done.result) ? done.result : NONE;
    let text = call;
    if (made !== NONE && !names.has(made) && isUsed(machine, calls.slice(i + 1), made)) {
      const name = freshName(view, machine, made, taken);
      names.set(made, name);
      text = `${name} = ${call}`;
    }
    written.push({ task: machine.caller, text, call });
  }
  return written;
}

const givesThing = (ground: GroundCall): boolean =>
  ground.do === "open" || ground.operation.result?.base === "value";

const isThere = (machine: Machine, ref: number): boolean =>
  machine.system.kinds[kindOf(ref)]?.sort !== "hardware" && isAlive(machine, kindOf(ref), indexOf(ref));

/** A file always has a name: it is there until somebody closes it. */
function isUsed(machine: Machine, later: readonly GroundCall[], ref: number): boolean {
  const { system } = machine;
  if (system.kinds[kindOf(ref)]?.sort === "fd") return true;
  const number = idOf(machine, ref);
  return later.some(
    (ground) =>
      ground.do === "call" &&
      ground.args.some((arg, i) => {
        const type = ground.operation.params[i]?.type;
        if (type?.base === "value") return arg === ref;
        if (type?.base === "set") return system.values.setOf(arg).includes(ref);
        return arg === number && isId(system, ground.operation, i);
      }),
  );
}

/** The number of a numbered object; -1 for all else. */
function idOf(machine: Machine, ref: number): number {
  const idField = machine.system.kinds[kindOf(ref)]?.idField ?? -1;
  return idField === -1 ? -1 : (column(machine, idField)[indexOf(ref)] ?? -1);
}

/** A call in the state in front of it, as a program would write it. */
function spelled(
  view: View,
  machine: Machine,
  names: ReadonlyMap<number, string>,
  ground: GroundCall,
): string | null {
  const { system, topology } = machine;
  if (ground.do === "open") {
    const paths = openTable(system, topology);
    const path = [...paths].find(([, { kind, hole }]) => kind === ground.kind && hole === ground.hole)?.[0];
    return path === undefined ? null : `open("${path}")`;
  }
  const { operation, args } = ground;
  const given = operation.params.map((param, i): Given => {
    const arg = args[i] ?? NONE;
    if (arg === defaultOf(machine, param)) return { value: arg, thing: NONE, written: false };
    if (isId(system, operation, i))
      return { value: arg, thing: numbered(machine, names, args, arg), written: true };
    const isLost = param.explicit && !isAtHand(machine, param.type, arg);
    return { value: isLost ? NONE : arg, thing: NONE, written: true };
  });
  return callText({ system, machine, names, operation, view }, given, spelling);
}

/** What the caller can pass, and is not told that it is none. */
function isAtHand(machine: Machine, type: Type, arg: number): boolean {
  const kind = arg >= 0 && type.base === "value" ? machine.system.kinds[kindOf(arg)] : undefined;
  if (kind === undefined || kind.sort === "hardware") return true;
  return isThere(machine, arg) && (kind.sort !== "fd" || holds(machine, machine.caller, arg));
}

/** The named object that has the number, of one of the other arguments; NONE: the number is written as it is. */
function numbered(
  machine: Machine,
  names: ReadonlyMap<number, string>,
  args: readonly number[],
  number: number,
): number {
  const found = [...names.keys()].find((ref) => {
    const owner = machine.system.kinds[kindOf(ref)]?.ownerField ?? -1;
    return idOf(machine, ref) === number && args.includes(column(machine, owner)[indexOf(ref)] ?? NONE);
  });
  return found ?? NONE;
}
