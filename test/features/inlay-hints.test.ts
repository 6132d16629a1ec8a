// Inlay hints; cases in cases/inlay-hints.md: the text from the line of the cursor on, with the hints in it as ‹ ›.

import { expect, test } from "vitest";
import type { View } from "../../server/src/analysis/session.ts";
import { hintsIn } from "../../server/src/features/inlay-hints.ts";
import { toPlain } from "../../server/src/features/markup.ts";
import { runCases, viewOf } from "./editor-cases.ts";

runCases("inlay-hints", 8, (view: View, offset: number) => {
  const { text } = view.document;
  let shown = text;
  for (const { at, label } of hintsIn(view, offset, text.length).toReversed())
    shown = `${shown.slice(0, at)}‹${label}›${shown.slice(at)}`;
  return shown.slice(offset);
});

const text = `use group_bind

topology two {
  iommu vtd
  group 26 behind vtd { device nic0 driver vfio_pci }
}

scenario "s" on two {
  ctx = open("/dev/ioasid")
  g = open("/dev/vfio/26")
  VFIO_GROUP_BIND_IOASID_FD(g, ctx)
}
`;

test("the tooltip tells the whole state, and what was written", () => {
  const [hint] = hintsIn(viewOf(text), 0, text.length);
  expect(toPlain(hint?.markup ?? [])).toBe(
    [
      "Behind this step:",
      "- nic0 DMA to blocked, owner ctx, nobody reaches it",
      "It changes:",
      "- g.context: none → ctx",
    ].join("\n\n"),
  );
});

test("only what was asked for is answered", () => {
  const view = viewOf(text);
  const at = text.indexOf("VFIO_GROUP");
  expect(hintsIn(view, 0, at - 1)).toEqual([]);
  expect(hintsIn(view, at, text.length).map(({ label }) => label)).toEqual([
    "nic0: DMA host → blocked, owner ctx",
  ]);
});
