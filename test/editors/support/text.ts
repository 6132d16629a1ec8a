// Logs of editors are long; what went wrong is near their end.

export const lastLines = (text: string): string =>
  text
    .split("\n")
    .slice(-60)
    .map((line) => line.slice(0, 2000))
    .join("\n");
