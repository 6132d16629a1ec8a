// The shape of a page of the catalogue. Pages are shown by `uapi explain`, in hovers, and as the help of SARIF rules.

import type { Severity } from "../base/finding.ts";

export interface Page {
  readonly code: string;
  /** One line, lower case, no full stop. */
  readonly title: string;
  /** What a finding of this code is unless the settings or a rule say otherwise. */
  readonly severity: Severity;
  /** What happened. Paragraphs are divided by blank lines; single line breaks mean nothing. */
  readonly what: string;
  /** Why the tool cares, and what to do. */
  readonly why: string;
  /** A whole file that shows exactly this; none where no text can: the file as such is what is wrong. */
  readonly bad?: string;
  /** The same without the mistake; clean. */
  readonly good?: string;
  /** Message ids, paths in the kernel tree, sections of documents. */
  readonly sources?: readonly string[];
}
