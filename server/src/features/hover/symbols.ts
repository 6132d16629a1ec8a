// The hover of what proposals declare: kinds, fields, defines, constants, rules, errnos, and the proposals themselves.

import type { Usable } from "../../analysis/proposals.ts";
import type { View } from "../../analysis/session.ts";
import { nameOf, renderTemplate } from "../../engine/render.ts";
import type { World } from "../../engine/world.ts";
import { brokenBindings } from "../../model/rules.ts";
import type { Field, Type } from "../../model/system.ts";
import { builtInNames } from "../../semantics/calls.ts";
import { showType } from "../../semantics/context.ts";
import { printExpression } from "../../syntax/print.ts";
import {
  docParts,
  fieldAt,
  headOf,
  kindNamed,
  linkTo,
  membersNamed,
  type Named,
  proposalNamed,
  summaryOf,
  usable,
} from "../declared.ts";
import { builtInDocs, errnoMeanings, keywordDocs } from "../keyword-docs.ts";
import {
  type Block,
  code,
  type Inline,
  listOf,
  type Markup,
  strong,
  text,
  uapi,
  withCode,
} from "../markup.ts";
import { callMarkup, onOpen, sourceLine } from "./call.ts";
import { requiresWith } from "./checks.ts";

/** A member of the proposal, by its name; null when it has none of that name. `world`: the state to look at, if any. */
export function memberMarkup(view: View, chain: Usable, name: string, world: World | null): Markup | null {
  const found = membersNamed(chain, name);
  const [first] = found;
  if (first === undefined) return null;
  const { member, site, proposal } = first;
  const declared: Inline[] = ["declared in ", linkTo(view, site), ` (${proposal})`];
  const { text: doc, source } = docParts("doc" in member ? member.doc : []);
  switch (member.kind) {
    case "operation": {
      const operation = chain.system.operations.get(name);
      return operation === undefined ? null : callMarkup(view, chain, operation, null);
    }
    case "rule":
    case "hazard":
      return ruleMarkup(chain, member, world, sourceLine(source, declared));
    case "fd":
    case "object":
      return kindMarkup(chain, name, found, declared);
    case "const":
      return [uapi(headOf(member)), ...doc, sourceLine(source, declared)];
    case "define": {
      const observable = member.body === null ? [text("An observable: every proposal says what it is.")] : [];
      const base = found.length > 1 ? [text(`Defined again by ${proposal}.`)] : [];
      const whole = docParts(
        found.find((each) => "doc" in each.member && each.member.doc.length > 0)?.member.doc ?? [],
      );
      return [
        uapi(headOf(member)),
        ...observable,
        ...whole.text,
        ...base,
        sourceLine(whole.source, declared),
      ];
    }
    case "role": {
      const kinds = (chain.system.roles.get(name) ?? []).map((kind) => chain.system.kinds[kind]?.name ?? "?");
      const players = kinds.length === 0 ? "nothing plays it yet" : `played by ${kinds.join(", ")}`;
      return [uapi(`role ${name}`), text(players), ...doc, sourceLine(source, declared)];
    }
    case "alias":
    case "effect":
    case "remove":
      return [uapi(headOf(member)), ...doc, sourceLine(source, declared)];
    default:
      return member satisfies never;
  }
}

function kindMarkup(
  { system }: Usable,
  name: string,
  found: ReturnType<typeof membersNamed>,
  declared: readonly Inline[],
): Markup {
  const kind = kindNamed(system, name);
  const heads = found.map(({ member }) => headOf(member));
  const head = heads.find((each) => / opens | is | in /.test(each)) ?? heads[0] ?? name;
  const { text: doc, source } = docParts(kind?.doc ?? []);
  const fields = (kind?.fields ?? []).flatMap((id): Inline[][] => {
    const field = system.fields[id];
    return field === undefined ? [] : [[code(`${field.name}: ${showType(system, field.type)}`)]];
  });
  return [uapi(head), ...doc, ...listOf(fields), sourceLine(source, declared)];
}

