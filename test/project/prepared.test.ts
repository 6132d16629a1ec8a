// What a build finds out about the shipped proposals is what a start without it finds out.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { documentFrom, mayMention, type Prepared } from "../../server/src/analysis/outlines.ts";
import { prepare } from "../../server/src/analysis/prepare.ts";
import { createProposals } from "../../server/src/analysis/proposals.ts";
import { createSession, type Session } from "../../server/src/analysis/session.ts";
import { restoreSystem } from "../../server/src/model/stored.ts";
import type { System } from "../../server/src/model/system.ts";
import { type Library, shippedNames, shippedProposal } from "../../server/src/semantics/link.ts";
import { SHIPPED, shippedFiles, shippedTexts } from "../../server/src/semantics/shipped.ts";
import { type Document, parseDocument } from "../../server/src/syntax/document.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { root } from "../support/project-files.ts";
import { withoutExpectations } from "../support/without-expectations.ts";

const { outlines, bodies, systems } = prepare();
const prepared: Prepared = {
  text: (file) => shippedTexts.get(file) ?? null,
  outline: (file) => outlines.get(file) ?? null,
  bodies: (file) => bodies.get(file) ?? null,
  system: (proposal) => systems.get(proposal) ?? null,
};
const parsed = new Map([...shippedTexts].map(([file, text]) => [SHIPPED + file, parseDocument(text)]));
const library: Library = {
  resolve: () => null,
  document: (uri) => parsed.get(uri) ?? { failed: "it is not shipped" },
};

describe("a file from its outline", () => {
  test.each([...shippedTexts])("%s is what is parsed", (file, text) => {
    const [outline, known] = [outlines.get(file) ?? "[]", bodies.get(file) ?? "[]"];
    for (const given of [known, null])
      expect(
        documentFrom(
          outline,
          () => text,
          () => given,
        ),
      ).toStrictEqual(parseDocument(text));
  });

  test.each([...shippedTexts])("%s tells without being read that a name is not in a body", (file, text) => {
    const proposalsIn = (document: Document) =>
      document.items.flatMap(({ declaration }) => (declaration?.kind === "proposal" ? [declaration] : []));
    const unread = proposalsIn(
      documentFrom(
        outlines.get(file) ?? "[]",
        () => text,
        () => null,
      ),
    );
    for (const [index, { body }] of proposalsIn(parseDocument(text)).entries()) {
      const declaration = unread[index];
      if (declaration === undefined) throw new Error("the outline has fewer proposals");
      for (const member of body)
        if ("name" in member) expect(mayMention(declaration, member.name.text)).toBe(true);
      expect(mayMention(declaration, "declared_nowhere")).toBe(false);
    }
  });
});

test("the files of the proposals are those that declare them", () => {
  const declared = [...shippedTexts].flatMap(([file, text]) =>
    [...text.matchAll(/^(?:abstract )?proposal (\w+)/gm)].map(([, name = ""]) => [name, file]),
  );
  expect([...shippedFiles]).toEqual(declared);
});

describe("a proposal from its text", () => {
  const proposals = createProposals();
  const plain = ({ values, ...system }: System) => ({ ...system, values: values.tables() });

  test.each(shippedNames)("%s is what is compiled", (name) => {
    const link = shippedProposal(library, name);
    if (link === undefined) throw new Error("it is not shipped");
    const compiled = proposals.compiled(library, link);
    expect(compiled).toMatchObject({ problems: [], sound: true });
    const restored = restoreSystem(systems.get(name) ?? "{}");
    expect(plain(restored)).toEqual(plain(compiled.system));
    // The explorer looks for a check in the body.
    for (const { body, checks } of restored.rules) for (const check of checks) expect(body).toContain(check);
    for (const word of restored.values.tables().symbols)
      expect(restored.values.symbol(word)).toBe(compiled.system.values.symbol(word));
  });
});

describe("a session with all that", () => {
  const folder = `${root}samples/`;
  const names = readdirSync(folder).filter((name) => name.endsWith(".uapi"));
  const samples = new Map(names.map((name) => [name, readFileSync(folder + name, "utf8")]));
  const own = `use vfio
proposal mine extends vfio { override rule nothing { require true } }
proposal other extends group_bind {}
topology box { iommu a  group 1 behind a { device nic driver vfio_pci } }
scenario a on box with mine { c = open("/dev/vfio/vfio") }
scenario b on box with other { g = open("/dev/vfio/1") VFIO_GROUP_GET_DEVICE_FD(g, nic) }
`;
  const texts = new Map([...samples, ["own.uapi", own]]);
  const seen = (session: Session, uri: string) => {
    const { findings, traces, summary } = session.analyse(uri);
    return { findings, traces: traces(), summary };
  };

  test.each([...texts.keys()])("finds in %s what one without finds", (uri) => {
    // Without what the samples expect there is more to find.
    const bare = new Map([...texts].map(([name, text]) => [name, withoutExpectations(text)]));
    const files = memoryFiles(bare);
    expect(seen(createSession(files, { prepared }), uri)).toEqual(seen(createSession(files), uri));
  });
});
