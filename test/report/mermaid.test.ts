// Pictures as Mermaid flowcharts.

import { expect, test } from "vitest";
import { mermaidPicture } from "../../server/src/report/mermaid.ts";
import { pictureIn, sampleScenarios, scenariosIn } from "../support/pictures.ts";

test("the peer is detached", () => {
  const picture = pictureIn(sampleScenarios("05-peer-detached.uapi"), 9, "the peer is the host's again");
  expect(mermaidPicture(picture)).toBe(
    `flowchart TD
  %% scenario "the peer is the host's again" (group_bind_detach_default on dual_function)
  %% step 9 of 12: VFIO_DEVICE_DETACH_IOASID(dev1) violates secure_context
  %% -> breaks secure_context: nic0 is accessible while nic1, in the same group 26, does DMA through the host's translated domain
  %% ! secure_context: nic1 is accessible while its own DMA goes through the host's translated domain
  n2(["main<br/>task"])
  n9{{"! host<br/>the host's memory"}}
  subgraph n0 ["! group 26, behind vtd"]
    n3[/"dev0<br/>device fd"/]
    n4[/"* dev1<br/>device fd<br/>detached"/]
    n5[/"g<br/>group fd"/]
    n7["! nic0<br/>vfio_pci"]
    n8["! nic1<br/>vfio_pci"]
  end
  subgraph n1 ["ctx, ioasid fd, open in main"]
    n6[["as<br/>ioasid"]]
  end
  n2 --- n3
  n3 ==>|"! registers"| n7
  n2 --- n4
  n4 ==>|"! registers"| n8
  n2 --- n5
  n7 -.->|"DMA"| n6
  n8 -.->|"! DMA"| n9
  n0 --o|"owner"| n1
  classDef broken stroke:#c9101f,stroke-width:3px
  class n0,n7,n8,n9 broken
  classDef changed stroke:#1a7f37,stroke-width:3px
  class n4 changed
  linkStyle 1,3,6 stroke:#c9101f,color:#c9101f
`,
  );
});

test("at boot nothing is marked", () => {
  const [boot] = sampleScenarios("01-container-model.uapi");
  const text = mermaidPicture(pictureIn(boot === undefined ? [] : [boot], 0));
  expect(text).not.toMatch(/classDef|linkStyle|-> /);
  expect(text).toContain('-.->|"DMA"|');
});

test("every node, box and edge is there once", () => {
  for (const scenario of sampleScenarios("08-device-first.uapi")) {
    for (let step = 0; step <= scenario.steps.count; step++) {
      const picture = pictureIn([scenario], step);
      const lines = mermaidPicture(picture).split("\n");
      const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
      expect(count(/^ +n\d+(?:\(\[|\[|\{\{)/)).toBe(picture.nodes.length);
      expect(count(/^ {2}subgraph n\d+ \[/)).toBe(picture.boxes.length);
      expect(count(/^ {2}end$/)).toBe(picture.boxes.length);
      expect(count(/^ {2}n\d+ \S+(?:\|".*"\|)? n\d+$/)).toBe(picture.edges.length);
    }
  }
});

test("names cannot end a label, open markup or begin a comment", () => {
  const [scenario] = scenariosIn(`use vfio
topology odd { iommu vtd  group "end" behind vtd { device nic driver vfio_pci } }
scenario "%% {init} \\"]" on odd { c = open("/dev/vfio/vfio") }
`);
  if (scenario === undefined) expect.unreachable("no scenario");
  const picture = pictureIn([scenario], 1);
  const odd = { ...picture, nodes: picture.nodes.map((node) => ({ ...node, name: '"]<b>#35;`x`\n-->' })) };
  const text = mermaidPicture(odd);
  expect(text).toContain('"#34;]#60;b#62;#35;35;#96;x#96; --#62;<br/>');
  expect(
    text
      .split("\n")
      .filter((line) => /^\s*%%/.test(line))
      .join(),
  ).not.toMatch(/[{}]/);
});
