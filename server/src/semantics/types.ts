// Type nodes -> types; names of types, kinds and roles.

import { didYouMean } from "../base/did-you-mean.ts";
import { HARDWARE, type Type } from "../model/system.ts";
import type { Name, TypeNode } from "../syntax/ast.ts";
import type { Draft, Scope } from "./context.ts";
import {
  BOOL,
  INT,
  optional,
  plain,
  RANGE,
  referenceType,
  report,
  STRING,
  setType,
  UNKNOWN,
  union,
} from "./context.ts";

type Place = Pick<Scope, "draft" | "origin">;

const builtIn = new Map<string, Type>([
  ["bool", BOOL],
  ["int", INT],
  ["string", STRING],
  ["label", STRING],
  ["range", RANGE],
]);

function typeNames(draft: Draft): string[] {
  return [...builtIn.keys(), ...draft.kindByName.keys(), ...draft.roles.keys(), ...draft.aliases.keys()];
}

/** The kinds that a name stands for: a kind or a role; null when it is neither. */
export function kindsNamed(draft: Draft, name: string): readonly number[] | null {
  const kind = draft.kindByName.get(name);
  return kind === undefined ? (draft.roles.get(name) ?? null) : [kind];
}

function namedType(draft: Draft, name: string): Type | null {
  const kinds = kindsNamed(draft, name);
  return (
    builtIn.get(name) ?? (kinds === null ? null : referenceType(kinds)) ?? draft.aliases.get(name) ?? null
  );
}

/** `passing`: of a parameter, which lives no longer than its call, and so may be a set of files. */
export function resolveType(place: Place, node: TypeNode, passing = false): Type {
  let result: Type | null = null;
  for (const atom of node.alternatives) {
    const type = resolveAtom(place, atom, passing);
    const joined: Type | null = result === null ? type : union(result, type);
    if (joined === null) {
      report(place, atom, {
        code: "type-mismatch",
        message: "only fds, objects, hardware kinds and enums can be alternatives of one type",
      });
      continue;
    }
    result = joined;
  }
  const type = result ?? UNKNOWN;
  return node.optional ? optional(type) : type;
}

function resolveAtom(place: Place, atom: TypeNode["alternatives"][number], passing: boolean): Type {
  switch (atom.kind) {
    case "name":
      return namedType(place.draft, atom.text) ?? unknownType(place, atom);
    case "enum": {
      const names = atom.members.map(({ text }) => text);
      for (const name of names) place.draft.enumNames.add(name);
      return { ...plain("value"), names };
    }
    case "set-of": {
      const element = resolveType(place, atom.element);
      if (!passing && element.kinds.some((kind) => kind > HARDWARE.task)) {
        report(place, atom, {
          code: "type-mismatch",
          message: "a set that is kept cannot hold fds or objects, which come and go",
          help: ["give the fd or object a field that names its set, and ask for all that have it"],
        });
      }
      return setType(element);
    }
    default:
      return atom satisfies never;
  }
}

function unknownType(place: Place, name: Name): Type {
  report(place, name, {
    code: "unknown-type",
    message: `no type is called \`${name.text}\``,
    help: suggestion(name.text, typeNames(place.draft)),
  });
  return UNKNOWN;
}

/** `did you mean …?` as a help line, if something is near. */
export function suggestion(name: string, candidates: Iterable<string>): string[] {
  const near = didYouMean(name, [...candidates]);
  return near === undefined ? [] : [`did you mean \`${near}\`?`];
}
