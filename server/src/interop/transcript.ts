// Transcripts of calls on a real kernel -> scenarios that expect of each call what the kernel has answered. The format
// is that of test/cases/kernel: `case NAME`, then a line `[H =] CALL ARGUMENTS -> ANSWER` for each call.

export interface Imported {
  /** A whole .uapi file. Lines that were not understood are in it as comments. */
  readonly text: string;
  /** Calls of the transcript, the lines that were understood. */
  readonly calls: number;
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

type Kind = "name" | "number" | "path" | "address" | "word";

interface Shape {
  readonly arguments: readonly Kind[];
  /** It gives a handle, to the left of `=`. */
  readonly gives?: true;
  readonly write: (args: readonly string[]) => string;
}

const shapes: Readonly<Record<string, Shape>> = {
  open: { arguments: ["path"], gives: true, write: ([path = ""]) => `open("${openPath(path)}")` },
  close: plain("close", ["name"]),
  MMAP: plain("mmap", ["name"]),
  INFO: plain("VFIO_DEVICE_GET_INFO", ["name"]),
  SET_CONTAINER: plain("VFIO_GROUP_SET_CONTAINER", ["name", "name"]),
  UNSET_CONTAINER: plain("VFIO_GROUP_UNSET_CONTAINER", ["name"]),
  GET_DEVICE_FD: { ...plain("VFIO_GROUP_GET_DEVICE_FD", ["name", "address"]), gives: true },
  SET_IOMMU: plain("VFIO_SET_IOMMU", ["name", "number"]),
  MAP: plain("VFIO_IOMMU_MAP_DMA", ["name", "number", "number"]),
  UNMAP: plain("VFIO_IOMMU_UNMAP_DMA", ["name", "number", "number"]),
  BIND: plain("VFIO_DEVICE_BIND_IOMMUFD", ["name", "name"]),
  ATTACH: plain("VFIO_DEVICE_ATTACH_IOMMUFD_PT", ["name", "name"]),
  DETACH: plain("VFIO_DEVICE_DETACH_IOMMUFD_PT", ["name"]),
  IOAS_ALLOC: { ...plain("IOMMU_IOAS_ALLOC", ["name"]), gives: true },
  IOAS_MAP: plain("IOMMU_IOAS_MAP", ["name", "name", "number", "number"]),
  IOAS_UNMAP: plain("IOMMU_IOAS_UNMAP", ["name", "name", "number", "number"]),
  HWPT_ALLOC: { ...plain("IOMMU_HWPT_ALLOC", ["name", "name", "name", "number"]), gives: true },
  DESTROY: plain("IOMMU_DESTROY", ["name", "name"]),
  bind_driver: {
    arguments: ["address", "word"],
    write: ([device, driver]) => `bind_driver("${device}", "${driver}")`,
  },
};

function plain(call: string, kinds: readonly Kind[]): Shape {
  const write = (args: readonly string[]): string =>
    `${call}(${args.map((arg, i) => (kinds[i] === "address" ? `"${arg}"` : arg)).join(", ")})`;
  return { arguments: kinds, write };
}

const patterns: Readonly<Record<Kind, RegExp>> = {
  name: /^[A-Za-z_]\w*$/,
  number: /^(?:0[xX][0-9A-Fa-f]+|\d+)$/,
  path: /^\/[\w./-]+$/,
  address: /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/,
  word: /^[\w-]+$/,
};

const examples: Readonly<Record<Kind, string>> = {
  name: "a handle",
  number: "a number",
  path: "a path",
  address: "an address as in 0000:03:02.0",
  word: "the name of a driver",
};

/** The machine that the transcripts were made on. */
const machine = `topology machine {
  kernel 6.12
  iommu vtd
  group 8 behind vtd { device a at "0000:01:00.0" driver vfio_pci }
  group 9 behind vtd { device b at "0000:02:00.0" driver vfio_pci }
  group 6 behind vtd aliased {
    device bridge at "0000:00:07.0" driver none
    device p      at "0000:03:01.0" driver vfio_pci
    device q      at "0000:03:02.0" driver vfio_pci
  }
}
`;

/** The kernel numbers device nodes; the proposals give them the names of the devices. */
const nodes: Readonly<Record<string, string>> = { vfio0: "a", vfio1: "b", vfio2: "p", vfio3: "q" };

function openPath(path: string): string {
  const node = /^\/dev\/vfio\/devices\/(.+)$/.exec(path)?.[1] ?? "";
  return Object.hasOwn(nodes, node) ? `/dev/vfio/devices/${nodes[node]}` : path;
}

/** Says what is wrong with a line. */
class Malformed extends Error {}

export function importTranscript(source: string): Imported {
  const usesIommufd = /^\s*(?:\w+ = )?open \/dev\/iommu\b/m.test(source);
  const usesGroups = /^\s*(?:\w+ = )?open \/dev\/vfio\/(?!devices\/)/m.test(source);
  const proposal = usesIommufd ? (usesGroups ? "iommufd_compat" : "iommufd") : "vfio";
  const out = [`use ${proposal}`, "", machine];
  const problems: { line: number; message: string }[] = [];
  let calls = 0;
  let current: Case | null = null;
  const end = (): void => {
    if (current !== null) out.push("}", "");
    current = null;
  };
  source.split(/\r?\n/).forEach((raw, index) => {
    const text = raw.trim();
    if (text === "" || text.startsWith("#")) return;
    try {
      const name = /^case (.+)$/.exec(text)?.[1];
      if (name !== undefined) {
        end();
        current = createCase();
        out.push(`scenario ${JSON.stringify(name)} on machine with ${proposal} {`);
        return;
      }
      if (current === null) throw new Malformed("a call before the first `case NAME`");
      out.push(...importCall(current, text).map((step) => `  ${step}`));
      calls++;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      problems.push({ line: index + 1, message: error.message });
      out.push(`// line ${index + 1} is not understood: ${text}`);
    }
  });
  end();
  return { text: `${out.join("\n").trimEnd()}\n`, calls, problems };
}

/** What one case remembers. */
interface Case {
  /** The device files that were bound: HWPT_ALLOC names the device by its file. */
  readonly bound: Set<string>;
  sizes: number;
}

function createCase(): Case {
  return { bound: new Set(), sizes: 0 };
}

function importCall(state: Case, text: string): string[] {
  const match = /^(?:(\S+) = )?(\S+)((?: \S+)*?) -> (\S+)(?: \((?:size )?(\d+)\))?$/.exec(text);
  if (match === null) throw new Malformed("a call is `[H =] CALL ARGUMENTS -> ANSWER`");
  const [, given, call = "", rest = "", answer = "", size] = match;
  const shape = Object.hasOwn(shapes, call) ? shapes[call] : undefined;
  if (shape === undefined) throw new Malformed(`there is no call \`${call}\``);
  const args = rest.split(" ").slice(1);
  check(shape, call, args, given);
  if (!/^(?:ok|E[A-Z0-9]+)$/.test(answer))
    throw new Malformed(`an answer is \`ok\` or an errno, not \`${answer}\``);
  const expected = answer === "ok" ? "" : ` fails ${answer}`;
  if (size !== undefined && (call !== "UNMAP" || answer !== "ok"))
    throw new Malformed("only an UNMAP that went well has a size");

  const [first = "", second = ""] = args;
  if (call === "bind_driver") return [`unbind_driver("${first}")`, shape.write(args) + expected];
  if (call === "HWPT_ALLOC") args[1] = state.bound.has(second) ? deviceOf(second) : "0";
  const step = shape.write(args) + expected;
  if (call === "BIND" && answer === "ok") {
    state.bound.add(first);
    return [`${deviceOf(first)} = ${step}`];
  }
  if (size !== undefined) {
    const name = `size${++state.sizes}`;
    return [`${name} = ${step}`, `assert ${name} == ${size}`];
  }
  return [given === undefined ? step : `${given} = ${step}`];
}

function check(shape: Shape, call: string, args: readonly string[], given: string | undefined): void {
  const wanted = shape.arguments;
  if (args.length !== wanted.length) {
    throw new Malformed(
      `\`${call}\` takes ${wanted.map((kind) => examples[kind]).join(", ")}: ${wanted.length} in all, not ${args.length}`,
    );
  }
  wanted.forEach((kind, i) => {
    const arg = args[i] ?? "";
    if (!patterns[kind].test(arg)) throw new Malformed(`\`${arg}\` is not ${examples[kind]}`);
  });
  if (given !== undefined && shape.gives === undefined) throw new Malformed(`\`${call}\` gives no handle`);
  if (given === undefined && shape.gives !== undefined)
    throw new Malformed(`\`${call}\` gives a handle: \`H = ${call} …\``);
  if (given !== undefined && !patterns.name.test(given))
    throw new Malformed(`\`${given}\` is not ${examples.name}`);
}

const deviceOf = (file: string): string => `${file}_device`;
