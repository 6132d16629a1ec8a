// Says in words why a chunk did not parse: what the parser could have gone on with, made short enough for people, and
// hints for common slips. Knows the words of the language and nothing of its trees.

import { didYouMean } from "../base/did-you-mean.ts";
import type { ErrorNode } from "./ast.ts";
import type { Expectation, SyntaxError as ParserError } from "./generated/parser.js";
import { isBlank, isBreak, isIdentPart, skipWord } from "./words.ts";

const operandStarts = new Set(
  "( { - & not if all any count first ioctl none true false caller kernel NULL new".split(" "),
);
/** What may follow any complete expression: said only when nothing else could come. */
const operators = new Set("and or is in . -> / - ( | & + * % < > == != <= >= then".split(" "));
/** Never worth saying. */
const noise = new Set(["//", "/*", "///", ";", "?", "\\", "{{", "*"]);
const itemStarts: Readonly<Record<string, string>> = {
  Declaration: "a topology, proposal, scenario, verify or use",
  Member: "an fd, object, ioctl, op, rule, define, state, const or role",
  Field: "a field",
  Entry: "a device, group, iommu, kernel or host",
  Claim: "safe, breaks, reach, never, tasks, depth, limit or with",
  Statement: "a statement",
  Step: "a step",
};
const starters: Readonly<Record<string, readonly string[]>> = {
  Declaration: ["topology", "proposal", "scenario", "verify", "use", "abstract"],
  Member: [
    "object",
    "ioctl",
    "define",
    "state",
    "fact",
    "const",
    "role",
    "type",
    "remove",
    "override",
    "rule",
  ],
  Field: ["weak"],
  Entry: ["device", "group", "iommu", "kernel", "host"],
  Claim: ["safe", "breaks", "reach", "never", "tasks", "depth", "limit", "with"],
  Statement: ["require", "destroy", "close", "give", "return", "for", "if", "let"],
  Step: ["task", "parallel", "assert"],
};

interface Slip {
  readonly text: string;
  /** Where the parser stopped: at a token, or at the end. */
  readonly at: number;
  readonly rule: string;
  readonly found: string;
  readonly before: string;
  readonly words: readonly string[];
}

