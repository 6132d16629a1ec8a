// The members that a proposal has in the end: its base's, overridden, removed and added to.

import type { Member, Name, ProposalDeclaration } from "../syntax/ast.ts";
import type { Draft, Origin } from "./context.ts";
import { report, siteOf } from "./context.ts";
import { suggestion } from "./types.ts";

/** One proposal of the chain core … derived, and where it stands. */
export interface Link {
  readonly declaration: ProposalDeclaration;
  readonly origin: Origin;
}

type Named = Exclude<Member, { kind: "error" | "state" | "fact" | "remove" }>;
export type Placed<T> = { readonly member: T; readonly origin: Origin; readonly proposal: string };

/** Things whose names may not meet: calls, values, rules and types each have their own names. */
const space = (member: Named): string => {
  switch (member.kind) {
    case "operation":
    case "rule":
    case "const":
    case "define":
    case "effect":
    case "hazard":
      return member.kind;
    case "fd":
    case "object":
    case "role":
    case "alias":
      return "type";
    default:
      return member satisfies never;
  }
};

export interface Members {
  /** Every declaration of fds, objects, roles, aliases, state and facts, base first. */
  readonly declarations: readonly Placed<Member>[];
  /** Operations, defines, rules and constants in the order of their first declaration. */
  readonly named: readonly Placed<
    Extract<Named, { kind: "operation" | "define" | "rule" | "hazard" | "const" | "effect" }>
  >[];
}

export function effectiveMembers(draft: Draft, chain: readonly Link[]): Members {
  const declarations: Placed<Member>[] = [];
  const named = new Map<string, Placed<Named>>();
  for (const { declaration, origin } of chain) {
    const proposal = declaration.name.text;
    for (const member of declaration.body) {
      const placed = { member, origin, proposal };
      switch (member.kind) {
        case "error":
          break;
        case "remove":
          remove(draft, named, member.name, origin);
          break;
        case "state":
        case "fact":
          declarations.push(placed);
          break;
        case "fd":
        case "object":
          declarations.push(placed);
          add(draft, named, { ...placed, member });
          break;
        default:
          if (member.kind === "role" || member.kind === "alias") declarations.push(placed);
          add(draft, named, { ...placed, member });
      }
    }
  }
  const rest: Members["named"][number][] = [];
  for (const { member, origin, proposal } of named.values()) {
    if (member.kind === "fd" || member.kind === "object" || member.kind === "role" || member.kind === "alias")
      continue;
    rest.push({ member, origin, proposal });
  }
  return { declarations, named: rest };
}

function add(draft: Draft, named: Map<string, Placed<Named>>, placed: Placed<Named>): void {
  const { member, origin, proposal } = placed;
  const key = `${space(member)} ${member.name.text}`;
  const known = named.get(key);
  const override = "override" in member && member.override;
  if (known === undefined) {
    if (override) {
      report({ draft, origin }, member.name, {
        code: "bad-override",
        message: `\`${member.name.text}\` overrides nothing: no base declares it`,
        help: suggestion(member.name.text, namesOf(named, space(member))),
      });
    }
    named.set(key, placed);
    return;
  }
  const first = { site: siteOf(known.origin, known.member.name), message: "first declared here" };
  const isObservable = known.member.kind === "define" && known.member.body === null;
  if (known.proposal === proposal && !isObservable) {
    report({ draft, origin }, member.name, {
      code: "duplicate-name",
      message: `\`${member.name.text}\` is declared twice`,
      related: [first],
    });
    return;
  }
  // Declaring an fd or object again adds to it.
  if ((member.kind === "fd" || member.kind === "object") && known.member.kind === member.kind) return;
  if (!override && !isObservable) {
    report({ draft, origin }, member.name, {
      code: "bad-override",
      message: `\`${member.name.text}\` is already declared by ${known.proposal}`,
      related: [first],
      help: "override" in member ? ["write `override` in front to replace it"] : ["choose another name"],
    });
    return;
  }
  named.set(key, placed);
}

const removable = ["operation", "rule", "define", "const", "effect", "hazard"];

function remove(draft: Draft, named: Map<string, Placed<Named>>, name: Name, origin: Origin): void {
  for (const kind of removable) if (named.delete(`${kind} ${name.text}`)) return;
  report({ draft, origin }, name, {
    code: "bad-override",
    message: `there is no call, rule, hazard, define, effect or constant \`${name.text}\` to remove`,
    help: suggestion(
      name.text,
      removable.flatMap((kind) => namesOf(named, kind)),
    ),
  });
}

const namesOf = (named: Map<string, unknown>, kind: string): string[] =>
  [...named.keys()].filter((key) => key.startsWith(`${kind} `)).map((key) => key.slice(kind.length + 1));
