// Random topologies for a proposal: groups, drivers and the facts that the proposal declares.

import { type Field, namesOf, type Program, visit } from "./program.ts";
import type { Random } from "./random.ts";

export interface Machine {
  readonly name: string;
  readonly text: string;
  readonly devices: readonly string[];
  readonly addresses: readonly string[];
  readonly groups: readonly string[];
  readonly iommus: readonly string[];
}

const drivers = ["vfio_pci", "e1000e", "pci_stub", "pcieport", "none"];

export function randomMachine(random: Random, program: Program, name: string): Machine {
  const iommus = random.chance(0.3) ? ["vtd", "smmu"] : ["vtd"];
  const devices: string[] = [];
  const addresses: string[] = [];
  const groups: string[] = [];
  const lines: string[] = [];
  const version = random.maybe(versionsIn(program));
  if (version !== null && random.chance(0.5)) lines.push(`kernel ${version}`);
  const facts = (kind: string, known: readonly string[]): string[] =>
    attributes(random, program, kind, known);
  for (const attribute of facts("host", [])) lines.push(`host ${attribute}`);
  for (const iommu of iommus) lines.push(`iommu ${iommu} { ${facts("iommu", []).join(", ")} }`);
  const count = 1 + random.below(3);
  for (let g = 0; g < count; g++) {
    const group = String(5 + g * 3);
    groups.push(group);
    const entries: string[] = [];
    for (let d = random.below(2) + (random.chance(0.8) ? 1 : 0); d >= 0; d--) {
      const device = `nic${devices.length}`;
      const address = `0000:0${devices.length}:00.0`;
      const driver = random.chance(0.75) ? "vfio_pci" : random.pick(drivers);
      entries.push(`device ${device} at "${address}" driver ${driver} ${facts("device", devices).join(" ")}`);
      devices.push(device);
      addresses.push(address);
    }
    lines.push(
      `group ${group} behind ${random.pick(iommus)} ${facts("group", []).join(" ")} {`,
      ...entries.map((entry) => `  ${entry}`),
      "}",
    );
  }
  const text = `topology ${name} {\n${lines.map((line) => `  ${line}`).join("\n")}\n}\n`;
  return { name, text, devices, addresses, groups, iommus };
}

/** The kernels at which some check begins or ends, and their neighbours. */
function versionsIn(program: Program): readonly string[] {
  const known = versions.get(program);
  if (known !== undefined) return known;
  const found = new Set<string>();
  const look = (tree: unknown): void =>
    visit(tree, (node) => {
      if (node.kind !== "version") return;
      const { major, minor } = node as unknown as { major: number; minor: number };
      found.add(`${major}.${minor}`);
      if (minor > 0) found.add(`${major}.${minor - 1}`);
    });
  for (const operation of program.operations.values()) look(operation);
  for (const define of program.defines.values()) look(define);
  versions.set(program, [...found]);
  return [...found];
}

const versions = new Map<Program, readonly string[]>();

function attributes(random: Random, program: Program, kind: string, devices: readonly string[]): string[] {
  const given: string[] = [];
  for (const field of program.kinds.get(kind)?.fields.values() ?? []) {
    if (field.builtin !== null || field.name === "driver" || !random.chance(needed(field) ? 1 : 0.07))
      continue;
    const value = attribute(random, program, field, devices);
    if (value !== null) given.push(value);
  }
  return given;
}

/** A text without value is what paths are made of. */
const needed = ({ name, value }: Field): boolean => name === "cdev" && value === null;

let serial = 0;

function attribute(
  random: Random,
  program: Program,
  field: Field,
  devices: readonly string[],
): string | null {
  const { name, type } = field;
  if (type === null) return null;
  const names = namesOf(program, type);
  if (names.includes("bool")) return random.chance(0.6) ? name : `${name} = ${random.chance(0.5)}`;
  if (names.includes("int")) return `${name} = ${random.pick(["0", "1", "4K", "64K", "2M"])}`;
  if (names.includes("string")) return `${name} = word${serial++ % 1000}`;
  if (names.includes("range")) return `${name} = range(0, ${random.pick(["1M", "4G", "128T"])})`;
  if (names.includes("device") && devices.length > 0) return `${name} = ${random.pick(devices)}`;
  const members = type.alternatives.flatMap((atom) =>
    atom.kind === "enum" ? atom.members.map(({ text }) => text) : [],
  );
  return members.length > 0 ? `${name} = ${random.pick(members)}` : null;
}
