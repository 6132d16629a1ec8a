// Logs of editors are long; what went wrong is near their end.

/** The last lines, of those with `word`. */
export const lastLines = (text: string, word = ""): string =>
  text
    .split("\n")
    .filter((line) => line.includes(word))
    .slice(-60)
    .map((line) => line.slice(0, 2000))
    .join("\n");
