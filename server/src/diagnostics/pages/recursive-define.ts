import type { Page } from "../page.ts";

export const recursiveDefine: Page = {
  code: "recursive-define",
  title: "a define that is defined by itself",
  severity: "error",
  what: `The value of a define depends on the define itself, directly or by way of others. The message shows the circle.`,
  why: `Every check has to end. What looks like recursion in a uAPI, a chain of parents, say, is finite and mostly short: ask
for the parent, and the parent's parent, or keep the answer in a field.`,
  bad: `abstract proposal sketch {
  define isolated(g: group): bool = not shared(g)
  define shared(g: group): bool = not isolated(g)
}
`,
  good: `abstract proposal sketch {
  define isolated(g: group): bool = not shared(g)
  define shared(g: group): bool = g.aliased
}
`,
};
