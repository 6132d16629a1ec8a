// The verify blocks of a document as an editor sees them: where they stand, and what is known of each claim by now.

import type { View } from "../../analysis/session.ts";
import type { Decision } from "../../analysis/verify-decisions.ts";
import { type Posed, type PosedBlock, posedBlock } from "../../analysis/verify-problems.ts";
import type { Outcome, Progress } from "../../explore/problem.ts";
import type { Origin } from "../../semantics/context.ts";
import { neighbour } from "../../semantics/link.ts";
import type { VerifyDeclaration } from "../../syntax/ast.ts";
import { itemStarts } from "../../syntax/document.ts";

export interface PlacedBlock {
  readonly node: VerifyDeclaration;
  readonly origin: Origin;
  /** Spans of the node are relative to this offset. */
  readonly start: number;
}

export type PartState =
  | { readonly is: "waiting" }
  | { readonly is: "running"; readonly progress: Progress }
  | {
      readonly is: "decided";
      readonly outcome: Outcome;
      readonly decisions: readonly Decision[];
      /** When, in milliseconds. */
      readonly at: number;
    }
  /** It could not be explored to its end, through no fault of the text. */
  | { readonly is: "failed"; readonly why: string };

/** The claims of a block on one topology. */
export interface BlockPart {
  readonly posed: Posed;
  readonly state: PartState;
}

export interface KnownBlock extends PlacedBlock {
  /** Null before it was looked at as it is now. */
  readonly parts: readonly BlockPart[] | null;
}

export function verifyBlocksOf({ document, uri }: View): PlacedBlock[] {
  if (!document.items.some(({ declaration }) => declaration?.kind === "verify")) return [];
  const starts = itemStarts(document);
  return document.items.flatMap((item, index): PlacedBlock[] => {
    const node = item.declaration;
    if (node?.kind !== "verify") return [];
    return [{ node, origin: { uri, item: item.id }, start: starts[index] ?? 0 }];
  });
}

/**
 * All that the meaning of a block depends on, as objects that stay the same while it does: what was found out about a
 * block holds while these are the same ones.
 */
export function sourcesOf(
  { work, visible, declared }: View,
  { node, origin }: PlacedBlock,
): readonly unknown[] {
  const link =
    visible.proposals.get(node.proposal.text) ?? neighbour(work.texts, origin.uri, node.proposal.text);
  const topologies = node.topologies.map(({ text }) => visible.topologies.get(text)?.declaration);
  // A claim may take its condition from another block.
  const borrows = node.body.some(
    (item) => item.kind === "claim" && item.name?.kind === "string" && item.condition === null,
  );
  const others = borrows
    ? declared.flatMap(({ declaration }) => (declaration.kind === "verify" ? [declaration] : []))
    : [];
  return [
    node,
    link === undefined ? null : work.proposals.compiled(work.texts, link),
    ...topologies,
    ...others,
  ];
}

export const pose = (view: View, { node, origin }: PlacedBlock): PosedBlock => posedBlock(view, node, origin);
