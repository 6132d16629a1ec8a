import type { Page } from "../page.ts";

export const tooLarge: Page = {
  code: "too-large",
  title: "a file is larger than 16 MB",
  severity: "error",
  what: `The file was not read because it is larger than 16 MB. The message says how large it is.`,
  why: `The largest uAPI headers of Linux have a few hundred kilobytes. A file a hundred times that size was made by a program
and would only make the editor wait. Divide it and connect the parts with \`use\`.`,
};
