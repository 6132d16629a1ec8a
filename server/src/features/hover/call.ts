// The hover of a call: what it does, and whether it would succeed right here and why not.

import type { Usable } from "../../analysis/proposals.ts";
import type { View } from "../../analysis/session.ts";
import { type Ran, runStep } from "../../engine/step.ts";
import type { World } from "../../engine/world.ts";
import { openTable } from "../../model/paths.ts";
import type { Operation, System } from "../../model/system.ts";
import type { FdDeclaration, Statement } from "../../syntax/ast.ts";
import { docParts, headOf, linkTo, memberAt, membersNamed } from "../declared.ts";
import { type Block, code, type Inline, listOf, type Markup, strong, text, uapi } from "../markup.ts";
import { leafAt, lookBefore, type StepPlace } from "../trial.ts";
import { checkItems, type Seen, watchChecks } from "./checks.ts";
import { effectItems } from "./effects.ts";

/** Where a call stands that can be tried; null: only what its declaration says. */
export interface Here {
  readonly place: StepPlace;
  readonly offset: number;
}

interface Tried {
  readonly verdict: Block;
  /** Null when the call could not be tried. */
  readonly seen: ReadonlyMap<string, Seen> | null;
  readonly world: World;
}

export function callMarkup(view: View, { system }: Usable, operation: Operation, here: Here | null): Markup {
  const found = memberAt(view, operation.site);
  const member = found?.member.kind === "operation" ? found.member : null;
  const body = member?.body ?? [];
  const tried = here === null ? null : tryHere(here);
  const { text: doc, source } = docParts(operation.doc);
  return [
    uapi(member === null ? operation.name : headOf(member)),
    ...(tried === null ? [] : [tried.verdict]),
    ...doc.slice(0, 1),
    ...requires(body, operation.site, tried),
    ...effects(body),
    ...doc.slice(1),
    ...handleErrnos(system, operation),
    sourceLine(source, ["declared in ", linkTo(view, operation.site), ` (${operation.proposal})`]),
  ];
}

function requires(body: readonly Statement[], site: Operation["site"], tried: Tried | null): Markup {
  const items = checkItems(body, site, tried?.seen ?? null, tried?.world ?? null);
  return items.length === 0
    ? [text("Requires nothing.")]
    : [text("Requires, in this order:"), ...listOf(items)];
}

function effects(body: readonly Statement[]): Markup {
  const items = effectItems(body);
  return items.length === 0 ? [text("Changes nothing.")] : [text("Then:"), ...listOf(items)];
}

/** What the language adds to every call that is given files or objects. */
function handleErrnos(system: System, { params }: Operation): Markup {
  const sorts = new Set(
    params
      .filter(({ explicit }) => !explicit)
      .flatMap(({ type }) => [...type.kinds, ...(type.element?.kinds ?? [])])
      .map((kind) => system.kinds[kind]?.sort),
  );
  const answers = [
    ...(sorts.has("fd") ? ["EBADF for a file that is closed, or not open in the calling task"] : []),
    ...(sorts.has("object") ? ["ENOENT for an object that is gone"] : []),
  ];
  return answers.length === 0 ? [] : [text(`Before all that: ${answers.join("; ")}.`)];
}

export function sourceLine(source: string, declared: readonly Inline[]): Block {
  return source === "" ? text(...declared) : text("Source: ", source, " · ", ...declared);
}

function tryHere({ place, offset }: Here): Tried | null {
  const leaf = leafAt(place, offset);
  if (leaf?.node.kind !== "step") return null;
  const { node } = leaf;
  return lookBefore(place, place.start + node.start, (world) => {
    let outcome: Ran["outcome"] | null = null;
    let verdict = text("");
    const seen = watchChecks(world, () => {
      const ran = runStep(world, place.row.id, { ...node, expected: [] });
      outcome = ran.outcome;
      verdict = verdictOf(ran);
    });
    return { verdict, seen: isTried(outcome) ? seen : null, world };
  });
}

const isTried = (outcome: Ran["outcome"] | null): boolean => outcome !== null && outcome.kind !== "unknown";

function verdictOf({ outcome, findings }: Ran): Block {
  switch (outcome.kind) {
    case "ok":
      return text(strong("ok here"));
    case "errno":
      return text(strong(`${outcome.names.join(", ")} here`), `: ${outcome.message}`);
    case "violation":
      return text(strong(`allowed here, but breaks ${outcome.names.join(", ")}`), `: ${outcome.message}`);
    case "unknown": {
      const why = findings[0]?.message ?? "it is about something that no earlier step has made";
      return text(strong("not tried here"), `: ${why}`);
    }
    default:
      return outcome.kind satisfies never;
  }
}

// ---------------------------------------------------------------- open

/** `open("/dev/vfio/26")`: the file that it gives. */
export function openMarkup(view: View, chain: Usable, path: string, here: Here | null): Markup {
  const { system } = chain;
  const kind = here === null ? undefined : openedKind(system, here.place, path);
  const tried = here === null ? null : tryHere(here);
  const general = text(code("open"), " finds the fd whose path fits; the file belongs to the calling task.");
  if (kind === undefined)
    return [uapi('open("PATH", …) -> fd'), ...(tried === null ? [] : [tried.verdict]), general];
  const declared = membersNamed(chain, kind.name).filter(({ member }) => member.kind === "fd");
  const opening = declared.find(({ member }) => member.kind === "fd" && onOpen(member) !== null);
  const pathed = declared.find(({ member }) => member.kind === "fd" && member.path !== null) ?? declared[0];
  const body = opening?.member.kind === "fd" ? (onOpen(opening.member) ?? []) : [];
  const { text: doc, source } = docParts(kind.doc);
  const exclusive: Inline[][] = kind.exclusive
    ? [[code("exclusive"), " else EBUSY - while one is live for the same path"]]
    : [];
  const items = [
    ...checkItems(body, opening?.site ?? { uri: "", item: 0 }, tried?.seen ?? null, tried?.world ?? null),
    ...exclusive,
  ];
  return [
    uapi(`open("${path}") -> ${kind.name}`),
    ...(tried === null ? [] : [tried.verdict]),
    ...doc,
    ...(items.length === 0 ? [] : [text("Requires, in this order:"), ...listOf(items)]),
    ...(pathed === undefined
      ? []
      : [sourceLine(source, ["declared in ", linkTo(view, pathed.site), ` (${pathed.proposal})`])]),
  ];
}

function openedKind(system: System, { run }: StepPlace, path: string): System["kinds"][number] | undefined {
  const found = openTable(system, run.world.machine.topology).get(path);
  return found === undefined ? undefined : system.kinds[found.kind];
}

export function onOpen({ body }: FdDeclaration): readonly Statement[] | null {
  return (
    body.flatMap((item) => (item.kind === "on" && item.event.text === "open" ? [item.body] : []))[0] ?? null
  );
}
