// `uapi compare`: what one proposal allows, refuses and breaks that another does not; or one use case under many.

import type { Files } from "../analysis.ts";
import { cut, oneLine } from "../base/columns.ts";
import type { Limits, Progress } from "../explore/problem.ts";
import { comparePair, isSame } from "../features/compare/pair.ts";
import {
  claimFor,
  reaching,
  type Side,
  shippedNames,
  sideOf,
  type Wanted,
} from "../features/compare/side.ts";
import { type UseCaseRow, useCase } from "../features/compare/use-case.ts";
import { pairText, useCaseText } from "../report/compare.ts";
import { pairJson, useCaseJson } from "../report/compare-json.ts";
import { clean, findingsLeft, type Io, unusable } from "./io.ts";
import { notOneOf, type OptionRules, type Options, UsageError } from "./options.ts";

const formats = ["text", "json", "markdown"] as const;

export const compareOptions = {
  on: { kind: "value" },
  goal: { kind: "value" },
  tasks: { kind: "value" },
  depth: { kind: "value" },
  limit: { kind: "value" },
  states: { kind: "value" },
  format: { kind: "value", values: formats },
  help: { kind: "flag", short: "h" },
} as const satisfies OptionRules;

/** Pairs of states, which the machines make one by one; states of one use case, which are packed. */
const USUAL = { pairs: 200_000, states: 5_000_000 } as const;
const BYTES = 2 ** 30;

/** Something is wrong with what was asked for; the message is for people. */
class Wrong extends Error {}

export function compare(options: Options, io: Io): number {
  const format = formats.find((name) => name === options.value("format")) ?? "text";
  const goal = options.value("goal");
  const names = options.arguments;
  if (goal === undefined && names.length !== 2)
    throw new UsageError("give two proposals, or --goal and any number of them");
  const bounds = [...boundOf(options, "tasks"), ...boundOf(options, "depth"), ...limitsOf(options)];
  const limits: Limits = {
    states: numberOf(options, "states") ?? (goal === undefined ? USUAL.pairs : USUAL.states),
    bytes: BYTES,
    isCancelled: () => false,
  };
  try {
    const wanted = (names.length > 0 ? names : shippedNames()).map((name) => wantedProposal(name, io));
    const topology = wantedTopology(options.value("on"), wanted, io);
    const claim = claimFor(goal);
    const files = filesFor([...wanted, ...(topology === null ? [] : [topology])], io);
    const sides = wanted.map((proposal) => sideFor(files, { proposal, topology, claim, bounds }));
    if (goal === undefined) {
      const [a, b] = sides;
      if (a === undefined || b === undefined) return unusable;
      const report = finish(comparePair(a, b, limits), "comparing", io);
      io.out(format === "json" ? pairJson(report) : pairText(report, format));
      return isSame(report) ? clean : findingsLeft;
    }
    const rows = sides.map((side): UseCaseRow => finish(useCase(side, limits), side.name, io));
    const about = { goal: oneLine(goal), topology: sides[0]?.posed.topology.text ?? "" };
    io.out(format === "json" ? useCaseJson(rows, about) : useCaseText(rows, about, format));
    return rows.every(({ reach }) => reach.is !== "unknown") ? clean : findingsLeft;
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    io.err(`uapi: ${oneLine(error.message)}\n`);
    return unusable;
  }
}

function sideFor(files: Files, asked: Parameters<typeof sideOf>[1]): Side {
  const side = sideOf(files, asked);
  if ("wrong" in side) throw new Wrong(side.wrong);
  return side;
}

/** `vfio`, `drafts/mine.uapi`, `drafts/mine.uapi:mine` */
function wantedProposal(text: string, io: Io): Wanted {
  if (shippedNames().includes(text)) return { file: null, name: text };
  if (!isPath(text))
    throw new UsageError(`${notOneOf("a shipped proposal", text, shippedNames())}; a file ends in .uapi`);
  return inFile(text, io);
}

/** Of a file, or of the file of one of the proposals. */
function wantedTopology(text: string | undefined, proposals: readonly Wanted[], io: Io): Wanted | null {
  if (text === undefined) return null;
  if (isPath(text)) return inFile(text, io);
  const file = proposals.find((each) => each.file !== null)?.file;
  if (file === undefined)
    throw new UsageError(`--on ${oneLine(text)}: say of which file, as in lab.uapi:${oneLine(text)}`);
  return { file, name: text };
}

const isPath = (text: string): boolean => /\.uapi(?::|$)/.test(text);

function inFile(text: string, io: Io): Wanted {
  const at = /\.uapi:/.exec(text)?.index;
  const path = at === undefined ? text : text.slice(0, at + 5);
  const name = at === undefined ? null : text.slice(at + 6);
  const found = io.find(path);
  if (found.kind !== "file") {
    const why = io.load(path);
    throw new Wrong(`${path}: ${why.ok ? "this is no file" : why.message}`);
  }
  return { file: found.uri, name };
}

/** The text that the comparison makes up may use what was named, wherever that lies. */
function filesFor(wanted: readonly Wanted[], io: Io): Files {
  const roots = wanted.flatMap(({ file }) => {
    const found = file === null ? null : io.find(file);
    return found?.kind === "file" ? [found.root] : [];
  });
  return reaching(io.files(roots), new Set(wanted.map(({ file }) => file)));
}

function numberOf(options: Options, name: "tasks" | "depth" | "states"): number | null {
  const given = options.value(name);
  if (given === undefined) return null;
  if (!/^[1-9]\d{0,9}$/.test(given))
    throw new UsageError(`--${name} wants a number, not \`${oneLine(given)}\``);
  return Number(given);
}

function boundOf(options: Options, name: "tasks" | "depth"): string[] {
  const given = numberOf(options, name);
  return given === null ? [] : [`${name} ${given}`];
}

const limitsOf = (options: Options): string[] =>
  options.all("limit").map((given) => {
    const [, name, count] = /^(\w+)=(\d{1,3})$/.exec(given) ?? [];
    if (name === undefined) throw new UsageError(`--limit wants KIND=N, not \`${oneLine(given)}\``);
    return `limit ${name} ${count}`;
  });

/** Runs to the end, and says on a terminal how far it is. */
export function finish<T>(steps: Generator<Progress, T>, what: string, io: Io): T {
  let count = 0;
  for (;;) {
    const next = steps.next();
    if (next.done === true) {
      if (io.errIsTerminal && count > 0) io.err("\r\x1b[K");
      return next.value;
    }
    const { states, depth } = next.value;
    if (io.errIsTerminal && count++ % 16 === 0) {
      const text = `${oneLine(what)}: ${states} states, sequences of ${depth} calls`;
      io.err(`\r\x1b[K${cut(text, Math.max(io.columns - 1, 20))}`);
    }
  }
}
