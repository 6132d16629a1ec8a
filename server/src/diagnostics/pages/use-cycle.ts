import type { Page } from "../page.ts";

export const useCycle: Page = {
  code: "use-cycle",
  title: "files use each other in a circle",
  severity: "error",
  what: `A file uses itself, directly or by way of the files that it uses. The message shows the circle.`,
  why: `With a circle there is no order in which the files could be read, and an error in one of them would be reported in
all. What both need goes into a third file, which both use: usually the topologies.`,
  bad: `use "example.uapi"
`,
  good: `use vfio
`,
};
