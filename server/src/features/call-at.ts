// The call whose arguments the cursor stands in: for completion and signature help. Reads tokens, for the call is
// rarely complete.

import { type OpenBracket, openBrackets, type Token } from "./tokens.ts";

export interface CallAt {
  readonly callee: string;
  /** Which argument, from 0, by commas; in `ioctl(fd, OP, arg)` as if it were `OP(fd, arg)`. */
  readonly index: number;
  /** `flags:` in front of the value, or `.flags =` in a struct. */
  readonly name: string | null;
  /** The arguments in front of this one. */
  readonly before: readonly (readonly Token[])[];
  /** What is written of this one. */
  readonly part: readonly Token[];
  /** Inside of a struct that is an argument: `OP({ .x = … })`. */
  readonly struct: boolean;
  /** Where the callee stands among the tokens. */
  readonly at: number;
}

export function callAt(tokens: readonly Token[]): CallAt | null {
  const open = openBrackets(tokens);
  const at = open.findLastIndex(
    ({ bracket, index }) => bracket === "(" && tokens[index - 1]?.kind === "word",
  );
  const bracket = open[at];
  if (bracket === undefined) return null;
  const inner = open.slice(at + 1).findLast(({ bracket: kind }) => kind === "{");
  return inner === undefined ? plain(tokens, bracket) : within(tokens, bracket, inner);
}

function plain(tokens: readonly Token[], bracket: OpenBracket): CallAt | null {
  const callee = tokens[bracket.index - 1]?.text ?? "";
  const parts = partsOf(tokens, bracket.index + 1);
  const part = tokens.slice(bracket.part);
  const named = part[0]?.kind === "word" && part[1]?.text === ":" ? part[0].text : null;
  const rest = { name: named, part: named === null ? part : part.slice(2), struct: false };
  if (callee !== "ioctl")
    return { callee, index: bracket.commas, before: parts.slice(0, -1), at: bracket.index - 1, ...rest };
  const operation = parts[1]?.[0];
  if (bracket.commas < 2 || operation === undefined)
    return { callee, index: bracket.commas, before: parts.slice(0, -1), at: bracket.index - 1, ...rest };
  const before = parts.slice(0, -1).filter((_, i) => i !== 1);
  return {
    callee: operation.text,
    index: bracket.commas - 1,
    before,
    at: tokens.indexOf(operation),
    ...rest,
  };
}

/** A struct or set that is an argument. */
function within(tokens: readonly Token[], bracket: OpenBracket, inner: OpenBracket): CallAt | null {
  const outer = plain(tokens, { ...bracket, part: inner.index });
  if (outer === null) return null;
  const part = tokens.slice(inner.part);
  const named = part[0]?.text === "." && part[1]?.kind === "word" && part[2]?.text === "=";
  const isStruct = named || part.length === 0 || part[0]?.text === ".";
  if (!isStruct) return { ...outer, part };
  const name = named ? (part[1]?.text ?? null) : null;
  return { ...outer, name, part: named ? part.slice(3) : part, struct: true };
}

/** The arguments from `from` on, split at commas outside of inner brackets. */
function partsOf(tokens: readonly Token[], from: number): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(from)) {
    if (token.kind === "symbol" && "([{".includes(token.text)) depth++;
    if (token.kind === "symbol" && ")]}".includes(token.text)) depth--;
    if (token.text === "," && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
