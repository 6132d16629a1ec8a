// `uapi/compare`: two proposals, or one use case under many, as a page in Markdown. It takes as long as it takes: messages
// are read meanwhile, and the client can cancel it.

import type { CancellationToken } from "vscode-languageserver";
import type { Limits, Progress } from "../../explore/problem.ts";
import { comparePair } from "../../features/compare/pair.ts";
import {
  claimFor,
  reaching,
  type Side,
  shippedNames,
  sideOf,
  type Wanted,
} from "../../features/compare/side.ts";
import { type UseCaseRow, useCase } from "../../features/compare/use-case.ts";
import { pairText, useCaseText } from "../../report/compare.ts";
import { SHIPPED } from "../../semantics/shipped.ts";
import type { Context, Feature } from "../context.ts";
import { type CompareParams, compareRequest, type ProposalEntry, proposalsRequest } from "../protocol.ts";
import { pause } from "../schedule.ts";

const PAIRS = 200_000;
const STATES = 2_000_000;
const BYTES = 2 ** 29;
/** Milliseconds between two looks at the messages. */
const SLICE = 20;

export const compare: Feature = {
  capabilities: () => ({}),
  register(context) {
    context.connection.onRequest(compareRequest, (params: CompareParams, token) =>
      comparison(context, params, token),
    );
    context.connection.onRequest(proposalsRequest, (params: { readonly uri?: string }) =>
      choicesFor(context, params.uri).map(({ name, kind }): ProposalEntry => ({ name, kind })),
    );
  },
};

interface Choice extends ProposalEntry {
  /** The file that declares it; null: it is shipped. */
  readonly file: string | null;
}

/** What can be compared: the proposals that the document sees first, then the shipped ones; and the topologies. */
function choicesFor(context: Context, uri: string | undefined): Choice[] {
  const views = uri === undefined ? [] : context.targets({ uri }).map(({ view }) => view);
  const seen = views.flatMap(({ visible }): Choice[] => [
    ...[...visible.proposals].flatMap(([name, { declaration, origin }]): Choice[] =>
      declaration.abstract || origin.uri.startsWith(SHIPPED) ? [] : [{ name, kind: "own", file: origin.uri }],
    ),
    ...[...visible.topologies].map(
      ([name, { origin }]): Choice => ({ name, kind: "topology", file: origin.uri }),
    ),
  ]);
  return [...seen, ...shippedNames().map((name): Choice => ({ name, kind: "shipped", file: null }))];
}

async function comparison(
  context: Context,
  { uri, proposals, topology, goal }: CompareParams,
  token: CancellationToken,
): Promise<string> {
  const choices = choicesFor(context, uri);
  const fileOf = (name: string, kinds: readonly Choice["kind"][]): string | null =>
    choices.find((choice) => choice.name === name && kinds.includes(choice.kind))?.file ?? null;
  const place: Wanted | null =
    topology === undefined ? null : { file: fileOf(topology, ["topology"]), name: topology };
  const claim = claimFor(goal);
  const reachable = reaching(context.files, new Set(choices.flatMap(({ file }) => file ?? [])));
  const names = proposals.length === 0 ? shippedNames() : proposals;
  const sides: Side[] = [];
  for (const name of names) {
    const side = sideOf(reachable, {
      proposal: { file: fileOf(name, ["own", "shipped"]), name },
      topology: place,
      claim,
      bounds: [],
    });
    if ("wrong" in side) return `# ${name}\n\n${side.wrong}\n`;
    sides.push(side);
    await pause();
  }
  const isCancelled = (): boolean => token.isCancellationRequested;
  const [a, b] = sides;
  if (goal === undefined) {
    if (a === undefined || b === undefined) return "Two proposals are compared.\n";
    const limits: Limits = { states: PAIRS, bytes: BYTES, isCancelled };
    return pairText(await inSlices(comparePair(a, b, limits)), "markdown");
  }
  const rows: UseCaseRow[] = [];
  for (const side of sides)
    rows.push(await inSlices(useCase(side, { states: STATES, bytes: BYTES, isCancelled })));
  return useCaseText(rows, { goal, topology: a?.posed.topology.text ?? "" }, "markdown");
}

async function inSlices<T>(steps: Generator<Progress, T>): Promise<T> {
  for (let begun = performance.now(); ; ) {
    const next = steps.next();
    if (next.done === true) return next.value;
    if (performance.now() - begun < SLICE) continue;
    await pause();
    begun = performance.now();
  }
}
