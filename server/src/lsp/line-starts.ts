// Where the lines of a text under edit begin. Nothing is counted again that an edit does not touch: starts in front of
// the last edit are kept as they are, those behind it as distances from the end of the text, so that nobody has to
// move them (a gap buffer). Knows offsets in UTF-16 units only; the text itself is somebody else's.

/** How a line ends; the last one does not. */
const NONE = 0;
const LF = 1;
const CR = 2;
const CRLF = 3;

const lengthOfBreak: readonly number[] = [0, 1, 1, 2];

export interface LineStarts {
  readonly count: () => number;
  /** The length of the text. */
  readonly length: () => number;
  /** The offset at which a line starts, from 0; the length of the text for a line that does not exist. */
  readonly start: (line: number) => number;
  /** The offset behind the last unit of a line, in front of its line break. */
  readonly end: (line: number) => number;
  /** The line that an offset is in; a line break belongs to the line that it ends. */
  readonly lineAt: (offset: number) => number;
  /** Units from `start` to `end` became `text`. Neither may lie between the CR and the LF of one line break. */
  readonly edit: (start: number, end: number, text: string) => void;
}

export function lineStartsOf(text: string): LineStarts {
  const found = breaksIn(text);
  let length = text.length;
  // Entry i is line i + 1: the first line starts at 0 whatever happens. `kinds` says how the line in front of it ends.
  let capacity = Math.max(64, found.count + (found.count >> 3));
  let places = new Int32Array(capacity);
  let kinds = new Uint8Array(capacity);
  let gap = found.count;
  let gapEnd = capacity;
  places.set(found.places);
  kinds.set(found.kinds);

  const entries = (): number => capacity - (gapEnd - gap);
  const startOf = (entry: number): number =>
    entry < gap ? (places[entry] ?? 0) : length - (places[entry - gap + gapEnd] ?? 0);
  const kindOf = (entry: number): number => kinds[entry < gap ? entry : entry - gap + gapEnd] ?? NONE;

  /** The number of entries that start at or before the offset: the line that it is in. */
  const lineAt = (offset: number): number => {
    let low = 0;
    let high = entries();
    while (low < high) {
      const middle = (low + high) >> 1;
      if (startOf(middle) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const start = (line: number): number => {
    if (line <= 0) return 0;
    return line > entries() ? length : startOf(line - 1);
  };
  const end = (line: number): number =>
    line >= entries() ? length : startOf(line) - (lengthOfBreak[kindOf(line)] ?? 0);

  function moveGap(to: number): void {
    while (gap > to) {
      gap--;
      gapEnd--;
      places[gapEnd] = length - (places[gap] ?? 0);
      kinds[gapEnd] = kinds[gap] ?? NONE;
    }
    while (gap < to) {
      places[gap] = length - (places[gapEnd] ?? 0);
      kinds[gap] = kinds[gapEnd] ?? NONE;
      gap++;
      gapEnd++;
    }
  }

  function makeRoom(count: number): void {
    if (gapEnd - gap >= count) return;
    const behind = capacity - gapEnd;
    const size = (gap + behind + count) * 2;
    const newPlaces = new Int32Array(size);
    const newKinds = new Uint8Array(size);
    newPlaces.set(places.subarray(0, gap));
    newKinds.set(kinds.subarray(0, gap));
    newPlaces.set(places.subarray(gapEnd), size - behind);
    newKinds.set(kinds.subarray(gapEnd), size - behind);
    [places, kinds, capacity, gapEnd] = [newPlaces, newKinds, size, size - behind];
  }

  return {
    count: () => entries() + 1,
    length: () => length,
    start,
    end,
    lineAt,
    edit(from, to, inserted) {
      const first = lineAt(from);
      const last = lineAt(to);
      const found = breaksIn(inserted);
      // What is in front of the edit and behind it may become one CRLF with it, or with each other.
      const isBehindCr = first > 0 && startOf(first - 1) === from && kindOf(first - 1) === CR;
      const next = last < entries() && end(last) === to ? kindOf(last) : NONE;
      moveGap(last);
      gap = first;
      length += inserted.length - (to - from);
      makeRoom(found.count + 1);
      if (isBehindCr && inserted.charCodeAt(0) === 10) {
        gap = first - 1;
        found.kinds[0] = CRLF;
      }
      for (let i = 0; i < found.count; i++) {
        places[gap] = from + (found.places[i] ?? 0);
        kinds[gap++] = found.kinds[i] ?? NONE;
      }
      const endsWithCr = inserted === "" ? isBehindCr : inserted.charCodeAt(inserted.length - 1) === 13;
      if (endsWithCr && next === LF) {
        gap--;
        kinds[gapEnd] = CRLF;
      }
    },
  };
}

interface Breaks {
  readonly count: number;
  /** Where the next line starts behind each line break. */
  readonly places: Int32Array;
  readonly kinds: Uint8Array;
}

function breaksIn(text: string): Breaks {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || unit === 13) count++;
  }
  const places = new Int32Array(count);
  const kinds = new Uint8Array(count);
  let next = 0;
  for (let i = 0; next < count && i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit !== 10 && unit !== 13) continue;
    const isCrLf = unit === 13 && text.charCodeAt(i + 1) === 10;
    if (isCrLf) {
      i++;
      count--;
    }
    places[next] = i + 1;
    kinds[next++] = isCrLf ? CRLF : unit === 13 ? CR : LF;
  }
  return { count, places: places.subarray(0, count), kinds: kinds.subarray(0, count) };
}
