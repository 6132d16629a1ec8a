// The path of an fd: `/dev/vfio/{group}`, `/dev/vfio/devices/{device.cdev}`.

import { HARDWARE, hardwareNames } from "../model/system.ts";
import type { StringLiteral } from "../syntax/ast.ts";
import { report, type Scope } from "./context.ts";
import { fieldsOf, referField } from "./fields.ts";
import { suggestion } from "./types.ts";

const holeKinds = hardwareNames.filter((name) => name !== "host" && name !== "task");

export interface PathParts {
  readonly prefix: string;
  readonly suffix: string;
  readonly hole: { readonly kind: number; readonly by: number } | null;
}

export function parsePath(place: Pick<Scope, "draft" | "origin">, node: StringLiteral): PathParts | null {
  const bad = (message: string, help: string[] = []): null => {
    report(place, node, { code: "bad-path", message, help });
    return null;
  };
  const open = node.value.indexOf("{");
  const close = node.value.indexOf("}");
  if (node.value === "") return bad("this path is empty");
  if (open === -1 && close === -1) return { prefix: node.value, suffix: "", hole: null };
  if (open === -1 || close < open)
    return bad("the hole of this path is not closed: write `{group}` or `{device}`");
  const prefix = node.value.slice(0, open);
  const suffix = node.value.slice(close + 1);
  if (/[{}]/.test(suffix)) return bad("a path has one hole at most");
  const [kindName = "", ...rest] = node.value
    .slice(open + 1, close)
    .trim()
    .split(".");
  if (kindName === "") return bad("the hole of this path is empty: write `{group}` or `{device}`");
  const kind = holeKinds.find((name) => name === kindName);
  if (kind === undefined) {
    return bad(
      `the hole \`{${kindName}}\` names no hardware kind (${holeKinds.join(", ")})`,
      suggestion(kindName, holeKinds),
    );
  }
  if (rest.length === 0) return { prefix, suffix, hole: { kind: HARDWARE[kind], by: -1 } };
  const fields = fieldsOf(place.draft, [HARDWARE[kind]]).filter(({ type }) => type.base === "string");
  const by = fields.find(({ name }) => name === rest.join("."));
  if (by !== undefined) {
    // Inside the quotes; where there are escapes in front, nobody can say where.
    const at = node.start + 1 + node.value.indexOf(by.name, open + kindName.length + 1);
    if (node.end - node.start === node.value.length + 2)
      referField(place, { start: at, end: at + by.name.length }, [by]);
    return { prefix, suffix, hole: { kind: HARDWARE[kind], by: by.id } };
  }
  return bad(
    `${kind} has no text field \`${rest.join(".")}\` to fill the hole with`,
    suggestion(
      rest.join("."),
      fields.map(({ name }) => name),
    ),
  );
}
