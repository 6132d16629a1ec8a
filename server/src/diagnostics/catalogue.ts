// The catalogue of what can go wrong with device passthrough, by number, and where each entry is found in the shipped
// proposals: a rule, a hazard, an errno of a call, or the language itself. `uapi explain A01` shows one; the table in
// server/proposals/README.md shows all.

import { entries } from "./catalogue-entries.ts";

export interface CatalogueEntry {
  /** `A01` … `L05`. */
  readonly id: string;
  readonly name: string;
  /** What must hold, in a sentence. */
  readonly text: string;
  /**
   * `core.secure_context` (a rule or hazard), `vfio.VFIO_SET_IOMMU EINVAL` (an errno of a call or of opening a file),
   * `lifetime` or `errno EBADF` (the language), `expectation` (a code of the tool).
   */
  readonly where: readonly string[];
  /** What is not modelled, and why; what is off. */
  readonly note?: string;
}

export const topics: Readonly<Record<string, string>> = {
  A: "Group isolation and ownership",
  B: "Detach, move, teardown",
  C: "Handles and lifetime",
  D: "Labels and ids",
  E: "Granularity of address spaces",
  F: "DMA mapping",
  G: "Coherency, interrupts, firmware",
  H: "Nesting, faults, vIOMMU, PASID",
  I: "Emulated devices, no-IOMMU, SR-IOV",
  J: "Interference between devices",
  K: "KVM, dirty tracking, migration",
  L: "Privilege and hygiene",
};

let read: readonly CatalogueEntry[] | null = null;

/** Read when first asked for: most runs do without. */
export function catalogue(): readonly CatalogueEntry[] {
  read ??= entries
    .trim()
    .split(/\n(?=\S)/)
    .map(readEntry);
  return read;
}

function readEntry(block: string): CatalogueEntry {
  const [head = "", ...lines] = block.split("\n");
  const [, id = "", name = "", text = ""] = /^(\S+) (\S+): (.*)$/.exec(head) ?? [];
  const after = (mark: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`  ${mark} `) ? [line.slice(4)] : []));
  const where = after("@").flatMap((line) => line.split("; "));
  const note = after("#").join(" ");
  return { id, name, text, where, ...(note === "" ? {} : { note }) };
}
