// Within which bounds claims were decided, in words: whoever reads a verdict has to know what was not looked at.

import type { Posed } from "../../analysis/verify-problems.ts";
import { isId, whyLeft } from "../../explore/calls.ts";
import type { Problem } from "../../explore/problem.ts";
import type { Kind } from "../../model/system.ts";
import { NONE } from "../../model/values.ts";
import { digits } from "../../syntax/print-expression.ts";

/** A line for each sort of bound. */
export function boundsText({ problem, choice }: Posed): string[] {
  const { system, bounds } = problem;
  const [, ...others] = bounds.tasks;
  const made = system.kinds.filter(({ sort }) => sort !== "hardware");
  const some = made.filter(({ id }) => (bounds.instances[id] ?? 0) > 0);
  const none = made.filter(({ id }) => (bounds.instances[id] ?? 0) === 0);
  const operations = [...system.operations.values()];
  const left = (why: ReturnType<typeof whyLeft>): string[] =>
    operations
      .filter((operation) => whyLeft(system, bounds, operation, choice) === why)
      .map(({ name }) => name);
  const partly = operations.filter(
    (operation) =>
      whyLeft(system, bounds, operation, choice) === null &&
      choice.also?.has(operation.name) !== true &&
      operation.params.some(({ initial, type }) => initial !== null || type.optional),
  );
  const full = [...(choice.also ?? [])];
  return [
    bounds.depth === null ? "any number of calls" : `sequences of up to ${bounds.depth} calls`,
    others.length === 0 ? "1 task" : `${bounds.tasks.length} tasks: ${bounds.tasks.join(", ")}`,
    ...(some.length === 0
      ? []
      : [`at a time at most ${listed(some.map((kind) => countText(problem, kind)))}`]),
    ...(none.length === 0 ? [] : [`no ${listed(none.map(({ name }) => name))}`]),
    ...said("left out by `limit`: ", left("not wanted")),
    ...said("not done meanwhile: ", left("through no file")),
    ...said("tried with all arguments: ", full),
    ...(partly.length === 0 ? [] : ["arguments that need not be given are not given"]),
    ...said("values tried: ", triedValues(problem)),
  ];
}

/** `2 ioas`, `one device_fd for each device`. */
function countText({ system, bounds }: Problem, { id, name }: Kind): string {
  const home = system.fields[bounds.homes[id] ?? -1]?.type.kinds[0];
  return home === undefined
    ? `${bounds.instances[id]} ${name}`
    : `one ${name} for each ${system.kinds[home]?.name}`;
}

const said = (head: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [head + names.join(", ")];

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** `VFIO_SET_IOMMU type 8 1 3`: numbers, texts and ranges that stand for all. Of ids there are no others. */
function triedValues({ system, calls }: Problem): string[] {
  const tried = new Map<string, Set<string>>();
  for (const call of calls) {
    if (call.do === "open") continue;
    call.operation.params.forEach(({ name, type }, i) => {
      const value = call.args[i] ?? NONE;
      if (value === NONE || !["int", "string", "range"].includes(type.base)) return;
      if (isId(system, call.operation, i)) return;
      const shown =
        type.base === "string"
          ? system.values.symbolText(value)
          : type.base === "range"
            ? `${system.values.rangeOf(value).start}+${system.values.rangeOf(value).size}`
            : digits(value);
      const key = `${call.operation.name} ${name}`;
      tried.set(key, (tried.get(key) ?? new Set()).add(shown));
    });
  }
  return [...tried].flatMap(([key, values]) => (values.size > 1 ? [`${key} ${[...values].join(" ")}`] : []));
}