/** Why it exists, who sees to it, and whether it holds here. */
function ruleMarkup(
  { system }: Usable,
  member: Extract<Named, { kind: "rule" | "hazard" }>,
  world: World | null,
  declared: Block,
): Markup {
  const { text: doc } = docParts(member.doc);
  const gist = doc.filter(
    ({ kind }, index) =>
      index === 0 || (kind === "text" && /^(?:Why|Who sees to it|Fix):/.test(startOf(doc[index]))),
  );
  const off =
    member.severity === "off"
      ? [text("Off: looked at only where a scenario expects it, or when asked for.")]
      : [];
  const here =
    member.kind === "rule" && world !== null
      ? holdsHere(
          system.rules.find(({ name }) => name === member.name.text),
          world,
        )
      : [];
  return [
    uapi(headOf({ ...member, why: null })),
    ...here,
    ...(member.why === null ? [] : [text(strong(member.why.value))]),
    ...gist,
    ...off,
    declared,
  ];
}

const startOf = (block: Block | undefined): string => {
  const [first] = block?.kind === "text" ? block.parts : [];
  return typeof first === "string" ? first : "";
};

function holdsHere(rule: Usable["system"]["rules"][number] | undefined, world: World): Markup {
  if (rule === undefined) return [];
  const [broken] = brokenBindings(world.machine, rule);
  if (broken === undefined) return [text(strong("holds here"))];
  const { check, locals, bindings } = broken;
  const message = check.message === null ? "" : `: ${renderTemplate(world, check.message, [...locals])}`;
  return [
    text(strong("broken here"), ` for ${bindings.map((ref) => nameOf(world, ref)).join(", ")}${message}`),
  ];
}

/** A field with its type, its doc, and what it belongs to. */
export function fieldMarkup(view: View, { system }: Usable, field: Field, value: string | null): Markup {
  const kind = system.kinds[field.kind]?.name ?? "?";
  const node = field.site === null ? null : fieldAt(view, field.site);
  const { text: doc, source } = docParts(node?.doc ?? []);
  const form = field.constant ? "A fact: it never changes" : field.birth ? "Given at birth" : "";
  const weak = node?.weak === true ? "Weak: does not keep alive what it refers to" : "";
  const notes = [form, weak].filter((note) => note !== "").join(". ");
  const initial = node?.value === null || node === null ? "" : ` = ${printExpression(node.value)}`;
  return [
    uapi(`${kind}.${field.name}: ${showType(system, field.type)}${initial}`),
    ...(value === null ? [] : [text(strong(`${value} here`))]),
    ...doc,
    ...(notes === "" ? [] : [text(`${notes}.`)]),
    ...(field.site === null ? [] : [sourceLine(source, ["declared in ", linkTo(view, field.site)])]),
  ];
}

export function localMarkup({ system }: Usable, name: string, type: Type | null): Markup {
  const shown = type === null ? "?" : showType(system, type);
  const kind = type?.kinds.length === 1 ? system.kinds[type.kinds[0] ?? -1] : undefined;
  const doc = kind === undefined || kind.doc.length === 0 ? [] : [text(...withCode(summaryOf(kind.doc)))];
  return [uapi(`${name}: ${shown}`), ...doc];
}

