// The catalogue of diagnostics: every code that a finding can have which is not a rule of a proposal. One file for
// each. In the order of `uapi explain`: reading files, names, declarations, running.

import type { Page } from "./page.ts";
import { assertion } from "./pages/assertion.ts";
import { badClaim } from "./pages/bad-claim.ts";
import { badOverride } from "./pages/bad-override.ts";
import { badPath } from "./pages/bad-path.ts";
import { badTopology } from "./pages/bad-topology.ts";
import { claimFails } from "./pages/claim-fails.ts";
import { duplicateName } from "./pages/duplicate-name.ts";
import { errno } from "./pages/errno.ts";
import { expectation } from "./pages/expectation.ts";
import { extendsCycle } from "./pages/extends-cycle.ts";
import { lifetime } from "./pages/lifetime.ts";
import { misplaced } from "./pages/misplaced.ts";
import { missingObservable } from "./pages/missing-observable.ts";
import { noProposal } from "./pages/no-proposal.ts";
import { noTopology } from "./pages/no-topology.ts";
import { notAssignable } from "./pages/not-assignable.ts";
import { notEstablished } from "./pages/not-established.ts";
import { notUtf8 } from "./pages/not-utf8.ts";
import { nulByte } from "./pages/nul-byte.ts";
import { recursiveDefine } from "./pages/recursive-define.ts";
import { redundantStep } from "./pages/redundant-step.ts";
import { suppressionWithoutReason } from "./pages/suppression-without-reason.ts";
import { syntax } from "./pages/syntax.ts";
import { tooDeep } from "./pages/too-deep.ts";
import { tooLarge } from "./pages/too-large.ts";
import { typeMismatch } from "./pages/type-mismatch.ts";
import { unknownAttribute } from "./pages/unknown-attribute.ts";
import { unknownCall } from "./pages/unknown-call.ts";
import { unknownErrno } from "./pages/unknown-errno.ts";
import { unknownField } from "./pages/unknown-field.ts";
import { unknownName } from "./pages/unknown-name.ts";
import { unknownProposal } from "./pages/unknown-proposal.ts";
import { unknownRule } from "./pages/unknown-rule.ts";
import { unknownTopology } from "./pages/unknown-topology.ts";
import { unknownType } from "./pages/unknown-type.ts";
import { unneededSuppression } from "./pages/unneeded-suppression.ts";
import { unreachableRequire } from "./pages/unreachable-require.ts";
import { unreadable } from "./pages/unreadable.ts";
import { unusedHandle } from "./pages/unused-handle.ts";
import { useCycle } from "./pages/use-cycle.ts";
import { useNotFound } from "./pages/use-not-found.ts";
import { useOutside } from "./pages/use-outside.ts";
import { wrongArguments } from "./pages/wrong-arguments.ts";

export const pages: readonly Page[] = [
  syntax,
  tooDeep,
  unreadable,
  notUtf8,
  nulByte,
  tooLarge,
  useNotFound,
  useCycle,
  useOutside,
  unknownName,
  unknownType,
  unknownField,
  unknownCall,
  unknownProposal,
  unknownTopology,
  unknownAttribute,
  unknownRule,
  unknownErrno,
  duplicateName,
  misplaced,
  typeMismatch,
  wrongArguments,
  notAssignable,
  missingObservable,
  unreachableRequire,
  extendsCycle,
  badPath,
  badOverride,
  recursiveDefine,
  badTopology,
  noProposal,
  noTopology,
  errno,
  lifetime,
  expectation,
  assertion,
  badClaim,
  claimFails,
  notEstablished,
  suppressionWithoutReason,
  unneededSuppression,
  unusedHandle,
  redundantStep,
];

const byCode: ReadonlyMap<string, Page> = new Map(pages.map((page) => [page.code, page]));

/** The page of a code of the catalogue; undefined for a rule of a proposal, which explains itself (rules.ts). */
export function pageOf(code: string): Page | undefined {
  return byCode.get(code);
}
