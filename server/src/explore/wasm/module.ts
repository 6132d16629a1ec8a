// Builds one WebAssembly module: functions, the memory that it imports, exports. It knows the binary format only.

import { type Code, flatten, typeByte, unsigned, type ValueType } from "./code.ts";

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface ModuleBuilder {
  /** A function that comes from outside, as `env.name`; all of them before the first that is declared. */
  readonly importAs: (name: string, signature: Signature) => number;
  /** Reserves a number for a function, so that others can call it before it is defined. */
  readonly declare: (signature: Signature) => number;
  readonly define: (fn: number, locals: readonly ValueType[], body: Code) => void;
  readonly exportAs: (name: string, fn: number) => void;
  readonly bytes: () => Uint8Array;
}

const NO_CODE = new Uint8Array();
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const;

/** The memory is imported as `env.memory`. */
export function createModule(): ModuleBuilder {
  const types: string[] = [];
  const typeCodes: Code[] = [];
  const imported: Code[] = [];
  const functions: { readonly type: number; code: Uint8Array }[] = [];
  const exported: { readonly name: string; readonly fn: number }[] = [];

  const typeOf = ({ params, results }: Signature): number => {
    const key = `${params.join()}>${results.join()}`;
    const known = types.indexOf(key);
    if (known !== -1) return known;
    const list = (each: readonly ValueType[]): Code => vector(each.map((type) => [typeByte[type]]));
    typeCodes.push([0x60, list(params), list(results)]);
    return types.push(key) - 1;
  };

  return {
    importAs: (name, signature) =>
      imported.push([text("env"), text(name), 0x00, unsigned(typeOf(signature))]) - 1,
    declare: (signature) => imported.length + functions.push({ type: typeOf(signature), code: NO_CODE }) - 1,
    define(fn, locals, body) {
      const own = functions[fn - imported.length];
      if (own === undefined) return;
      const groups: Code[] = [];
      for (let i = 0; i < locals.length; ) {
        const type = locals[i] ?? "i32";
        let end = i;
        while (locals[end] === type) end++;
        groups.push([unsigned(end - i), typeByte[type]]);
        i = end;
      }
      own.code = flatten([vector(groups), body, 0x0b]);
    },
    exportAs: (name, fn) => void exported.push({ name, fn }),
    bytes: () =>
      flatten([
        HEADER,
        section(SECTION.types, typeCodes),
        // One memory of at least one page, without an upper limit.
        section(SECTION.imports, [...imported, [text("env"), text("memory"), 0x02, 0x00, 0x01]]),
        section(
          SECTION.functions,
          functions.map(({ type }) => unsigned(type)),
        ),
        section(
          SECTION.exports,
          exported.map(({ name, fn }) => [text(name), 0x00, unsigned(fn)]),
        ),
        section(
          SECTION.code,
          functions.map(({ code }) => [unsigned(code.length), code]),
        ),
      ]),
  };
}

const vector = (items: readonly Code[]): Code => [unsigned(items.length), items];

const text = (of: string): Code => [unsigned(of.length), [...of].map((letter) => letter.charCodeAt(0))];

function section(id: number, items: readonly Code[]): Code {
  const content = flatten(vector(items));
  return [id, unsigned(content.length), content];
}
