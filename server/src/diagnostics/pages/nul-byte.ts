import type { Page } from "../page.ts";

export const nulByte: Page = {
  code: "nul-byte",
  title: "a file holds a NUL byte",
  severity: "error",
  what: `There is a byte of value 0 in the file. Nothing of the file is checked, and \`uapi fmt\` leaves it alone.`,
  why: `A NUL is a sign that the file is something else: UTF-16 without a mark, an object file, a disk that lost a block. Many
tools end a text there, so that what they show is not what is checked.`,
};
