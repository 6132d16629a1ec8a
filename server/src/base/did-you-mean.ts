// Which of the known names was probably meant. Knows nothing of what the names are.

/**
 * The candidate nearest to `name`, or undefined when none is near: a third of the name's length in typing errors
 * (one left out, added, changed, or two neighbours swapped), at most 3, at least 1. Case and `-`/`_` do not matter.
 * Of equally near ones the first wins, so that an answer depends on nothing but the order of the candidates.
 */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(name);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.min(3, Math.floor(name.length / 3))) + 1;
  for (const candidate of candidates) {
    // The name itself would be no help; the same in another case is the best there is.
    if (candidate === name) continue;
    const distance = distanceBelow(wanted, fold(candidate), bestDistance);
    // A change of everything is no typing error: `a` is not meant by `b`.
    if (distance < bestDistance && distance < Math.max(wanted.length, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}

/** Damerau-Levenshtein distance (neighbours swapped count once), or `limit` if it is not below that. */
function distanceBelow(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let twoAgo: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          (previous[column] ?? limit) + 1,
          (current[column - 1] ?? limit) + 1,
          (previous[column - 1] ?? limit) + (same ? 0 : 1),
          swapped ? (twoAgo[column - 2] ?? limit) + 1 : limit,
        ),
      );
    }
    if (Math.min(...current) >= limit && Math.min(...previous) >= limit) return limit;
    twoAgo = previous;
    previous = current;
  }
  return Math.min(previous[b.length] ?? limit, limit);
}
