// The verify blocks of a document as an editor sees them: where they stand, and what is known of each claim by now.

import type { View } from "../../analysis/session.ts";
import type { Decision } from "../../analysis/verify-decisions.ts";
import { type Posed, type PosedBlock, posedBlock } from "../../analysis/verify-problems.ts";
import type { Outcome, Progress } from "../../explore/problem.ts";
import type { Origin } from "../../semantics/context.ts";
import { itemStart, neighbour } from "../../semantics/link.ts";
import type { Declaration, VerifyDeclaration } from "../../syntax/ast.ts";
import { itemStarts, textIn } from "../../syntax/document.ts";
import type { Verified } from "./verified.ts";

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
      /** With places that are relative to the block, as those of its node. */
      readonly verified: Verified;
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
  /** A defect of ours that keeps it from being looked at; null: none. */
  readonly defect: string | null;
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

/** Something that the meaning of a block depends on: the same object, or at least the same text, means the same. */
export interface Source {
  readonly is: unknown;
  readonly text: () => string;
}

export const isSameSource = (a: Source, b: Source): boolean => a.is === b.is || a.text() === b.text();

/** The declarations that a block is about, itself first. What is near an edit is read anew and is another object then. */
export function sourcesOf(view: View, { node, origin }: PlacedBlock): readonly Source[] {
  const { work, visible, declared } = view;
  const source = (declaration: Declaration, { uri, item }: Origin): Source => ({
    is: declaration,
    text: () => textOf(view, uri, item),
  });
  const link =
    visible.proposals.get(node.proposal.text) ?? neighbour(work.texts, origin.uri, node.proposal.text);
  const links = link === undefined ? [] : work.proposals.compiled(work.texts, link).links;
  const topologies = node.topologies.flatMap(({ text }) => visible.topologies.get(text) ?? []);
  // A claim may take its condition from another block.
  const borrows = node.body.some(
    (item) => item.kind === "claim" && item.name?.kind === "string" && item.condition === null,
  );
  const others = borrows ? declared.filter(({ declaration }) => declaration.kind === "verify") : [];
  return [
    source(node, origin),
    ...[...links, ...topologies, ...others].map((each) => source(each.declaration, each.origin)),
  ];
}

function textOf({ work }: View, uri: string, id: number): string {
  const document = work.texts.document(uri);
  const start = "failed" in document ? null : itemStart(document, id);
  if ("failed" in document || start === null) return "";
  const length = document.items.find((item) => item.id === id)?.length ?? 0;
  return textIn(document, start, start + length).trim();
}

export const pose = (view: View, { node, origin }: PlacedBlock): PosedBlock => posedBlock(view, node, origin);
