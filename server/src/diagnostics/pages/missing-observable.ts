import type { Page } from "../page.ts";

export const missingObservable: Page = {
  code: "missing-observable",
  title: "a proposal leaves an observable undefined",
  severity: "error",
  what: `A base declares a define without a value (\`define dma(d: device): dma_target\`), and the proposal does not say what it
is. \`core\` wants three of them: \`may_access\`, \`owner\` and \`dma\`.`,
  why: `The rules ask only for observables: who may touch a device, who owns it, where its DMA goes. A proposal that does not
answer cannot be checked, or compared with others. Often the missing answer is the open question of the RFC. A proposal
that is only a base for others is declared \`abstract proposal\`.`,
  bad: `proposal sketch extends core {
  fd context_fd is context, address_space opens "/dev/sketch"

  define may_access(f: device_fd): bool = owner(f.device) != none
  define owner(d: device): context? = first(c in context_fd)
}
`,
  good: `proposal sketch extends core {
  fd context_fd is context, address_space opens "/dev/sketch"

  define may_access(f: device_fd): bool = owner(f.device) != none
  define owner(d: device): context? = first(c in context_fd)
  define dma(d: device): dma_target =
    if owner(d) == none then default_dma else owner(d)
}
`,
  sources: ["<20210610093842.6b9a4e5b.alex.williamson@redhat.com>"],
};