/** What the errno says, and when this call returns it. */
export function errnoMarkup(view: View, chain: Usable | null, errno: string, call: string | null): Markup {
  const meaning = errnoMeanings.get(errno);
  const head = [uapi(errno), ...(meaning === undefined ? [] : [text(meaning)])];
  if (chain === null || call === null) return head;
  const declared = call === "open" ? [] : membersNamed(chain, call);
  const [member] = declared.flatMap((each) => (each.member.kind === "operation" ? [each.member] : []));
  const opens = chain.links.flatMap(({ declaration }) =>
    declaration.body.flatMap((each) => (each.kind === "fd" ? (onOpen(each) ?? []) : [])),
  );
  const requires = requiresWith(call === "open" ? opens : (member?.body ?? []), errno);
  const items = requires.map((node): Inline[] => {
    const message = node.message?.parts
      .map((part) => (typeof part === "string" ? part : `{${printExpression(part)}}`))
      .join("");
    return [
      "unless ",
      code(printExpression(node.condition)),
      ...(message === undefined ? [] : [` - ${message}`]),
    ];
  });
  const always = alwaysOf(errno, call);
  if (items.length === 0 && always.length === 0)
    return [...head, text(code(call), ` never answers ${errno} under ${chain.system.proposal}.`)];
  const [first] = declared;
  return [
    ...head,
    text(code(call), ` answers ${errno}`),
    ...listOf([...always, ...items]),
    ...(first === undefined ? [] : [text("declared in ", linkTo(view, first.site))]),
  ];
}

/** What the language itself answers. */
function alwaysOf(errno: string, call: string): Inline[][] {
  if (call === "open" && errno === "ENOENT") return [["when there is no such path"]];
  if (call === "open" && errno === "EBUSY")
    return [["when the file is ", code("exclusive"), " and one is open"]];
  if (errno === "EBADF") return [["for a file that is closed, or not open in the calling task"]];
  return errno === "ENOENT" ? [["for an object that is gone"]] : [];
}

export function proposalMarkup(view: View, name: string): Markup | null {
  const link = proposalNamed(view, name);
  if (link === undefined) return null;
  const { declaration, origin } = link;
  const { text: doc, source } = docParts(declaration.doc);
  const { system, links } = usable(view, link);
  const base = declaration.base === null ? "" : ` extends ${declaration.base.text}`;
  const own = declaration.body.filter((member) => member.kind === "operation").length;
  const counts = `${[...system.operations.values()].filter(({ form }) => form === "ioctl").length} ioctls (${own} calls of its own), ${system.rules.length} rules`;
  const chain = links.length > 2 ? ` · ${links.map((each) => each.declaration.name.text).join(" → ")}` : "";
  return [
    uapi(`${declaration.abstract ? "abstract " : ""}proposal ${name}${base}`),
    ...doc.slice(0, 2),
    text(`${counts}${chain}`),
    sourceLine(source, ["declared in ", linkTo(view, { ...origin, ...declaration.name })]),
  ];
}

export function topologyMarkup(view: View, name: string): Markup | null {
  const placed = view.visible.topologies.get(name);
  if (placed === undefined) return null;
  const { declaration, origin } = placed;
  const groups = declaration.body.flatMap((entry): Inline[][] => {
    if (entry.kind !== "group") return [];
    const devices = entry.body.flatMap((inner) => {
      if (inner.kind !== "device") return [];
      return [`${inner.name.text}${inner.driver === null ? "" : ` (${inner.driver.text})`}`];
    });
    const behind = entry.iommu === null ? "" : ` behind ${entry.iommu.text}`;
    const flags = entry.attributes.map(({ name: flag }) => ` ${flag.text}`).join("");
    return [[code(`group ${entry.name.text}`), `${behind}${flags}: ${devices.join(", ") || "no device"}`]];
  });
  return [
    uapi(`topology ${name}`),
    ...docParts(declaration.doc).text,
    ...listOf(groups),
    text("declared in ", linkTo(view, { ...origin, ...declaration.name })),
  ];
}

/** A word of the language or one of its functions. */
export function wordMarkup(word: string): Markup | null {
  const builtIn = builtInNames.includes(word) ? builtInDocs.get(word) : undefined;
  if (builtIn !== undefined) return [uapi(builtIn.head), text(builtIn.doc)];
  const doc = keywordDocs.get(word);
  return doc === undefined ? null : [text(code(word), ": ", ...withCode(doc))];
}
