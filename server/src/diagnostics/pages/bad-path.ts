import type { Page } from "../page.ts";

export const badPath: Page = {
  code: "bad-path",
  title: "a path that open() could not use",
  severity: "error",
  what: `The path of an fd has a hole that is empty, never closed, or names neither a kind nor a field of one; or two fds open
the same path.`,
  why: `\`open(path)\` picks the file type by its path alone, as the kernel does. A hole is filled from the topology:
\`{group}\` with the numbers of the groups, \`{device}\` with the names of the devices, \`{device.FIELD}\` with a field.`,
  bad: `abstract proposal sketch {
  fd group_fd opens "/dev/sketch/{}"
}
`,
  good: `abstract proposal sketch {
  fd group_fd opens "/dev/sketch/{group}"
}
`,
};
