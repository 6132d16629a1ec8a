// A proposal on a topology, as two words of a person name them: made into a text of a few lines that uses both, which is
// then read like any other. So names, files and mistakes mean what they mean everywhere.

import { createSession, type View } from "../../analysis/session.ts";
import { readBounds, type SaidBounds } from "../../analysis/verify-bounds.ts";
import { type Posed, posedBlock } from "../../analysis/verify-problems.ts";
import type { Files } from "../../analysis.ts";
import { shippedTexts } from "../../semantics/shipped.ts";
import type { Name } from "../../syntax/ast.ts";
import { printAnyName, printName, quote } from "../../syntax/print-expression.ts";
import { verifyBlocksOf } from "../verify/blocks.ts";

/** `vfio`; `mine` of `drafts/mine.uapi`; the only proposal of a file. */
export interface Wanted {
  readonly file: string | null;
  readonly name: string | null;
}

export interface Side {
  readonly name: string;
  /** With the file that it is in: for two versions of one proposal. */
  readonly label: string;
  readonly view: View;
  readonly posed: Posed;
  /** What was asked for; the bounds of `posed` leave out what has nothing to do with its claims. */
  readonly said: SaidBounds;
}

export type SideOr = Side | { readonly wrong: string };

/** What a comparison runs on unless something else is said: the smallest machine on which groups matter. */
const usualTopology = `topology two_functions {
  iommu vtd
  group 26 behind vtd {
    device nic0 driver vfio_pci
    device nic1 driver vfio_pci
  }
}
`;

/** The uri of the text that is made up; `use` in it is resolved as beside this. */
const MADE_UP = "<comparison>";

export interface SideOptions {
  readonly proposal: Wanted;
  /** Null: the usual one. */
  readonly topology: Wanted | null;
  readonly claim: string;
  /** `tasks 2`, `depth 9`, `limit mapping 1`; a limit is for the proposals that have such a thing. */
  readonly bounds: readonly string[];
}

/** What two proposals are compared by, or all that are asked for one use case. */
export const claimFor = (goal: string | undefined): string =>
  goal === undefined ? "safe" : `reach "the goal": ${goal.replace(/\s+/g, " ")}`;

/** The made-up text names a file by its uri, wherever that lies. */
export const reaching = (files: Files, named: ReadonlySet<string | null>): Files => ({
  ...files,
  resolve: (from, path) => (named.has(path) ? path : files.resolve(from, path)),
});

export function sideOf(files: Files, { proposal, topology, claim, bounds }: SideOptions): SideOr {
  const listed = [...new Set([proposal, ...(topology === null ? [] : [topology])].map(({ file }) => file))];
  const uses = listed.flatMap((file) => (file === null ? [] : [`use ${quote(file)}`]));
  const own = topology === null ? usualTopology : "";
  const head = [
    ...uses,
    ...(proposal.file === null ? [`use ${printName(named(proposal.name ?? ""))}`] : []),
    own,
  ].join("\n");
  const first = read(files, `${head}\n`);
  if ("wrong" in first) return first;
  const name = proposal.name ?? only(first.view, "proposal", proposal.file ?? "");
  const place =
    topology === null
      ? "two_functions"
      : (topology.name ?? only(first.view, "topology", topology.file ?? ""));
  if (typeof name !== "string") return name;
  if (typeof place !== "string") return place;
  const body = [claim, ...boundsIn(first.view, name, bounds)].map((line) => `  ${line}\n`).join("");
  const verify = `verify ${printName(named(name))} on ${printAnyName(named(place))} {\n${body}}`;
  const whole = read(files, `${head}\n${verify}\n`);
  if ("wrong" in whole) return whole;
  const { view } = whole;
  const [block] = verifyBlocksOf(view);
  if (block === undefined) return { wrong: `\`${claim}\` cannot be read` };
  const { posed, problems } = posedBlock(view, block.node, block.origin);
  const [problem] = problems;
  const [onlyOne] = posed;
  if (problem !== undefined) return { wrong: [problem.message, ...(problem.help ?? [])].join("; ") };
  if (onlyOne === undefined) return { wrong: `${name} cannot be explored on ${place}` };
  const { bounds: said } = readBounds(onlyOne.problem.system, block.node, block.origin);
  const label = proposal.file === null ? name : `${name} of ${proposal.file}`;
  return { name, label, view, posed: onlyOne, said };
}

/** Without the limits of things that the proposal does not have. */
function boundsIn({ visible, work }: View, name: string, bounds: readonly string[]): string[] {
  const link = visible.proposals.get(name);
  if (link === undefined) return [...bounds];
  const { kindByName, operations } = work.proposals.compiled(work.texts, link).system;
  return bounds.filter((bound) => {
    const of = /^limit (\w+)/.exec(bound)?.[1];
    return of === undefined || kindByName.has(of) || operations.has(of);
  });
}

/** The shipped proposals that are no mere bases. */
export function shippedNames(): string[] {
  return [...shippedTexts.values()].flatMap((text) =>
    [...text.matchAll(/^proposal (\w+)/gm)].map(([, name = ""]) => name),
  );
}

function read(files: Files, text: string): { readonly view: View } | { readonly wrong: string } {
  const session = createSession({
    ...files,
    read: (uri) => (uri === MADE_UP ? { ok: true, text } : files.read(uri)),
  });
  const view = session.view(MADE_UP);
  if (view === null) return { wrong: "the comparison cannot be read" };
  const error = view.analysis.findings.find(({ severity }) => severity === "error");
  return error === undefined ? { view } : { wrong: [error.message, ...error.help].join("; ") };
}

/** The only one that a file declares. */
function only(
  { visible }: View,
  what: "proposal" | "topology",
  file: string,
): string | { readonly wrong: string } {
  const names =
    what === "topology"
      ? [...visible.topologies.keys()]
      : [...visible.distant].filter((name) => visible.proposals.has(name));
  const [first, ...more] = names;
  if (first === undefined) return { wrong: `${file} declares no ${what}` };
  if (more.length > 0)
    return { wrong: `${file} declares several: say \`${file}:${first}\`, or ${more.join(", ")}` };
  return first;
}

const named = (text: string): Name => ({ kind: "name", text, start: 0, end: 0 });
