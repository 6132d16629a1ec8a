// Random scenarios over any proposal: calls with arguments of the right kind, alive or dead, and wrong ones.

import fc from "fast-check";
import { openTable } from "../../server/src/model/paths.ts";
import type { Operation, System, Topology, Type } from "../../server/src/model/system.ts";

/** One step, chosen by numbers: `call` among all calls and paths, `args` among what fits, `name` for the result. */
export interface Choice {
  readonly task: number;
  readonly call: number;
  readonly args: readonly number[];
  readonly name: number;
  readonly wrong: number;
}

const number = fc.nat({ max: 9999 });

export const choices = (most: number): fc.Arbitrary<Choice[]> =>
  fc.array(
    fc.record({
      task: fc.nat({ max: 7 }),
      call: number,
      args: fc.array(number, { minLength: 5, maxLength: 5 }),
      name: fc.nat({ max: 2 }),
      wrong: fc.nat({ max: 9 }),
    }),
    { minLength: 1, maxLength: most, size: "max" },
  );

const tasks = ["main", "main", "main", "main", "main", "one", "one", "two"];

export interface Step {
  readonly task: string;
  readonly text: string;
  /** The name of the result. */
  readonly target: string | null;
}

/** Names of results tell their kind: `group_fd_0`. `given` are those that the script has by now. */
function stepOf(system: System, topology: Topology, choice: Choice, given: ReadonlySet<string>): Step {
  const paths = [...openTable(system, topology).keys()];
  const operations = [...system.operations.values()];
  // One step in three opens something, and most at the start.
  const isOpen = choice.call % 5 === 0 || given.size < 2;
  const at = isOpen ? choice.call % paths.length : paths.length + (choice.call % operations.length);
  const task = tasks[choice.task] ?? "main";
  const path = paths[at];
  if (path !== undefined) {
    const kind = openTable(system, topology).get(path)?.kind ?? 0;
    const target = `${system.kinds[kind]?.name}_${choice.name}`;
    return { task, text: `${target} = open("${path}")`, target };
  }
  const operation = operations[(at - paths.length) % operations.length] as Operation;
  const args = operation.params.map((param, i) => {
    const pick = choice.args[i % choice.args.length] ?? 0;
    return argument(system, topology, choice.wrong === i ? null : param.type, pick, given);
  });
  const result = operation.result?.kinds[0];
  const target = result === undefined ? null : `${system.kinds[result]?.name}_${choice.name}`;
  const call = `${operation.name}(${args.join(", ")})`;
  return { task, text: target === null ? call : `${target} = ${call}`, target };
}

function argument(
  system: System,
  topology: Topology,
  type: Type | null,
  pick: number,
  given: ReadonlySet<string>,
): string {
  const names = (kind: number): string[] => {
    const { name, sort } = system.kinds[kind] ?? { name: "", sort: "hardware" };
    if (sort !== "hardware") return [0, 1, 2].map((i) => `${name}_${i}`).filter((each) => given.has(each));
    return kind === 4 ? ["main", "one", "two"] : kind === 3 ? [...(topology.names[3] ?? [])] : [];
  };
  const fitting = (type?.kinds ?? system.kinds.map(({ id }) => id)).flatMap(names);
  const others = [
    ...(type === null ? ["none", "7", "-1", "true", '"text"'] : []),
    ...(type?.optional === true ? ["none"] : []),
    ...(type?.names ?? []),
    ...(type?.base === "int" ? ["0", "1", "2", "3", "4K", "8K", "64K", "0x10000000000000000"] : []),
    ...(type?.base === "bool" ? ["true", "false"] : []),
    ...(type?.base === "string" ? ["vfio_pci", "e1000e", "red"] : []),
    ...(type?.base === "range" ? ["range(0, 4K)", "range(4K, 1M)"] : []),
  ];
  const all = [...fitting, ...others];
  return all[pick % all.length] ?? "none";
}

/** `before` are the names that the script has already. */
export function stepsOf(
  system: System,
  topology: Topology,
  script: readonly Choice[],
  before: readonly string[] = [],
): Step[] {
  const given = new Set(before);
  return script.map((choice) => {
    const step = stepOf(system, topology, choice, given);
    if (step.target !== null) given.add(step.target);
    return step;
  });
}

export const lineOf = ({ task, text }: Step): string =>
  task === "main" ? `  ${text}` : `  task ${task} { ${text} }`;

/** A whole text; both tasks are mentioned, so that a step may name them. */
export function scenarioOf(head: string, steps: readonly string[]): string {
  return `${head}\n  task one { }\n  task two { }\n${steps.join("\n")}\n}\n`;
}
