// Findings for the tests of reports, made from the texts that they point at.

import type { Finding } from "../../server/src/base/finding.ts";
import { plainPaint } from "../../server/src/report/paint.ts";
import { type Sources, sourcesFrom } from "../../server/src/report/sources.ts";
import { findingText } from "../../server/src/report/text.ts";

export const flow = `use group_bind

scenario "a vIOMMU" on dual_function {
  ctx  = open("/dev/ioasid")
  g    = open("/dev/vfio/26")

  VFIO_GROUP_BIND_IOASID_FD(g, ctx)

  dev0 = VFIO_GROUP_GET_DEVICE_FD(g, nic0)

  mmap(dev0)
}
`;

/** The first occurrence of `text` in `source`, as a place of the file `uri`. */
export function placeOf(source: string, text: string, uri = "viommu.uapi"): Finding {
  const start = source.indexOf(text);
  if (start < 0) throw new Error(`no ${text} in the text`);
  return { ...blank, uri, start, end: start + text.length };
}

const blank: Finding = {
  uri: "",
  start: 0,
  end: 0,
  code: "errno",
  severity: "error",
  message: "it fails",
  related: [],
  help: [],
  notes: [],
};

/** The example of the language's design. */
export const secureContext: Finding = {
  ...placeOf(flow, "mmap(dev0)"),
  code: "secure-context",
  message:
    "nic0 becomes accessible while nic1, in the same group 26, still does DMA through the host's domain",
  label: "nic0's registers are mapped here",
  related: [
    {
      ...placeOf(flow, "VFIO_GROUP_BIND_IOASID_FD(g, ctx)"),
      message: "group 26 was bound here, no device of it is attached",
    },
  ],
  help: [
    "attach nic1 first: insert `dev1 = VFIO_GROUP_GET_DEVICE_FD(g, nic1)` and `VFIO_DEVICE_ATTACH_IOASID(dev1, …)`",
  ],
  notes: ["rule: core.secure_context"],
};

export function sourcesOf(texts: Readonly<Record<string, string>>): Sources {
  return sourcesFrom((uri) => texts[uri] ?? null);
}

export function shown(finding: Finding, texts: Readonly<Record<string, string>>, width = 80): string {
  return findingText(finding, sourcesOf(texts), { width, paint: plainPaint });
}
