// Whole declarations to begin with. They name no proposal of their own: what the file knows is filled in.

import type { View } from "../../analysis/session.ts";
import { filled, type Item, item, type Piece } from "./item.ts";

const snippet = (label: string, detail: string, pieces: readonly Piece[], rank: number): Item =>
  item(label, "snippet", { detail, ...filled(pieces), rank });

export function declarationSnippets(view: View): Item[] {
  const topologies = [...view.visible.topologies.keys()];
  const proposals = [...view.visible.candidates];
  const on: Piece[] =
    topologies.length === 0 ? [] : [" on ", { stop: topologies[0] ?? "", choices: topologies }];
  const using: Piece[] =
    proposals.length < 2 ? [] : [" with ", { stop: proposals[0] ?? "", choices: proposals }];
  return [
    snippet(
      "scenario",
      "calls, step by step",
      ['scenario "', { stop: "what it shows" }, '"', ...on, ...using, " {\n  ", { stop: "" }, "\n}\n"],
      1,
    ),
    snippet(
      "topology",
      "a machine: an IOMMU, a group with two devices",
      [
        "topology ",
        { stop: "box" },
        " {\n  iommu ",
        { stop: "vtd" },
        "\n  group ",
        { stop: "26" },
        " behind vtd {\n    device ",
        { stop: "nic0" },
        " driver vfio_pci\n    device ",
        { stop: "nic1" },
        " driver vfio_pci\n  }\n}\n",
      ],
      2,
    ),
    snippet(
      "proposal",
      "files, a call, and what the rules ask for",
      [
        "proposal ",
        { stop: "mine" },
        " extends core {\n  fd ",
        { stop: "my_fd" },
        ' is context, address_space opens "/dev/',
        { stop: "mine" },
        '" {}\n  fd device_fd opens "/dev/mine/{device}" { owner: my_fd? }\n\n',
        "  ioctl ",
        { stop: "MY_TAKE" },
        "(f: device_fd, ctx: my_fd) {\n",
        '    require f.owner == none else EBUSY "{f.device} already belongs to {f.owner}"\n',
        "    f.owner = ctx\n  }\n\n",
        "  define owner(d: device): context?     = first(f in device_fd where f.device == d and f.owner != none).owner\n",
        "  define may_access(f: device_fd): bool = f.owner != none\n",
        "  define dma(d: device): dma_target     = if owner(d) == none then host else owner(d)\n}\n",
      ],
      3,
    ),
  ];
}

/** Entries of a topology; `iommu` is the name of the first one, if there is one. */
export function entrySnippets(inGroup: boolean, iommu: string | null): Item[] {
  const device = snippet(
    "device",
    "a device of the group",
    ["device ", { stop: "nic0" }, " driver ", { stop: "vfio_pci" }],
    1,
  );
  if (inGroup) return [device];
  return [
    snippet(
      "group",
      "an IOMMU group",
      [
        "group ",
        { stop: "26" },
        " behind ",
        { stop: iommu ?? "vtd" },
        " {\n  device ",
        { stop: "nic0" },
        " driver vfio_pci\n}",
      ],
      1,
    ),
    snippet("iommu", "an IOMMU", ["iommu ", { stop: "vtd" }], iommu === null ? 0 : 2),
    snippet("host", "facts of the whole machine", ["host ", { stop: "" }], 3),
    snippet("kernel", "the kernel version", ["kernel ", { stop: "6.12" }], 3),
  ];
}

export function memberSnippets(): Item[] {
  return [
    snippet(
      "ioctl",
      "a call",
      [
        "ioctl ",
        { stop: "NAME" },
        "(",
        { stop: "f: device_fd" },
        ") {\n  require ",
        { stop: "condition" },
        " else ",
        { stop: "EINVAL" },
        ' "',
        { stop: "why" },
        '"\n}',
      ],
      1,
    ),
    snippet(
      "op",
      "a call that is no ioctl",
      ["op ", { stop: "name" }, "(", { stop: "f: device_fd" }, ") {\n  ", { stop: "" }, "\n}"],
      3,
    ),
    snippet(
      "fd",
      "a file type",
      ["fd ", { stop: "name_fd" }, ' opens "', { stop: "/dev/name" }, '" {\n  ', { stop: "" }, "\n}"],
      2,
    ),
    snippet(
      "object",
      "a thing with a lifetime",
      ["object ", { stop: "name" }, " in ", { stop: "name_fd" }, " {\n  ", { stop: "" }, "\n}"],
      2,
    ),
    snippet(
      "define",
      "a pure value",
      [
        "define ",
        { stop: "name" },
        "(",
        { stop: "d: device" },
        "): ",
        { stop: "bool" },
        " = ",
        { stop: "false" },
      ],
      2,
    ),
    snippet(
      "rule",
      "must hold after every call",
      [
        "rule ",
        { stop: "name" },
        "(",
        { stop: "d: device" },
        ') "',
        { stop: "why it exists" },
        '" {\n  require ',
        { stop: "condition" },
        ' else "',
        { stop: "what is wrong with {d}" },
        '"\n}',
      ],
      2,
    ),
    snippet(
      "hazard",
      "what calls report while they succeed",
      ["hazard ", { stop: "name" }, ' "', { stop: "why it matters" }, '"'],
      4,
    ),
    snippet(
      "effect",
      "effects that several calls share",
      ["effect ", { stop: "name" }, "(", { stop: "f: device_fd" }, ") {\n  ", { stop: "" }, "\n}"],
      4,
    ),
    snippet(
      "state",
      "mutable state of the hardware",
      ["state ", { stop: "device" }, " {\n  ", { stop: "field: bool" }, "\n}"],
      4,
    ),
    snippet(
      "fact",
      "constants of the hardware",
      ["fact ", { stop: "device" }, " {\n  ", { stop: "field: bool = false" }, "\n}"],
      4,
    ),
    snippet("const", "a name for a number", ["const ", { stop: "NAME" }, " = ", { stop: "0" }], 4),
    snippet("role", "a type that fds and objects play", ["role ", { stop: "name" }], 5),
    snippet("type", "a name for a type", ["type ", { stop: "name" }, " = ", { stop: "bool" }], 5),
    ...["override", "remove", "warning rule", "info rule", "off rule"].map((word) =>
      item(word, "keyword", { insert: `${word} `, rank: 6, about: { word: word.split(" ")[0] ?? word } }),
    ),
  ];
}

export function statementSnippets(inRule: boolean): Item[] {
  const require: readonly Piece[] = inRule
    ? ["require ", { stop: "condition" }, ' else "', { stop: "what is wrong" }, '"']
    : ["require ", { stop: "condition" }, " else ", { stop: "EINVAL" }, ' "', { stop: "why" }, '"'];
  const both = [
    snippet("require", "refuses the call where it is false", require, 1),
    snippet("let", "a name for a value", ["let ", { stop: "name" }, " = ", { stop: "value" }], 2),
  ];
  if (inRule) return both;
  return [
    ...both,
    snippet(
      "if",
      "effects under a condition",
      ["if ", { stop: "condition" }, " {\n  ", { stop: "" }, "\n}"],
      3,
    ),
    snippet(
      "for",
      "for every member of a set",
      ["for ", { stop: "x" }, " in ", { stop: "SET" }, " {\n  ", { stop: "" }, "\n}"],
      3,
    ),
    snippet("new", "makes a file or an object", ["new ", { stop: "kind" }, " { ", { stop: "" }, " }"], 3),
    ...["return", "destroy", "close", "give", "fail"].map((word) =>
      item(word, "keyword", { insert: `${word} `, rank: 4, about: { word } }),
    ),
  ];
}
