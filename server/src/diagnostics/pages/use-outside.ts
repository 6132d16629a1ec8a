import type { Page } from "../page.ts";

export const useOutside: Page = {
  code: "use-outside",
  title: "a used file lies outside the workspace",
  severity: "error",
  what: `\`use "PATH"\` leads out of the folder that is checked or opened, with \`..\`, as an absolute path, or by a symbolic link.
The file is not read.`,
  why: `A \`.uapi\` file may come from a mail. Checking it must not read files elsewhere on your machine, let alone show parts of
them in messages. Copy the file into the workspace, or open the folder that holds both.`,
  bad: `use "/nowhere/machines.uapi"
`,
  good: `use vfio
`,
};
