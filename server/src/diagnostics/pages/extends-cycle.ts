import type { Page } from "../page.ts";

export const extendsCycle: Page = {
  code: "extends-cycle",
  title: "proposals extend each other in a circle",
  severity: "error",
  what: `A proposal extends itself, directly or by way of its bases. The message shows the circle.`,
  why: `A proposal has all members of its base, so a circle has no first one. If two drafts share most of their calls, put
these into an \`abstract proposal\` that both extend.`,
  bad: `abstract proposal first_draft extends second_draft {}

abstract proposal second_draft extends first_draft {}
`,
  good: `abstract proposal first_draft {}

abstract proposal second_draft extends first_draft {}
`,
};
