// `uapi export`: a proposal on a topology as a model for another tool, on the standard output.

import type { View } from "../analysis/session.ts";
import { type Posed, posedBlock } from "../analysis/verify-problems.ts";
import { oneLine } from "../base/columns.ts";
import { lower } from "../explore/lower/index.ts";
import { shippedNames, sideOf } from "../features/compare/side.ts";
import { verifyBlocksOf } from "../features/verify/blocks.ts";
import { boundsText } from "../features/verify/bounds-text.ts";
import type { Exported } from "../interop/export-texts.ts";
import { promela } from "../interop/promela.ts";
import { tla } from "../interop/tla.ts";
import { NotInTla } from "../interop/tla-names.ts";
import { printClaim } from "../syntax/print.ts";
import { analyseOne } from "./check.ts";
import { readInputs } from "./inputs.ts";
import { clean, type Io, type Tool, unusable } from "./io.ts";
import { notOneOf, type OptionRules, type Options, UsageError } from "./options.ts";

export const exportOptions = {
  proposal: { kind: "value" },
  topology: { kind: "value" },
  config: { kind: "flag" },
  help: { kind: "flag", short: "h" },
} as const satisfies OptionRules;

const forms = ["promela", "tla"] as const;

/** Something is wrong with what was asked for; the message is for people. */
class Wrong extends Error {}

export async function runExport(options: Options, io: Io, tool: Tool): Promise<number> {
  const [given, argument, ...more] = options.arguments;
  if (given === undefined || argument === undefined || more.length > 0)
    throw new UsageError("give a form and one file: promela FILE, or tla FILE");
  const form = forms.find((name) => name === given);
  if (form === undefined) throw new UsageError(notOneOf("the form", given, forms));
  if (form !== "tla" && options.value("config") !== undefined)
    throw new UsageError("--config is for tla: a Promela model is one file");
  try {
    const exported = await chosen(argument, options, io, tool);
    io.out(form === "promela" ? promelaOf(exported) : tlaOf(exported, options.value("config") !== undefined));
    return clean;
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    io.err(`uapi: ${oneLine(error.message)}\n`);
    return unusable;
  }
}

function promelaOf(exported: Exported): string {
  const program = lower(exported.problem);
  if ("unsupported" in program) throw new Wrong(`${titleOf(exported)}: ${program.unsupported}`);
  return promela(exported, program);
}

function tlaOf(exported: Exported, wantsConfig: boolean): string {
  try {
    const { module, config } = tla(exported);
    return wantsConfig ? config : module;
  } catch (error) {
    if (error instanceof NotInTla) throw new Wrong(`${titleOf(exported)}: ${error.message}`);
    throw error;
  }
}

const titleOf = ({ problem }: Exported): string => `${problem.system.proposal} on ${problem.topology.name}`;

/** The one verify block and topology that is meant; without such a block, what `safe` means. */
async function chosen(argument: string, options: Options, io: Io, tool: Tool): Promise<Exported> {
  const inputs = await readInputs([argument], io, tool);
  const [problem] = inputs.problems;
  if (problem !== undefined) throw new Wrong(`${problem.uri}: ${problem.message}`);
  const [uri, ...others] = inputs.uris;
  if (uri === undefined || others.length > 0) throw new UsageError("give one file");
  const analysis = analyseOne(uri, inputs.files, tool);
  if (typeof analysis === "string") throw new Wrong(analysis);
  const view = tool.view(uri, inputs.files);
  if (view === null) throw new Wrong(`${uri} cannot be read`);
  const asked = { proposal: options.value("proposal"), topology: options.value("topology") };
  const parts = verifyBlocksOf(view).flatMap((block) =>
    block.node.topologies.map((topology) => ({
      block,
      topology: topology.text,
      proposal: block.node.proposal.text,
    })),
  );
  const fitting = parts.filter(
    ({ proposal, topology }) =>
      proposal === (asked.proposal ?? proposal) && topology === (asked.topology ?? topology),
  );
  const [only, ...rest] = fitting;
  if (only === undefined) return withoutBlock(view, asked, inputs.files);
  if (rest.length > 0) {
    const listed = fitting.map(({ proposal, topology }) => `${proposal} on ${topology}`);
    const isSame = new Set(listed).size === 1;
    throw new Wrong(
      isSame
        ? `${uri} has several verify blocks for ${listed[0]}: leave one`
        : `${uri} has several verify blocks: say which with --proposal and --topology; there are ${listed.join(", ")}`,
    );
  }
  const { posed, problems } = posedBlock(view, only.block.node, only.block.origin);
  const found = posed.find(({ topology }) => topology.text === only.topology);
  const [first] = problems;
  if (first !== undefined) throw new Wrong([first.message, ...(first.help ?? [])].join("; "));
  if (found === undefined) throw new Wrong(`${only.proposal} cannot be explored on ${only.topology}`);
  return exportedOf(found);
}

interface Asked {
  readonly proposal: string | undefined;
  readonly topology: string | undefined;
}

function withoutBlock(view: View, asked: Asked, files: Parameters<typeof sideOf>[0]): Exported {
  const file = view.uri;
  const declared = view.document.items.flatMap(({ declaration }) =>
    declaration?.kind === "proposal" && !declaration.abstract ? [declaration.name.text] : [],
  );
  const proposal = asked.proposal ?? only("proposal", declared, view);
  const topology = asked.topology ?? only("topology", [...view.visible.topologies.keys()], view);
  const isShipped = !declared.includes(proposal) && shippedNames().includes(proposal);
  const side = sideOf(
    { ...files, resolve: (from, path) => (path === file ? file : files.resolve(from, path)) },
    {
      proposal: { file: isShipped ? null : file, name: proposal },
      topology: { file, name: topology },
      claim: "safe",
      bounds: [],
    },
  );
  if ("wrong" in side) throw new Wrong(side.wrong);
  return exportedOf(side.posed);
}

function only(what: "proposal" | "topology", names: readonly string[], { uri }: View): string {
  const [first, ...more] = names;
  if (first === undefined)
    throw new Wrong(
      what === "proposal"
        ? `${uri} declares no proposal: say which one is meant with --proposal`
        : `${uri} has no topology to explore a proposal on`,
    );
  if (more.length > 0)
    throw new Wrong(
      `${uri} has several ${what === "proposal" ? "proposals" : "topologies"}: say which with --${what}; there are ${names.join(", ")}`,
    );
  return first;
}

function exportedOf(posed: Posed): Exported {
  const said = posed.problem.goals.map((_, goal) => {
    const claim = posed.claims.find(({ goals }) => goals.includes(goal));
    return claim === undefined ? "" : printClaim(claim.node);
  });
  return { problem: posed.problem, said, bounds: boundsText(posed) };
}