/** Common slips; the first hint that is not null is the message. */
const hints: readonly ((slip: Slip) => string | null)[] = [
  ({ text, at }) => (text.startsWith("/*", at) ? "this comment is never closed" : null),
  ({ text, at }) =>
    text.charAt(at) === '"' && !closes(text, at) ? "this quoted text is never closed" : null,
  ({ text, at, found }) =>
    found === "=" && /^\s*(?:require|if|assert|reach|never|else)\b/.test(text) && text.charAt(at + 1) !== "="
      ? "use `==` to compare"
      : null,
  ({ found }) => (found === "&&" ? "write `and`" : found === "||" ? "write `or`" : null),
  ({ found, text, at }) => (found === "!" && isIdentPart(text.charCodeAt(at + 1)) ? "write `not`" : null),
  ({ text }) =>
    /^(?:\/\/\/[^\r\n]*\s*)*verify\s+(?:on\b[^{]*)?\{/.test(text)
      ? "which proposal is this about? `verify PROPOSAL on TOPOLOGY {`"
      : null,
  ({ found, words }) => similar(found, words),
  ({ text, rule }) => {
    const first = /^(?:\/\/\/[^\r\n]*\s*)*([A-Za-z_]+)[ \t]+[A-Za-z_"]/.exec(text);
    return first?.[1] === undefined ? null : similar(first[1], starters[rule.replace(/s$/, "")] ?? []);
  },
];

export function describe(rule: string, text: string, error: ParserError): ErrorNode {
  const at = skipTrivia(text, error.location.start.offset);
  const [start, end] = wordAt(text, at);
  const expected = error.expected ?? [];
  const found = at >= text.length ? "" : text.slice(start, Math.min(end, start + 40));
  const before = tokenBefore(text, at);
  const words = expected.flatMap((e) => (e.type === "literal" && /^[a-z]{3,}$/.test(e.text) ? [e.text] : []));
  const slip: Slip = { text, at, rule, found, before, words };
  for (const hint of hints) {
    const message = hint(slip);
    if (message !== null) return { kind: "error", message, start, end };
  }
  const wanted = at === 0 ? (itemStarts[rule] ?? alternatives(expected)) : alternatives(expected);
  const after = before === "" ? "" : ` after \`${before}\``;
  const instead = at >= text.length ? "but the line ends here" : `but found \`${found}\``;
  return { kind: "error", message: `expected ${wanted}${after}, ${instead}`, start, end };
}

/** The few most telling of the things that could have come. */
function alternatives(expected: readonly Expectation[]): string {
  const named: string[] = [];
  const literals: string[] = [];
  let atEnd = false;
  for (const e of expected) {
    if (e.type === "other" && e.description !== "space") named.push(e.description);
    else if (e.type === "literal" && !noise.has(e.text)) literals.push(e.text);
    else if (e.type === "class" && !e.inverted && e.parts.includes(",")) literals.push(",");
    else if (e.type === "end") atEnd = true;
  }
  const kinds = new Set(named);
  const expression = kinds.has("a number") && kinds.has("a quoted text");
  const operator = kinds.delete("an operator") || literals.includes("->");
  let rest = [...new Set(literals)];
  const result: string[] = [];
  if (expression) {
    result.push("an expression");
    rest = rest.filter((text) => !operandStarts.has(text));
    for (const name of ["a name", "a number", "a quoted text", "a version"]) kinds.delete(name);
  }
  if (operator) rest = rest.filter((text) => !operators.has(text));
  if (kinds.has("a quoted message")) kinds.delete("a quoted text");
  result.push(...[...kinds].sort());
  result.push(...rest.sort(bySense).map((text) => `\`${text}\``));
  if (result.length === 0) return operator ? "an operator or the end of the line" : "the end of the line";
  if (atEnd && result.length < 4) result.push("the end of the line");
  return oneOf(result.slice(0, 4));
}

/** Closing brackets and separators first, words last. */
function bySense(a: string, b: string): number {
  const rank = (text: string) => (")}".includes(text) ? 0 : text === "{" ? 1 : /^\w/.test(text) ? 3 : 2);
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** White space and comments in front of the token at which the parser stopped. */
function skipTrivia(text: string, from: number): number {
  const trivia = /[ \t\r\n\f\v\u00a0\ufeff]+|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//y;
  let at = from;
  do {
    trivia.lastIndex = at;
    if (!trivia.test(text)) return at;
    at = trivia.lastIndex;
  } while (at < text.length);
  return at;
}

/** The word or symbol at `at`; at the end of the text, the last character. Splits no surrogate pair and no CRLF. */
function wordAt(text: string, at: number): [start: number, end: number] {
  if (at >= text.length) {
    let start = text.length;
    while (start > 0 && (isBlank(text.charCodeAt(start - 1)) || isBreak(text.charCodeAt(start - 1)))) start--;
    if (start === 0) return [text.length, text.length];
    return [isPair(text, start - 2) ? start - 2 : start - 1, start];
  }
  const start = isPair(text, at - 1) ? at - 1 : at;
  if (text.charAt(start) === '"') return [start, lineEndOf(text, start)];
  const end = skipWord(text, start);
  if (end > start) return [start, end];
  const symbol = /^(?:[=!<>]=|->|&&|\|\||\r\n|\/\*)/.exec(text.slice(start, start + 2));
  return [start, start + (symbol !== null || isPair(text, start) ? 2 : 1)];
}

function lineEndOf(text: string, start: number): number {
  const close = /^"(?:[^"\\\r\n]|\\[^\r\n])*"?/.exec(text.slice(start, start + 200));
  const end = start + (close?.[0].length ?? 1);
  return isPair(text, end - 1) ? end - 1 : end;
}

function closes(text: string, at: number): boolean {
  return /^"(?:[^"\\\r\n]|\\[^\r\n])*"/.test(text.slice(at));
}

function isPair(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  const d = text.charCodeAt(at + 1);
  return c >= 0xd800 && c < 0xdc00 && d >= 0xdc00 && d < 0xe000;
}

function tokenBefore(text: string, at: number): string {
  const before = /(\w{1,40}|->|[=!<>]=|[^\s\w"])[ \t]*$/.exec(text.slice(Math.max(0, at - 60), at));
  return before?.[1] ?? "";
}

function similar(found: string, words: readonly string[]): string | null {
  if (found.length < 3 || words.includes(found)) return null;
  const near = didYouMean(found, words);
  return near === undefined ? null : `did you mean \`${near}\`?`;
}
