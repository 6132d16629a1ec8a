// The picture of one state of a scenario, as plain data: what there is, who reaches what, where DMA goes, which rule
// is broken. Renderers and the trace view know this file and nothing behind it. Texts are as the script says them.

import type { Place, Severity } from "../../base/finding.ts";

export interface Picture {
  readonly scenario: string;
  readonly topology: string;
  readonly proposal: string;
  /** How many steps the scenario has. */
  readonly steps: number;
  readonly step: PictureStep;
  readonly nodes: readonly PictureNode[];
  readonly boxes: readonly PictureBox[];
  readonly edges: readonly PictureEdge[];
  /** Every device, for those who read instead of look. */
  readonly devices: readonly DeviceFacts[];
  /** All rules that are broken in this state, whichever step broke them. */
  readonly broken: readonly BrokenRule[];
  /** What the step has changed, one sentence each. */
  readonly changes: readonly string[];
}

export interface PictureStep {
  /** From 1; 0 is the state at boot, in front of all steps. */
  readonly number: number;
  /** The step's source on one line; empty at boot. */
  readonly text: string;
  readonly task: string;
  readonly outcome: "boot" | "ok" | "errno" | "violation" | "unknown";
  /** The errno, or the names of the rules and hazards. */
  readonly names: readonly string[];
  /** Why; empty when there is nothing to say. */
  readonly message: string;
  /** What else was found out about the step: an assertion that is false, an expectation that is not met. */
  readonly findings: readonly { readonly severity: Severity; readonly message: string }[];
  readonly place: Place | null;
}

/** One line of the list of steps. */
export type StepLine = Pick<PictureStep, "number" | "text" | "task" | "outcome" | "names" | "place">;

export interface PictureNode {
  readonly id: string;
  readonly kind: "task" | "file" | "context" | "space" | "device" | "target";
  readonly name: string;
  /** The kind's name in the proposal, the driver of a device; may be empty. */
  readonly note: string;
  /** More to know, one short phrase each: `open in main`. */
  readonly facts: readonly string[];
  /** The box that it is drawn in. */
  readonly box: string | null;
  readonly changed: boolean;
  readonly broken: boolean;
  /** Where it is declared or made. */
  readonly place: Place | null;
}

export interface PictureBox extends Omit<PictureNode, "kind" | "box"> {
  readonly kind: "group" | "context";
}

/** `holds`: a task has a file open. `access`, `opened`: registers can be reached, or not yet. `in`: of address spaces. */
export interface PictureEdge {
  readonly id: string;
  readonly kind: "holds" | "access" | "opened" | "owner" | "dma" | "in";
  /** Nodes, or boxes. */
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** All of it, as a sentence: `main can access nic0`. */
  readonly says: string;
  readonly changed: boolean;
  readonly broken: boolean;
}

export interface DeviceFacts {
  readonly device: string;
  readonly group: string;
  readonly accessible: readonly string[];
  readonly owner: string;
  readonly dma: string;
  readonly changed: readonly ("accessible" | "owner" | "dma")[];
  readonly broken: boolean;
}

export interface BrokenRule {
  readonly rule: string;
  /** The code of its findings: `secure-context`. */
  readonly code: string;
  readonly message: string;
  readonly why: string;
  /** The number of the step that broke it; 0: it is broken since boot. */
  readonly since: number;
  /** The steps that led here, in order; told once for each rule. */
  readonly causes: readonly {
    readonly step: number;
    readonly message: string;
    readonly place: Place | null;
  }[];
}
