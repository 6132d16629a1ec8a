import type { Page } from "../page.ts";

export const unknownProposal: Page = {
  code: "unknown-proposal",
  title: "a proposal that is not to be found",
  severity: "error",
  what: `\`use\`, \`extends\`, \`with\` or \`verify\` names a proposal that does not come with the tool, is not declared in the file, and
is in no \`.uapi\` file of that name beside it.`,
  why: `Without the proposal there is nothing to run a scenario on. Proposals of other folders are used by their file:
\`use "../drafts/mine.uapi"\`.`,
  bad: `use vifo
`,
  good: `use vfio
`,
};
