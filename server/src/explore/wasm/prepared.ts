// Modules that are compiled once and used again: the search for all programs of a form, and the functions of one of
// them. Of another one only those functions are compiled that it does not share, so that what became quick stays so.

import { isSame } from "../../base/same.ts";
import { entriesOf, type Form } from "../packed/shape.ts";
import type { Fn, Program } from "../program.ts";
import { withCallers } from "./callees.ts";
import { emitFunctions, nameOf } from "./functions.ts";
import { compile, type WasmFunctions, type WasmMemory, type WasmModule } from "./host.ts";
import { type Plan, planOf } from "./plan.ts";
import { emitSearch, entryName } from "./search.ts";
import { fillTables, tablesOf } from "./tables.ts";

export interface Prepared {
  readonly plan: Plan;
  /** What lies in the memory at first, in front of the states. */
  readonly image: Uint8Array;
  /** Gives `begin`, `run` and `rehash`. */
  readonly link: (memory: WasmMemory) => WasmFunctions;
}

type LinkFunctions = (memory: WasmMemory) => WasmFunctions;

interface Core {
  readonly plan: Plan;
  readonly image: Uint8Array;
  readonly module: WasmModule;
  /** The functions of a program, all of them. */
  base: { readonly functions: readonly Fn[]; readonly module: WasmModule } | null;
  /** Of the last program, for another search of it. */
  last: { readonly functions: readonly Fn[]; readonly link: LinkFunctions } | null;
}

const cores = new WeakMap<Form, Core>();

export function prepared(program: Program, form: Form): Prepared {
  const core = cores.get(form) ?? newCore(program, form);
  cores.set(form, core);
  const { plan, image, module } = core;
  const functions = core.last?.functions === program.functions ? core.last.link : functionsOf(program, core);
  core.last = { functions: program.functions, link: functions };
  const entries = entriesOf(program);
  return {
    ...{ plan, image },
    link(memory) {
      const own = functions(memory);
      const none = (): number => 0;
      return module.with(
        memory,
        Object.fromEntries(entries.map((fn, i) => [entryName(i), own[nameOf(fn)] ?? none])),
      );
    },
  };
}

function newCore(program: Program, form: Form): Core {
  const { layout, symmetry } = form;
  const size = symmetry === null ? 0 : tablesOf(symmetry, layout, 0).end;
  const plan = planOf(program, form, size);
  const tables = symmetry === null ? null : tablesOf(symmetry, layout, plan.extra);
  const image = new Uint8Array(plan.log);
  plan.fill(image.buffer);
  if (symmetry !== null && tables !== null) fillTables(symmetry, tables, image.buffer);
  return { plan, image, module: compile(emitSearch(program, form, plan, tables)), base: null, last: null };
}

/** The functions of a program, once there is a memory. */
function functionsOf(program: Program, core: Core): LinkFunctions {
  const { functions } = program;
  const { plan, base } = core;
  const all = functions.map((_, fn) => fn);
  // What is the same is taken as it was: of that it is known what it calls.
  const known = functions.map((fn, i) => {
    const before = base?.functions[i];
    return before !== undefined && isSame(fn, before) ? before : fn;
  });
  const own = withCallers(known, new Set(all.filter((fn) => known[fn] !== base?.functions[fn])));
  if (base === null || base.functions.length !== functions.length || own.size > functions.length / 2) {
    const module = compile(emitFunctions(program, plan, all));
    core.base = { functions, module };
    return (memory) => module.with(memory, {});
  }
  if (own.size === 0) return (memory) => base.module.with(memory, {});
  const module = compile(emitFunctions(program, plan, [...own]));
  return (memory) => {
    const shared = base.module.with(memory, {});
    return { ...shared, ...module.with(memory, shared) };
  };
}
