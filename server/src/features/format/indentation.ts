// How far each line is indented: by the brackets that are open above it, and one level more if it goes on with what
// the line above began. One pass; knows nothing of the spaces within a line.

import { isComment, type Line, type Token } from "./lines.ts";
import { endsOperand, isBinarySymbol } from "./spacing.ts";

const step = 2;
/** Nobody nests deeper; without a limit, a million open braces would be as many columns. */
const widest = 120;

/** Words and operators that go on with the line above, whatever it ends in. */
const continues = new Set(
  "else and or where then in is fails violates ok opens exclusive extends behind driver at with to".split(
    " ",
  ),
);
/** Words that go on below the line that they end. */
const awaits = new Set(
  "else and or not in is where then if require assert let extends opens behind".split(" "),
);

interface Bracket {
  readonly text: string;
  /** Columns of the line that starts the statement in which the bracket opens; its closer goes there. */
  readonly outer: number;
  /** How many braces are open, this bracket included. */
  readonly braces: number;
}

/** Columns of white space before each line; for lines without tokens the number means nothing. */
export function indentationOf(lines: readonly Line[]): readonly number[] {
  const open: Bracket[] = [];
  const columns: number[] = [];
  let previous: Token | undefined;
  for (const { tokens } of lines) {
    const code = tokens.filter((token) => !isComment(token));
    const leading = code.length === tokens.length ? code.findIndex((token) => !isCloser(token)) : -1;
    const closers =
      leading === -1 && tokens[0] !== undefined && isComment(tokens[0]) ? [] : leadingClosers(code);
    let outer: number | undefined;
    for (const closer of closers) outer = close(open, closer.text)?.outer ?? outer;

    const top = open[open.length - 1];
    const base = outer ?? (top === undefined ? 0 : top.outer + step);
    const further = outer === undefined && goesOn(previous, code, top) ? step : 0;
    columns.push(Math.min(base + further, widest));

    for (const token of code.slice(closers.length)) {
      const braces = open[open.length - 1]?.braces ?? 0;
      // Blocks belong to the statement, parentheses to the line.
      if (isSymbol(token, "{")) open.push({ text: "{", outer: base, braces: braces + 1 });
      else if (isSymbol(token, "(")) open.push({ text: "(", outer: base + further, braces });
      else if (isCloser(token)) close(open, token.text);
    }
    previous = code[code.length - 1] ?? previous;
  }
  return withComments(lines, columns);
}

function leadingClosers(code: readonly Token[]): readonly Token[] {
  const end = code.findIndex((token) => !isCloser(token));
  return end === -1 ? code : code.slice(0, end);
}

function isCloser(token: Token): boolean {
  return isSymbol(token, "}") || isSymbol(token, ")");
}

function isSymbol({ kind, text }: Token, symbol: string): boolean {
  return kind === "symbol" && text === symbol;
}

/**
 * Takes the bracket that belongs to a closer off the stack. A brace closes the parentheses that are left open in it;
 * nothing closes a brace but a brace.
 */
function close(open: Bracket[], closer: string): Bracket | undefined {
  const top = open[open.length - 1];
  if (closer === ")") return top?.text === "(" ? open.pop() : undefined;
  if (top === undefined || top.braces === 0) return undefined;
  while (open[open.length - 1]?.text === "(") open.pop();
  return open.pop();
}

function goesOn(previous: Token | undefined, code: readonly Token[], top: Bracket | undefined): boolean {
  const [first, second] = code;
  if (previous === undefined || first === undefined || "{(;".includes(previous.text)) return false;
  if (previous.text === ",") return top === undefined;
  if (previous.kind === "word" && awaits.has(previous.text)) return true;
  if (previous.text === ":" || previous.text === "->" || isBinarySymbol(previous)) return true;
  if (first.kind === "symbol") {
    return first.text === "->" || first.text === "." || (isBinarySymbol(first) && endsOperand(previous));
  }
  if (
    first.kind !== "word" ||
    !(continues.has(first.text) || (first.text === "not" && second?.text === "in"))
  )
    return false;
  // `else {` below its block; a variable or a field that is named like a clause.
  if (first.text === "else" && previous.text === "}") return second?.text !== "{" && second?.text !== "if";
  return (
    second === undefined || !["=", ":", ".", "->", "("].includes(second.text) || hardWords.has(first.text)
  );
}

const hardWords = new Set("else and or where then".split(" "));

/** A comment on a line of its own stands where the code below it does, unless that closes the block. */
function withComments(lines: readonly Line[], columns: number[]): readonly number[] {
  for (let index = lines.length - 2; index >= 0; index -= 1) {
    const tokens = lines[index]?.tokens ?? [];
    const below = columns[index + 1];
    const own = columns[index];
    if (below === undefined || own === undefined || lines[index + 1]?.tokens.length === 0) continue;
    if (tokens.length > 0 && tokens.every(isComment) && below > own) columns[index] = below;
  }
  return columns;
}
