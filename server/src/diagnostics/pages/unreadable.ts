import type { Page } from "../page.ts";

export const unreadable: Page = {
  code: "unreadable",
  title: "a file cannot be read",
  severity: "error",
  what: `The file does not exist, is a directory, or may not be read by you. The message has the reason that the system gives.`,
  why: `A check that leaves out a file must not pass. \`uapi check\` therefore ends with exit status 2 and not with 0, even if
all the other files are clean.`,
};
