// The options of a command: read from the arguments, and refused with a message that says what would be allowed.

import { parseArgs } from "node:util";
import { oneLine } from "../base/columns.ts";
import { didYouMean } from "../base/did-you-mean.ts";

export interface OptionRule {
  /** A flag has no value; of the others, `values` lists what is allowed if that is a list. */
  readonly kind: "flag" | "value";
  readonly values?: readonly string[];
  readonly short?: string;
}

export type OptionRules = Readonly<Record<string, OptionRule>>;

export interface Options {
  /** The last value of an option, "" for a flag; undefined if it was not given. */
  readonly value: (name: string) => string | undefined;
  readonly all: (name: string) => readonly string[];
  readonly arguments: readonly string[];
}

export class UsageError extends Error {}

/** Throws UsageError. */
export function readOptions(rules: OptionRules, argv: readonly string[]): Options {
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(rules).map(([name, { kind, short }]) => [
        name,
        {
          type: kind === "flag" ? ("boolean" as const) : ("string" as const),
          ...(short === undefined ? {} : { short }),
        },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const rule = Object.hasOwn(rules, token.name) ? rules[token.name] : undefined;
    if (rule === undefined) throw new UsageError(unknownOption(token.rawName, rules));
    given.set(token.name, [...(given.get(token.name) ?? []), checkedValue(token.rawName, rule, token.value)]);
  }
  return {
    value: (name) => given.get(name)?.at(-1),
    all: (name) => given.get(name) ?? [],
    arguments: positionals,
  };
}

/** `"sarfi" is not …; did you mean "sarif"?` */
export function notOneOf(what: string, value: string, allowed: readonly string[]): string {
  const near = didYouMean(value, allowed);
  const hint = near === undefined ? "" : `; did you mean \`${near}\`?`;
  return `${what} is one of ${allowed.join(", ")}, not \`${oneLine(value)}\`${hint}`;
}

function checkedValue(name: string, rule: OptionRule, value: string | undefined): string {
  if (rule.kind === "flag") {
    if (value !== undefined) throw new UsageError(`${name} takes no value`);
    return "";
  }
  const listed = rule.values?.join(", ");
  if (value === undefined)
    throw new UsageError(`${name} needs a value${listed === undefined ? "" : `: ${listed}`}`);
  if (rule.values !== undefined && !rule.values.includes(value)) {
    throw new UsageError(notOneOf(name, value, rule.values));
  }
  return value;
}

function unknownOption(given: string, rules: OptionRules): string {
  const known = Object.keys(rules).map((name) => `--${name}`);
  const near = didYouMean(given, known);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return `there is no option ${oneLine(given)}${hint} (there are ${known.join(", ")})`;
}
