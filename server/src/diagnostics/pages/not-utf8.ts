import type { Page } from "../page.ts";

export const notUtf8: Page = {
  code: "not-utf8",
  title: "a file is not UTF-8",
  severity: "error",
  what: `The file holds a byte that cannot stand at its place in UTF-8. The message gives the byte, its offset in the file and
the line. Nothing of the file is checked, and \`uapi fmt\` leaves it alone.`,
  why: `To guess an encoding would be to guess names: two readers could see different programs in the same file. Editors that
save UTF-16 or Latin-1 have a setting for it; \`iconv -f latin1 -t utf-8\` converts a file.`,
  sources: ["The Unicode Standard, section 3.9, table 3-7 (well-formed UTF-8 byte sequences)"],
};
