// What the hardware can look like, in the words of `core` alone: who can be reached, who is owned, where DMA goes. Each
// look is a goal for the explorer, so that proposals which share no call can be compared by which of them they allow.
// Devices are seen in pairs, whichever they are: what two devices do to each other is what the rules are about.

import type { Expr } from "../model/ir.ts";
import { HARDWARE, type System, type Topology } from "../model/system.ts";
import { NONE } from "../model/values.ts";
import type { Goal } from "./problem.ts";

export interface DeviceLook {
  readonly accessible: boolean;
  readonly owned: boolean;
  readonly dma: "host" | "blocked" | "space";
}

/** One device, or two. */
export interface Look {
  readonly devices: readonly [DeviceLook] | readonly [DeviceLook, DeviceLook];
  readonly sameGroup: boolean;
  /** Of two owned devices, and of two with an address space; else null. */
  readonly sameOwner: boolean | null;
  readonly sameSpace: boolean | null;
}

export interface LookGoal {
  readonly look: Look;
  readonly goal: Goal;
}

/** [] for a proposal without the observables of `core`. */
export function looksOf(system: System, topology: Topology): LookGoal[] {
  const words = wordsOf(system);
  if (words === null) return [];
  const count = topology.names[HARDWARE.device]?.length ?? 0;
  const looks = count < 2 ? alone() : pairs(groupings(words, topology));
  return looks.map((look) => ({ look, goal: goalFor(words, look) }));
}

// ---------------------------------------------------------------- all looks

const deviceLooks: readonly DeviceLook[] = [false, true].flatMap((accessible) =>
  [false, true].flatMap((owned) =>
    (["host", "blocked", "space"] as const).map((dma) => ({ accessible, owned, dma })),
  ),
);

const alone = (): Look[] =>
  deviceLooks.map((look) => ({ devices: [look], sameGroup: true, sameOwner: null, sameSpace: null }));

function pairs(groupings: readonly boolean[]): Look[] {
  return groupings.flatMap((sameGroup) =>
    deviceLooks.flatMap((one, i) =>
      deviceLooks.slice(i).flatMap((two) => {
        const owners = one.owned && two.owned ? [true, false] : [null];
        const spaces = one.dma === "space" && two.dma === "space" ? [true, false] : [null];
        return owners.flatMap((sameOwner) =>
          spaces.map((sameSpace): Look => ({ devices: [one, two], sameGroup, sameOwner, sameSpace })),
        );
      }),
    ),
  );
}

/** Whether there are two devices of one group, and two of different ones. */
function groupings({ group }: Words, { initial }: Topology): boolean[] {
  const groups = initial.flatMap(([field, , value]) => (field === group ? [value] : []));
  const found = new Set<boolean>();
  groups.forEach((one, i) => {
    for (const two of groups.slice(i + 1)) found.add(one === two);
  });
  return [true, false].filter((each) => found.has(each));
}

// ---------------------------------------------------------------- as conditions

interface Words {
  readonly accessible: (device: Expr) => Expr;
  readonly owner: (device: Expr) => Expr;
  readonly dma: (device: Expr) => Expr;
  /** The field of a device. */
  readonly group: number;
  readonly host: number;
  readonly blocked: number;
}

function wordsOf(system: System): Words | null {
  const word = (name: string): ((device: Expr) => Expr) | null => {
    const define = system.defineByName.get(name);
    const params = define === undefined ? 0 : (system.defines[define]?.params.length ?? 0);
    if (define === undefined || params === 0) return null;
    // What follows the device can be left out, and is none then.
    const rest = Array.from({ length: params - 1 }, (): Expr => ({ op: "const", value: NONE }));
    return (device) => ({ op: "define", define, args: [device, ...rest] });
  };
  const [accessible, owner, dma] = [word("accessible"), word("owner"), word("dma")];
  const group = system.fields.findIndex(({ kind, name }) => kind === HARDWARE.device && name === "group");
  if (accessible === null || owner === null || dma === null || group === -1) return null;
  const { symbol } = system.values;
  return { accessible, owner, dma, group, host: symbol("host"), blocked: symbol("blocked") };
}

const constant = (value: number): Expr => ({ op: "const", value });
const not = (of: Expr): Expr => ({ op: "not", of });
const equal = (left: Expr, right: Expr): Expr => ({ op: "compare", with: "==", left, right });
const when = (wanted: boolean, condition: Expr): Expr => (wanted ? condition : not(condition));
const all = (conditions: readonly Expr[]): Expr =>
  conditions.reduce((left, right): Expr => ({ op: "and", left, right }));
const someDevice = (slot: number, body: Expr): Expr => ({
  op: "any",
  slot,
  set: { set: "kinds", kinds: [HARDWARE.device] },
  where: null,
  body,
});

function looksLike(words: Words, device: Expr, look: DeviceLook): Expr[] {
  const dma = words.dma(device);
  return [
    when(look.accessible, words.accessible(device)),
    when(!look.owned, equal(words.owner(device), constant(NONE))),
    ...(look.dma === "space"
      ? [not(equal(dma, constant(words.host))), not(equal(dma, constant(words.blocked)))]
      : [equal(dma, constant(look.dma === "host" ? words.host : words.blocked))]),
  ];
}

function goalFor(words: Words, { devices, sameGroup, sameOwner, sameSpace }: Look): Goal {
  const local = (slot: number): Expr => ({ op: "local", slot });
  const [one, two] = devices;
  if (two === undefined)
    return { find: "state", condition: someDevice(0, all(looksLike(words, local(0), one))), locals: 1 };
  const [a, b] = [local(0), local(1)];
  const group = (of: Expr): Expr => ({ op: "field", fields: [words.group], of, missing: NONE });
  const both = [
    not(equal(a, b)),
    when(sameGroup, equal(group(a), group(b))),
    ...looksLike(words, a, one),
    ...looksLike(words, b, two),
    ...(sameOwner === null ? [] : [when(sameOwner, equal(words.owner(a), words.owner(b)))]),
    ...(sameSpace === null ? [] : [when(sameSpace, equal(words.dma(a), words.dma(b)))]),
  ];
  return { find: "state", condition: someDevice(0, someDevice(1, all(both))), locals: 2 };
}
