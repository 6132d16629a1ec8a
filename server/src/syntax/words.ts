// What the first words of a line say about it: purely lexical, so that a line can be classified before, and without,
// parsing it. Knows the words of the language, not its rules.

const quote = 0x22;

// A table, for these are asked for every character of a text, also before the code is warm.
const [start, part, digit, blank] = [1, 2, 4, 8];
const classes = new Uint8Array(0x10000);
for (const c of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
  classes[c.charCodeAt(0)] = start | part;
for (const c of "0123456789") classes[c.charCodeAt(0)] = part | digit;
for (const c of " \t\f\v\u00a0\ufeff") classes[c.charCodeAt(0)] = blank;

// Behind the end of a text, charCodeAt says NaN, which is of no class.
export const isIdentStart = (c: number): boolean => ((classes[c] ?? 0) & start) !== 0;
export const isIdentPart = (c: number): boolean => ((classes[c] ?? 0) & part) !== 0;
export const isDigit = (c: number): boolean => ((classes[c] ?? 0) & digit) !== 0;
/** Space that stays on the line: what the grammar calls `ws`, without line breaks. */
export const isBlank = (c: number): boolean => ((classes[c] ?? 0) & blank) !== 0;
export const isBreak = (c: number): boolean => c === 10 || c === 13;

export function skipBlanks(text: string, at: number): number {
  let i = at;
  while (((classes[text.charCodeAt(i)] ?? 0) & blank) !== 0) i++;
  return i;
}

export function skipWord(text: string, at: number): number {
  let i = at;
  while (((classes[text.charCodeAt(i)] ?? 0) & part) !== 0) i++;
  return i;
}

const longestWord = 9;

/** The word of the language at [at, end), or "" if it is another: told by its length and first letter, mostly. */
export function knownWord(text: string, at: number, end: number): string {
  const length = end - at;
  if (length > longestWord || lengths[(text.charCodeAt(at) & 0x7f) * 16 + length] !== 1) return "";
  const word = text.slice(at, end);
  return keywords.has(word) ? word : "";
}

/** Every word that the grammar mentions. */
export const keywords: ReadonlySet<string> = new Set(
  `abstract all and any as assert at behind breaks caller close const count define depth destroy device driver effect
   else enum error exclusive extends fact fail fails false fd first for give group hazard host if in info ioctl iommu is kernel let
   limit never new none not NULL numbered object of off ok on op opens or override parallel proposal reach remove require return
   role rule safe scenario set since state struct sum task tasks then to topology true type until use verify violates
   warning weak where with`.split(/\s+/),
);
const lengths = new Uint8Array(128 * 16);
for (const word of keywords) lengths[word.charCodeAt(0) * 16 + word.length] = 1;

/** Words that may open a block. `iommu` is none: its braces hold attributes. */
const headWords = new Set(
  "topology group proposal fd object state fact ioctl op effect rule on for if scenario task parallel verify".split(
    " ",
  ),
);
/** Words that start a declaration, at any place at the left margin. */
const declarationWords = new Set("topology proposal scenario verify use".split(" "));
/** Words that start a member of a proposal, and nothing else when a name follows. */
const memberWords = new Set(
  "fd object ioctl op effect define rule hazard state fact const role type remove".split(" "),
);
const severities = new Set(["error", "warning", "info", "off"]);
/** Words after which a statement, and no argument, must follow. */
const statementWords = new Set("assert require return let task for use".split(" "));

/** Words after which an expression goes on. */
export const operatorWords = new Set("and or not in is where then else".split(" "));
/** Words after which a brace does not open a block. */
export const setWords = new Set([...operatorWords, "enum", "of"]);

const continuations = new Set("else and or where then in is".split(" "));
const softContinuations = new Set("fails violates as behind extends opens exclusive driver at".split(" "));
const headContinuations = new Set(["on", "with"]);

export interface LineStart {
  /** The word that says what the line is, or "": `rule` for `override error rule x`. */
  readonly word: string;
  /** It may open a block. */
  readonly head: boolean;
  /** What it cannot be but the start of. */
  readonly starts: "declaration" | "member" | "statement" | "other";
}

const plain: LineStart = { word: "", head: false, starts: "other" };
const assignment: LineStart = { word: "", head: false, starts: "statement" };

/** What the line is whose first token stands at `at`. */
export function lineStart(text: string, at: number): LineStart {
  if (!isIdentStart(text.charCodeAt(at))) return plain;
  let end = skipWord(text, at);
  let word = knownWord(text, at, end);
  if (word === "override" || word === "abstract") {
    const next = skipBlanks(text, end);
    end = skipWord(text, next);
    word = knownWord(text, next, end);
  }
  if (severities.has(word)) {
    const next = skipBlanks(text, end);
    const after = skipWord(text, next);
    const kind = knownWord(text, next, after);
    if (kind === "rule" || kind === "hazard") {
      word = kind;
      end = after;
    }
  }
  const next = skipBlanks(text, end);
  const c = text.charCodeAt(next);
  if (isAssignment(text, next)) return assignment;
  const named = isIdentPart(c) || c === quote;
  if (named && isIdentStart(c)) {
    const second = skipWord(text, next);
    if (
      isAssignment(text, skipBlanks(text, second)) &&
      !memberWords.has(word) &&
      !declarationWords.has(word)
    ) {
      return statementWords.has(word) || headWords.has(word) ? classify(text, word, next, named) : assignment;
    }
  }
  return classify(text, word, next, named);
}

function classify(text: string, word: string, next: number, named: boolean): LineStart {
  const head = headWords.has(word) && (named || opensAnyway(text, word, next));
  if (named && declarationWords.has(word)) return { word, head, starts: "declaration" };
  if (named && memberWords.has(word)) return { word, head, starts: "member" };
  if (named && statementWords.has(word)) return { word, head, starts: "statement" };
  return head ? { word, head, starts: "other" } : plain;
}

/** `parallel {` has no name, and the condition of `if` may start with anything. */
function opensAnyway(text: string, word: string, next: number): boolean {
  const c = text.charCodeAt(next);
  if (word === "parallel" || word === "scenario") return c === 0x7b;
  return word === "if" && (c === 0x28 || c === 0x26 || c === 0x2d || c === 0x7b);
}

function isAssignment(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x3d && text.charCodeAt(at + 1) !== 0x3d;
}

/**
 * Whether a line whose first token stands at `at` continues the statement before it. The symbols are the operators
 * with which no statement starts; a closing bracket is none of them, for a stray one should cost its own line only.
 * `head`: the statement is the head of a block whose brace has not come yet.
 */
export function continues(text: string, at: number, head: boolean): boolean {
  const c = text.charCodeAt(at);
  if (!isIdentStart(c)) return continuesWithSymbol(text, at, c, head);
  const end = skipWord(text, at);
  const word = knownWord(text, at, end);
  if (word === "") return false;
  const next = skipBlanks(text, end);
  const after = text.charCodeAt(next);
  if (word === "ok") return endsStep(text, next);
  if (continuations.has(word)) return after !== 0x3a && !isAssignment(text, next);
  if (!softContinuations.has(word) && !(head && headContinuations.has(word))) return false;
  // Also names of fields and variables: then something else than a name follows.
  return isIdentPart(after) || after === quote || endsStep(text, next);
}

function continuesWithSymbol(text: string, at: number, c: number, head: boolean): boolean {
  switch (c) {
    case 0x7b: // {
      return head;
    case 0x2e: // .
    case 0x2c: // ,
    case 0x3a: // :
    case 0x3d: // =
    case 0x3c: // <
    case 0x3e: // >
    case 0x2b: // +
    case 0x2d: // - ->
    case 0x2a: // *
    case 0x25: // %
    case 0x7c: // |
    case 0x26: // &
    case 0x3f: // ?
      return true;
    case 0x21: // !=
      return text.charCodeAt(at + 1) === 0x3d;
    case 0x2f: // a division, not a comment
      return text.charCodeAt(at + 1) !== 0x2f && text.charCodeAt(at + 1) !== 0x2a;
    default:
      return false;
  }
}

/** Whether an outcome may end at `at`: at the end of the line, a comment, `;`, `}` or `or`. */
function endsStep(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (Number.isNaN(c) || isBreak(c) || c === 0x3b || c === 0x7d || c === 0x2f) return true;
  return text.startsWith("or", at) && !isIdentPart(text.charCodeAt(at + 2));
}

/** Whether `fails`, `violates` or `ok` stands at `at`: what may follow the `;` of a step. */
export function isOutcome(text: string, at: number): boolean {
  const end = skipWord(text, at);
  const word = knownWord(text, at, end);
  const next = skipBlanks(text, end);
  if (word === "ok") return endsStep(text, next);
  if (word !== "fails" && word !== "violates") return false;
  return isIdentStart(text.charCodeAt(next)) || endsStep(text, next);
}
