// Text in a grid of columns, as terminals and mail readers show it: widths, escapes, wrapping. No colours here.

/** Made when first needed: it takes some milliseconds, and most texts do without. */
let segmenter: Intl.Segmenter | null = null;

function graphemesOf(text: string): Iterable<{ readonly segment: string; readonly index: number }> {
  if (asciiOnly.test(text)) return Array.from(text, (segment, index) => ({ segment, index }));
  segmenter ??= new Intl.Segmenter("und", { granularity: "grapheme" });
  return segmenter.segment(text);
}

// The expressions stand in functions, for reading one takes its time, and most runs show nothing.
const isZeroWidth = (text: string): boolean => /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u.test(text);

/** Two columns: East Asian wide and full-width characters, and whatever is shown as a picture by default. */
const isWide = (text: string): boolean =>
  /[\p{Emoji_Presentation}\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{33ff}\u{3400}-\u{4dbf}\u{4e00}-\u{a4cf}\u{a960}-\u{a97f}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}]|\u{fe0f}/u.test(
    text,
  );

/** What would move the cursor, change the terminal, or hide and reorder text: shown as its number instead. */
const everyUnprintable = (): RegExp =>
  /[\p{Cc}\p{Cs}\u{ad}\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/gu;

const asciiOnly = /^[\x20-\x7e]*$/;

/** A character as people see it, and its place in the text: `start` in UTF-16 units. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  readonly start: number;
}

/** The columns that a printable text takes. */
export function widthOf(text: string): number {
  if (asciiOnly.test(text)) return text.length;
  return cellsOf(text).reduce((sum, cell) => sum + cell.width, 0);
}

/** A text cut into what is shown: escapes instead of control characters, spaces up to each tab stop. */
export function cellsOf(text: string, options: { readonly tabStop: number } = { tabStop: 8 }): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const { segment, index } of graphemesOf(text)) {
    const shown =
      segment === "\t" ? " ".repeat(options.tabStop - (column % options.tabStop)) : escaped(segment);
    const width = graphemeWidth(shown);
    cells.push({ text: shown, width, start: index });
    column += width;
  }
  return cells;
}

/** A text on one line that is safe to show: line breaks become spaces, control characters their numbers. */
export function oneLine(text: string): string {
  return escaped(text.replace(/\s*[\r\n]+\s*/g, " ").replaceAll("\t", " "));
}

/** `\x1b`, `\u{202e}` in the place of what cannot be shown. */
export function escaped(text: string): string {
  return text.replace(everyUnprintable(), (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

/**
 * The lines of a text at most `width` columns wide, broken at spaces; a word that is longer has a line of its own
 * and sticks out, because a name or a command that is broken apart can no longer be copied. `first` columns are
 * already taken on the first line.
 */
export function wrap(text: string, width: number, options: { readonly first?: number } = {}): string[] {
  const lines: string[] = [];
  let line: string | null = null;
  let room = width - (options.first ?? 0);
  for (const word of text.split(" ")) {
    const longer: string = line === null ? word : `${line} ${word}`;
    if (line === null || widthOf(longer) <= room) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
    room = width;
  }
  return [...lines, line ?? ""];
}

/** A text with spaces behind it, up to `width` columns. */
/** `12 345`: in groups of three. */
export const number = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, " ");

export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** A text cut to `width` columns; `…` stands for what is missing. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let used = 0;
  let kept = "";
  for (const cell of cellsOf(text)) {
    if (used + cell.width > width - 1) break;
    kept += cell.text;
    used += cell.width;
  }
  return `${kept}…`;
}

function graphemeWidth(grapheme: string): number {
  if (asciiOnly.test(grapheme)) return grapheme.length;
  if (isZeroWidth(grapheme)) return 0;
  if (isWide(grapheme)) return 2;
  // An escape inside a cluster (a letter with a zero-width space behind it) has the width of its letters.
  return grapheme.includes("\\") ? [...grapheme].filter((character) => !isZeroWidth(character)).length : 1;
}
