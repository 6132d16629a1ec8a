// Small random proposals and topologies, as texts: what an explorer can finish, with all that makes exploring hard:
// files that keep each other alive, objects within files, blocks that run at the end, order that decides.

/** A number from 0 up to, not including, `below`. */
export type Pick = (below: number) => number;

type Sort = "ctx" | "space" | "device_fd" | "device" | "group" | "bool" | "mode";

/** What stands for a value of each sort where it may be none. */
interface Scope {
  readonly names: readonly { readonly text: string; readonly sort: Sort; readonly optional: boolean }[];
}

interface Path {
  readonly text: string;
  readonly optional: boolean;
}

interface FieldOf {
  readonly on: Sort;
  readonly name: string;
  readonly sort: Sort;
  readonly optional: boolean;
  readonly writable: boolean;
}

export interface Made {
  readonly text: string;
  /** Names of the devices. */
  readonly devices: readonly string[];
}

const modes = ["idle", "busy", "gone"];

export function randomProposal(pick: Pick): Made {
  const chance = (percent: number): boolean => pick(100) < percent;
  const one = <T>(from: readonly [T, ...T[]] | readonly T[]): T => {
    const found = from[pick(from.length)];
    if (found === undefined) throw new RangeError("nothing to pick from");
    return found;
  };

  const fields: FieldOf[] = [
    { on: "device", name: "group", sort: "group", optional: false, writable: false },
    { on: "device_fd", name: "device", sort: "device", optional: false, writable: false },
    { on: "space", name: "ctx", sort: "ctx", optional: false, writable: false },
    { on: "device_fd", name: "owner", sort: "ctx", optional: true, writable: true },
    { on: "device_fd", name: "as", sort: "space", optional: true, writable: true },
  ];
  const own: Record<"ctx" | "space" | "device_fd" | "device" | "group", string[]> = {
    ctx: [],
    space: [],
    device_fd: [`${chance(30) ? "weak " : ""}owner: ctx?`, `${chance(30) ? "weak " : ""}as: space?`],
    device: [],
    group: [],
  };
  const extra: readonly (readonly [keyof typeof own, string, Sort, boolean, string])[] = [
    ["space", "parent", "space", true, "parent: space?"],
    ["space", "mode", "mode", false, `mode: enum {${modes.join(", ")}} = idle`],
    ["ctx", "sealed", "bool", false, "sealed: bool = false"],
    ["ctx", "first", "device_fd", true, `${chance(50) ? "weak " : ""}first: device_fd?`],
    ["device", "mark", "bool", false, "mark: bool = false"],
    ["group", "who", "ctx", true, "who: ctx? = none"],
    ["device_fd", "peer", "device_fd", true, `${chance(50) ? "weak " : ""}peer: device_fd?`],
  ];
  for (const [on, name, sort, optional, text] of extra) {
    if (!chance(35)) continue;
    own[on].push(text);
    fields.push({ on, name, sort, optional, writable: true });
  }

  /** Expressions of a sort that start at the names of the scope. */
  const pathsTo = (scope: Scope, sort: Sort): Path[] => {
    const found: Path[] = [];
    let now = scope.names.map(({ text, sort: of, optional }) => ({ text, of, optional }));
    for (let depth = 0; depth < 3; depth++) {
      for (const { text, of, optional } of now) if (of === sort) found.push({ text, optional });
      now = now.flatMap(({ text, of, optional }) =>
        fields
          .filter(({ on }) => on === of)
          .map((field) => ({
            text: `${text}.${field.name}`,
            of: field.sort,
            optional: optional || field.optional,
          })),
      );
    }
    return found;
  };
  const paths = (scope: Scope, sort: Sort): string[] => pathsTo(scope, sort).map(({ text }) => text);
  const things: readonly Sort[] = ["ctx", "space", "device_fd"];
  const condition = (scope: Scope, depth = 0): string => {
    const with_ = (name: string, sort: Sort): Scope => ({
      names: [...scope.names, { text: name, sort, optional: false }],
    });
    const fresh = `q${scope.names.length}`;
    const roll = pick(depth > 1 ? 4 : 11);
    const comparable = (["ctx", "space", "device_fd", "group", "mode"] as const).filter(
      (sort) => paths(scope, sort).length > 0,
    );
    switch (roll) {
      case 0:
      case 1:
      case 2: {
        if (comparable.length === 0) return `count(${fresh} in ctx) < 2`;
        const sort = one(comparable);
        const left = one(pathsTo(scope, sort));
        const others = paths(scope, sort).filter((text) => text !== left.text);
        const right =
          sort === "mode"
            ? one(modes)
            : left.optional && (others.length === 0 || chance(60))
              ? "none"
              : others.length > 0
                ? one(others)
                : null;
        return right === null
          ? `count(${fresh} in ctx) < 2`
          : `${left.text} ${chance(70) ? "==" : "!="} ${right}`;
      }
      case 3: {
        const bools = paths(scope, "bool");
        return bools.length === 0 ? condition(scope, depth + 1) : `${chance(50) ? "not " : ""}${one(bools)}`;
      }
      case 4:
      case 5: {
        const sort = one(things);
        const inner = with_(fresh, sort);
        const word = one(["all", "any"]);
        return `(${word} ${fresh} in ${sort} where ${condition(inner, 2)}: ${condition(inner, 2)})`;
      }
      case 6:
      case 7: {
        const [left, right] = [condition(scope, depth + 1), condition(scope, depth + 1)];
        return left === right ? left : `(${left} ${one(["and", "or"])} ${right})`;
      }
      case 8: {
        const sort = one(things);
        const inner = with_(fresh, sort);
        return `count(${fresh} in ${sort} where ${condition(inner, 2)}) ${one(["==", "<", ">="])} ${pick(3)}`;
      }
      case 9: {
        const referable = things.flatMap((sort) => paths(scope, sort));
        return referable.length === 0 ? `count(${fresh} in space) < 2` : `not referenced(${one(referable)})`;
      }
      default: {
        const sort = one(things);
        const found = `first(${fresh} in ${sort} where ${condition(with_(fresh, sort), 2)})`;
        const targets = fields.filter(({ on, optional }) => on === sort && optional);
        return targets.length === 0
          ? `${found} != none`
          : `${found}.${one(targets).name} ${one(["==", "!="])} none`;
      }
    }
  };
  const valueFor = (scope: Scope, field: FieldOf): string => {
    if (field.sort === "bool") return one(["true", "false"]);
    if (field.sort === "mode") return one(modes);
    const known = paths(scope, field.sort);
    if (chance(15)) {
      const name = "r";
      const inner: Scope = { names: [...scope.names, { text: name, sort: field.sort, optional: false }] };
      return `first(${name} in ${field.sort} where ${condition(inner, 2)})`;
    }
    return known.length === 0 || chance(30) ? "none" : one(known);
  };
  const assignment = (scope: Scope): string[] => {
    const choices = scope.names.flatMap(({ text, sort, optional }) =>
      optional
        ? []
        : fields.filter(({ on, writable }) => on === sort && writable).map((field) => ({ text, field })),
    );
    if (choices.length === 0) return [];
    const { text, field } = one(choices);
    return [`${text}.${field.name} = ${valueFor(scope, field)}`];
  };
  const effect = (scope: Scope, depth = 0): string[] => {
    const roll = pick(depth > 0 ? 4 : 8);
    const of = (sort: Sort): readonly string[] =>
      scope.names.filter((each) => each.sort === sort && !each.optional).map(({ text }) => text);
    if (roll < 4) return assignment(scope);
    if (roll === 4 && of("ctx").length > 0) {
      const given = fields.filter(({ on, writable }) => on === "space" && writable).filter(() => chance(60));
      const body = given.map((field) => `${field.name}: ${valueFor(scope, field)}`).join(", ");
      return [`new space {${body === "" ? "" : ` ${body} `}} in ${one(of("ctx"))}`];
    }
    if (roll === 5 && of("space").length > 0) return [`destroy ${one(of("space"))}`];
    if (roll === 6) {
      const sort = one(things);
      const inner: Scope = { names: [...scope.names, { text: `e`, sort, optional: false }] };
      const body = sort === "space" && chance(30) ? ["destroy e"] : effect(inner, 1);
      return body.length === 0
        ? []
        : [`for e in ${sort} where ${condition(inner, 2)} { ${body.join("; ")} }`];
    }
    const then = effect(scope, 1);
    return then.length === 0 ? [] : [`if ${condition(scope, 1)} { ${then.join("; ")} }`];
  };
  const body = (scope: Scope, effects: number): string[] => {
    const conditions = new Set(Array.from({ length: pick(3) }, () => condition(scope)));
    const checks = [...conditions].map((each) => `require ${each} else ${one(["EBUSY", "EINVAL", "EPERM"])}`);
    const done = Array.from({ length: effects }, () => effect(scope)).flat();
    const failure = chance(8) && done.length > 0 ? ["fail EIO"] : [];
    return [...checks, ...done, ...failure];
  };
  const self = (sort: Sort): Scope => ({ names: [{ text: "self", sort, optional: false }] });
  const block = (sort: "ctx" | "space" | "device_fd", event: string): string => {
    const inside = effect(self(sort), 1);
    return chance(25) && inside.length > 0 ? ` on ${event} { ${inside.join("; ")} }` : "";
  };

  const operations: string[] = ["  ioctl MAKE(c: ctx) -> space {\n    return new space {} in c\n  }"];
  const count = 2 + pick(3);
  for (let i = 0; i < count; i++) {
    const kinds: readonly Sort[] = ["ctx", "space", "device_fd", "device", "bool", "mode"];
    const params = Array.from({ length: 1 + pick(2) }, (_, at) => ({
      text: `p${at}`,
      sort: at === 0 ? one(things) : one(kinds),
      optional: at > 0 && chance(20),
    })).map((param) =>
      param.sort === "bool" || param.sort === "mode" ? { ...param, optional: false } : param,
    );
    const typed = params.map(({ text, sort, optional }) =>
      sort === "mode" ? `${text}: enum {${modes.join(", ")}}` : `${text}: ${sort}${optional ? "?" : ""}`,
    );
    const lines = body({ names: params }, 1 + pick(2));
    operations.push(
      `  ioctl OP${i}(${typed.join(", ")}) {\n${lines.map((line) => `    ${line}\n`).join("")}  }`,
    );
  }
  const onDevice: Scope = { names: [{ text: "f", sort: "device_fd", optional: false }] };
  const stateOf = (kind: "device" | "group"): string =>
    own[kind].length === 0 ? "" : `  state ${kind} { ${own[kind].join("; ")} }\n`;
  const access = chance(50) ? "f.owner != none" : condition(onDevice, 1);
  const text = `proposal random extends core {
${["mmap", "munmap", "bind_driver", "unbind_driver", "exit", "send"]
  .filter((name) => (name !== "exit" && name !== "send" ? true : chance(50)))
  .map((name) => `  remove ${name}\n`)
  .join(
    "",
  )}${stateOf("device")}${stateOf("group")}  fd ctx is context opens "/dev/ctx"${chance(20) ? " exclusive" : ""} {
    ${own.ctx.join("; ")}${block("ctx", "release")}${block("ctx", "close")}
  }
  fd device_fd opens "/dev/d/{device}"${chance(30) ? " exclusive" : ""} {
    ${own.device_fd.join("; ")}${block("device_fd", "release")}
  }
  object space in ctx is address_space {
    ${own.space.join("; ")}${block("space", "destroy")}
  }
${operations.join("\n")}
  define may_access(f: device_fd): bool = ${access}
  define owner(d: device): context? = first(f in device_fd where f.device == d and f.owner != none).owner
  define dma(d: device): dma_target = if any f in device_fd where f.device == d: f.as != none then first(f in device_fd where f.device == d and f.as != none).as else if owner(d) == none then default_dma else blocked
  define contained(target: dma_target, c: context?): bool = target == blocked or target is space and target.ctx == c
}
`.replace("define contained", "override define contained");
  return withTopology(text, pick);
}

function withTopology(text: string, pick: Pick): Made {
  const devices: string[] = [];
  const groups = 1 + pick(2);
  const lines = Array.from({ length: groups }, (_, g) => {
    const inside = Array.from({ length: groups === 2 ? 1 : 1 + pick(2) }, () => {
      const name = `nic${devices.length}`;
      devices.push(name);
      return `    device ${name} driver vfio_pci\n`;
    });
    return `  group ${g + 1} behind vtd {\n${inside.join("")}  }\n`;
  });
  return { text: `${text}\ntopology box {\n  iommu vtd\n${lines.join("")}}\n`, devices };
}
