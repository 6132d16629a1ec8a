import type { Page } from "../page.ts";

export const unknownType: Page = {
  code: "unknown-type",
  title: "a type that nothing declares",
  severity: "error",
  what: `A field, a parameter, \`new\`, \`is\` or \`in\` names a type that is neither built in nor declared by the proposal or its
bases.`,
  why: `Types are \`bool\`, \`int\`, \`string\`, \`range\`, the hardware kinds \`iommu\`, \`group\`, \`device\` and \`task\`, and the fds,
objects, roles and types that the proposal declares. Without its type nothing can be said about a value.`,
  bad: `proposal sketch extends vfio {
  object quirk in container_fd {
    target: devise
  }
}
`,
  good: `proposal sketch extends vfio {
  object quirk in container_fd {
    target: device
  }
}
`,
};
