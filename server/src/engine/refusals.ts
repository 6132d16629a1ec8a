// Why a call was refused, in words: the check with its values, or the handle that was no good.

import { blame } from "../model/explain.ts";
import { kindAt, type Refusal, writerOf } from "../model/machine.ts";
import type { Broken } from "../model/rules.ts";
import { indexOf, kindOf, NONE } from "../model/values.ts";
import { type Cause, causesOf } from "./findings.ts";
import { remedies } from "./remedies.ts";
import { describeWrite, nameOf, renderTemplate } from "./render.ts";
import type { World } from "./world.ts";

export interface Explained {
  readonly message: string;
  readonly causes: readonly Cause[];
  readonly help: readonly string[];
  readonly site: Broken["check"]["site"] | null;
}

/** `shown` is the argument as written, `call` the refused operation. */
export function explain(world: World, refusal: Refusal, shown: string, call: string): Explained {
  const { machine } = world;
  switch (refusal.by) {
    case "check": {
      const { check, locals, body } = refusal;
      const reads = check.do === "fail" ? [] : blame(machine, check.condition, [...locals], body);
      const message =
        check.message === null
          ? "a check of the proposal fails"
          : renderTemplate(world, check.message, [...locals]);
      return {
        message,
        causes: causesOf(world, reads),
        help: remedies(world, reads, call),
        site: check.site,
      };
    }
    case "exclusive": {
      const { alive } = kindAt(machine, kindOf(refusal.other));
      const cause = { field: alive, index: indexOf(refusal.other), value: 1 };
      const name = nameOf(world, refusal.other);
      const { holders } = kindAt(machine, kindOf(refusal.other));
      const closed = machine.cells[holders]?.[indexOf(refusal.other)] === 0;
      return {
        message: closed
          ? `${name} was closed, but is still in use`
          : `it is already open as ${name}, and only one can be at a time`,
        causes: causesOf(world, [cause]),
        help: closed ? [`close or end first what refers to ${name}`] : [`use ${name}, or close it first`],
        site: null,
      };
    }
    case "handle":
      return explainHandle(world, refusal, shown);
    default:
      return refusal satisfies never;
  }
}

function explainHandle(
  world: World,
  { ref, errno, dead }: Extract<Refusal, { by: "handle" }>,
  shown: string,
): Explained {
  const { machine } = world;
  if (ref === NONE) {
    const what = errno === "EBADF" ? "no open file" : "no object's id";
    return { message: `${shown || "this"} is ${what}`, causes: [], help: [], site: null };
  }
  const kind = kindAt(machine, kindOf(ref));
  const index = indexOf(ref);
  const name = shown || nameOf(world, ref);
  const isThere = (machine.cells[kind.alive]?.[index] ?? 0) === 1;
  const isOpen = (machine.cells[kind.holders]?.[index] ?? 0) !== 0;
  const at = (step: number, message: string): Cause[] => (step === 0 ? [] : [{ step, message }]);
  if (kind.sort === "fd" && !dead && isOpen) {
    const task = machine.tasks[indexOf(machine.caller)] ?? "?";
    const causes = at(writerOf(machine, kind.holders, index), describeWrite(world, kind.holders, index, 1));
    return {
      message: `${name} is not open in task ${task}`,
      causes,
      help: [`pass it with \`send(${name}, ${task})\``],
      site: null,
    };
  }
  if (kind.sort === "fd") {
    // Closed, and perhaps still kept by something that refers to it.
    const causes =
      dead && isThere
        ? []
        : at(writerOf(machine, isThere ? kind.holders : kind.alive, index), `${name} is closed here`);
    return { message: `${name} was closed`, causes, help: [], site: null };
  }
  const causes = isThere
    ? []
    : at(writerOf(machine, kind.alive, index), describeWrite(world, kind.alive, index, 0));
  return { message: `${name} no longer exists`, causes, help: [], site: null };
}
