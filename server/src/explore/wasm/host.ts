// The part of WebAssembly's interface that is used: all hosts have it (Node, browsers), and no library of types that
// this project includes says so.

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** By pages; throws a RangeError when there is no more. */
  readonly grow: (pages: number) => number;
}

export type WasmFunction = (...args: readonly number[]) => number;
export type WasmFunctions = Readonly<Record<string, WasmFunction>>;

/** Compiled code: what it becomes while it runs stays with it, for all that use it. */
export interface WasmModule {
  readonly with: (memory: WasmMemory, functions: WasmFunctions) => WasmFunctions;
}

interface Host {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: Readonly<Record<string, WasmMemory | WasmFunction>> },
  ) => { readonly exports: WasmFunctions };
  readonly Memory: new (limits: { readonly initial: number }) => WasmMemory;
}

export const PAGE = 65536;

const host = (): Host | null => {
  const found: unknown = Reflect.get(globalThis, "WebAssembly");
  // What has this name on the global object is defined by the standard.
  return typeof found === "object" && found !== null ? (found as Host) : null;
};

let available: boolean | null = null;

/** False where there is none, or where the page's rules forbid to compile it. */
export function isAvailable(): boolean {
  available ??= canCompile();
  return available;
}

function canCompile(): boolean {
  const wasm = host();
  if (wasm === null) return false;
  try {
    new wasm.Module(new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]));
    return true;
  } catch {
    return false;
  }
}

export function newMemory(bytes: number): WasmMemory {
  const wasm = host();
  if (wasm === null) throw new Error("there is no WebAssembly here");
  return new wasm.Memory({ initial: Math.ceil(bytes / PAGE) });
}

export function compile(bytes: Uint8Array): WasmModule {
  const wasm = host();
  if (wasm === null) throw new Error("there is no WebAssembly here");
  const module = new wasm.Module(bytes);
  return {
    with: (memory, functions) => new wasm.Instance(module, { env: { ...functions, memory } }).exports,
  };
}
