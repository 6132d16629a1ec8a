import type { Page } from "../page.ts";

export const useNotFound: Page = {
  code: "use-not-found",
  title: "a used file cannot be read",
  severity: "error",
  what: `\`use "PATH"\` names a file that does not exist or cannot be read. Paths are relative to the file that has the \`use\`.`,
  why: `Everything that the file would declare is missing, so what depends on it cannot be checked. A proposal that comes with
the tool is used by its name, without quotes and without \`.uapi\`: \`use vfio\`.`,
  bad: `use "machines/nowhere.uapi"
`,
  good: `use vfio
`,
};
