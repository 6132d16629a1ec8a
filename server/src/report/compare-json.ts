// Comparisons of proposals for programs: what was found, as it was found.

import type { PairReport } from "../features/compare/pair.ts";
import type { UseCaseRow } from "../features/compare/use-case.ts";

export const pairJson = (report: PairReport): string => `${JSON.stringify(report, null, 2)}\n`;

export const useCaseJson = (
  rows: readonly UseCaseRow[],
  about: { readonly goal: string; readonly topology: string },
): string => `${JSON.stringify({ ...about, proposals: rows }, null, 2)}\n`;
