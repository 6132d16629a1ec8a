// `--severity CODE=LEVEL`: what a finding of a code counts as.

import { oneLine } from "../base/columns.ts";
import { didYouMean } from "../base/did-you-mean.ts";
import type { Finding, Severity } from "../base/finding.ts";
import { codeOfRule } from "../diagnostics/rules.ts";
import { notOneOf, UsageError } from "./options.ts";

const levels = ["error", "warning", "info", "hint", "off"] as const;
type Level = (typeof levels)[number];

/** Code -> level. */
export type Severities = ReadonlyMap<string, Level>;

/** Throws UsageError. A rule may be given by its name: `core.secure_context`, `secure_context`, `secure-context`. */
export function readSeverities(settings: readonly string[]): Severities {
  return new Map(
    settings.map((setting) => {
      const [, name, level] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
      if (name === undefined || level === undefined) {
        throw new UsageError(`--severity is CODE=LEVEL, as in errno=warning, not \`${oneLine(setting)}\``);
      }
      const found = levels.find((candidate) => candidate === level);
      if (found === undefined) throw new UsageError(notOneOf(`--severity ${oneLine(name)}=…`, level, levels));
      return [codeOfRule(name.split(".").at(-1) ?? name), found] as const;
    }),
  );
}

/** Throws UsageError for a code that nothing can have: it would be a setting that silently does nothing. */
export function refuseUnknown(severities: Severities, known: Iterable<string>): void {
  const codes = new Set(known);
  for (const code of severities.keys()) {
    if (codes.has(code)) continue;
    const near = didYouMean(code, codes);
    const hint = near === undefined ? "`uapi explain` lists them" : `did you mean \`${near}\`?`;
    throw new UsageError(`--severity: no code or rule is named \`${oneLine(code)}\`; ${hint}`);
  }
}

export function withSeverities(findings: readonly Finding[], severities: Severities): Finding[] {
  return findings.flatMap((finding) => {
    const level = severities.get(finding.code);
    if (level === "off") return [];
    return [level === undefined ? finding : { ...finding, severity: level satisfies Severity }];
  });
}
