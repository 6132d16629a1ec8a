// Findings as JSON, for scripts. The shape is a promise to them:
//
//   [{ "file": "a.uapi", "code": "errno", "severity": "error", "message": "…", "label": null,
//      "range": { "start": { "line": 3, "column": 5 }, "end": { "line": 3, "column": 12 } },
//      "related": [{ "file": "a.uapi", "message": "…", "range": … }],
//      "help": ["…"], "notes": ["rule: core.secure_context"] }]
//
// Lines and columns count from 1, columns in UTF-16 units; `end` is behind the last character. `range` is null when
// the text of the file is not known (it could not be read).

import type { Finding, Place, Severity } from "../base/finding.ts";
import { type Position, positionAt } from "../base/lines.ts";
import type { Sources } from "./sources.ts";

interface JsonRange {
  readonly start: Position;
  readonly end: Position;
}

interface JsonPlace {
  readonly file: string;
  readonly message: string;
  readonly range: JsonRange | null;
}

export interface JsonFinding extends JsonPlace {
  readonly code: string;
  readonly severity: Severity;
  readonly label: string | null;
  readonly related: readonly JsonPlace[];
  readonly help: readonly string[];
  readonly notes: readonly string[];
}

export function jsonReport(findings: readonly Finding[], sources: Sources): string {
  const entries = findings.map(
    (finding): JsonFinding => ({
      file: finding.uri,
      code: finding.code,
      severity: finding.severity,
      message: finding.message,
      label: finding.label ?? null,
      range: rangeOf(finding, sources),
      related: finding.related.map((related) => ({
        file: related.uri,
        message: related.message,
        range: rangeOf(related, sources),
      })),
      help: finding.help,
      notes: finding.notes,
    }),
  );
  return `${JSON.stringify(entries, null, 2)}\n`;
}

/** Where a place is, in lines and columns; null when its text is not known. */
export function rangeOf(place: Place, sources: Sources): JsonRange | null {
  const lines = sources(place.uri);
  if (lines === null) return null;
  return { start: positionAt(lines, place.start), end: positionAt(lines, place.end) };
}
