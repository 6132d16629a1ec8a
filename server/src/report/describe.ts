// A picture in words, for those who do not see it: what each thing is, and what the step came to.

import type { Picture, PictureBox, PictureNode, PictureStep } from "../features/trace-picture/picture.ts";

const kindNames: Readonly<Record<PictureNode["kind"] | PictureBox["kind"], string>> = {
  task: "task",
  file: "file",
  context: "context",
  space: "address space",
  device: "device",
  target: "target of DMA",
  group: "IOMMU group",
};

/** `device nic0, vfio_pci: dev0 gives access to the registers of nic0; DMA of nic0 goes to as`. */
export function describe(picture: Picture, thing: PictureNode | PictureBox): string {
  const what = [thing.note, ...thing.facts].filter((text) => text !== "" && text !== kindNames[thing.kind]);
  const kind = thing.kind === "group" ? thing.name : `${kindNames[thing.kind]} ${thing.name}`;
  const says = picture.edges
    .filter(({ from, to }) => from === thing.id || to === thing.id)
    .map((edge) => edge.says);
  const marks = [
    ...(thing.broken ? ["breaks a rule"] : []),
    ...(thing.changed ? ["changed by this step"] : []),
  ];
  const head = [...marks, kind, ...what].join(", ");
  return says.length === 0 ? head : `${head}: ${says.join("; ")}`;
}

/** `EBUSY: nic0 already belongs to ctx`, `breaks secure_context`, `ok`. */
export function outcomeText({ outcome, names, message }: Omit<PictureStep, "place">): string {
  const because = message === "" ? "" : `: ${message}`;
  switch (outcome) {
    case "boot":
      return "before the first step";
    case "ok":
      return "ok";
    case "errno":
      return `${names.join(", ")}${because}`;
    case "violation":
      return `breaks ${names.join(", ")}${because}`;
    case "unknown":
      return `not known${because}`;
    default:
      return outcome satisfies never;
  }
}

/** `step 9 of 11: VFIO_DEVICE_DETACH_IOASID(dev1)`. */
export function stepText({ step, steps }: Picture): string {
  return step.outcome === "boot"
    ? `at boot, before the first of ${steps} steps`
    : `step ${step.number} of ${steps}: ${step.text}`;
}
