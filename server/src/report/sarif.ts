// Findings as SARIF 2.1.0 (OASIS, 27 March 2020), for code scanning services and viewers.

import type { Finding, Place, Severity } from "../base/finding.ts";
import { rangeOf } from "./json.ts";
import type { Sources } from "./sources.ts";

/** What is known of a code: a page of the catalogue, or a rule of a proposal. */
export interface SarifRule {
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  readonly help: string;
}

export interface SarifOptions {
  readonly version: string;
  /** Undefined for a code that only the checked files know. */
  readonly ruleOf: (code: string) => SarifRule | undefined;
}

const levels: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "note",
  hint: "note",
};

export function sarifReport(findings: readonly Finding[], sources: Sources, options: SarifOptions): string {
  const codes = [...new Set(findings.map(({ code }) => code))].toSorted();
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "uapi",
            semanticVersion: options.version,
            rules: codes.map((code) => ruleDescriptor(code, options.ruleOf(code))),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => ({
          ruleId: finding.code,
          ruleIndex: codes.indexOf(finding.code),
          level: levels[finding.severity],
          message: {
            text: [finding.message, ...finding.help.map((line) => `help: ${line}`), ...finding.notes].join(
              "\n",
            ),
          },
          locations: [location(finding, sources)],
          ...(finding.related.length === 0
            ? {}
            : {
                relatedLocations: finding.related.map((related, index) => ({
                  id: index + 1,
                  ...location(related, sources),
                  message: { text: related.message },
                })),
              }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleDescriptor(code: string, rule: SarifRule | undefined): object {
  if (rule === undefined) return { id: code };
  return {
    id: code,
    shortDescription: { text: rule.title },
    help: { text: rule.help },
    defaultConfiguration: { level: levels[rule.severity] },
  };
}

function location(place: Place, sources: Sources): object {
  const range = rangeOf(place, sources);
  const region =
    range === null
      ? {}
      : {
          region: {
            startLine: range.start.line,
            startColumn: range.start.column,
            endLine: range.end.line,
            endColumn: range.end.column,
          },
        };
  return { physicalLocation: { artifactLocation: artifact(place.uri), ...region } };
}

/** A valid uri reference: a relative path below the place where the tool was started, or a file uri. */
function artifact(path: string): object {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  if (/^(?:\/|[A-Za-z]:\/)/.test(path)) return { uri: `file://${path.startsWith("/") ? "" : "/"}${encoded}` };
  return { uri: encoded, uriBaseId: "%SRCROOT%" };
}
