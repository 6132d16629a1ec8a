// The declarations behind a System: the syntax of its calls, kinds, fields, defines and rules, with their places.

import { mayMention } from "../analysis/outlines.ts";
import type { Usable } from "../analysis/proposals.ts";
import type { View } from "../analysis/session.ts";
import type { Site } from "../model/ir.ts";
import type { System } from "../model/system.ts";
import { neighbour } from "../semantics/link.ts";
import type { Link } from "../semantics/members.ts";
import { SHIPPED } from "../semantics/shipped.ts";
import type { FieldDeclaration, Member, ProposalDeclaration } from "../syntax/ast.ts";
import { printMember } from "../syntax/print.ts";
import { docMarkup, type Inline, type Markup } from "./markup.ts";

/** The proposal with what it builds on; also where it has mistakes, as far as it was understood. */
export function usable(view: View, link: Link): Usable {
  return view.work.proposals.compiled(view.work.texts, link);
}

/** The proposal of this name that the file sees, or would see if it used it. */
export function proposalNamed(view: View, name: string): Link | undefined {
  return view.visible.proposals.get(name) ?? neighbour(view.work.texts, view.uri, name);
}

/** The systems that a text may be about, those that it names itself first; core alone if it names none. */
export function systemsOf(view: View): readonly Usable[] {
  const { proposals, candidates } = view.visible;
  const own = [...candidates].flatMap((name) => proposals.get(name) ?? []);
  const others = [...proposals.values()].filter((link) => !own.includes(link));
  const links = [...own, ...others];
  if (links.length > 0) return links.map((link) => usable(view, link));
  const core = neighbour(view.work.texts, view.uri, "core");
  return core === undefined ? [] : [usable(view, core)];
}

/** The proposal of a run with the declarations that it was made from. */
export function chainOf(view: View, system: System): Usable | null {
  for (const link of view.visible.proposals.values()) {
    const chain = usable(view, link);
    if (chain.system === system) return chain;
  }
  return null;
}

/** The proposal that is declared in the item with this id. */
export function proposalOfItem(view: View, declaration: ProposalDeclaration, item: number): Usable {
  const known = view.visible.proposals.get(declaration.name.text);
  const origin = { uri: view.uri, item };
  return usable(view, known?.origin.item === item ? known : { declaration, origin });
}

export type Named = Exclude<Member, { kind: "error" | "state" | "fact" }>;

const isNamed = (member: Member): member is Named => "name" in member;

/** The member whose name stands at `site`. */
export function memberAt(view: View, site: Site): { member: Named; proposal: string } | null {
  const document = view.work.texts.document(site.uri);
  if ("failed" in document) return null;
  const declaration = document.items.find(({ id }) => id === site.item)?.declaration;
  if (declaration?.kind !== "proposal") return null;
  const member = declaration.body.filter(isNamed).find(({ name }) => name.start === site.start);
  return member === undefined ? null : { member, proposal: declaration.name.text };
}

/** Every declaration of a member of the chain, derived first. */
export function membersNamed(chain: Usable, name: string): { member: Named; site: Site; proposal: string }[] {
  return chain.links.toReversed().flatMap(({ declaration, origin }) => {
    if (!mayMention(declaration, name)) return [];
    return declaration.body.filter(isNamed).flatMap((member) => {
      if (member.name.text !== name) return [];
      const site = { ...origin, start: member.name.start, end: member.name.end };
      return [{ member, site, proposal: declaration.name.text }];
    });
  });
}

/** The declaration of a field, by the place of its name. */
export function fieldAt(view: View, site: Site): FieldDeclaration | null {
  const document = view.work.texts.document(site.uri);
  if ("failed" in document) return null;
  const declaration = document.items.find(({ id }) => id === site.item)?.declaration;
  if (declaration?.kind !== "proposal") return null;
  for (const member of declaration.body) {
    if (member.kind !== "fd" && member.kind !== "object" && member.kind !== "state" && member.kind !== "fact")
      continue;
    for (const field of member.body)
      if (field.kind === "field-declaration" && field.name.start === site.start) return field;
  }
  return null;
}

/** Its first line: `ioctl IOASID_FREE(as: ioasid)`, `fd group_fd opens "/dev/vfio/{group}" exclusive`. */
export function headOf(member: Named): string {
  const bare = "body" in member && Array.isArray(member.body) ? { ...member, body: [], open: true } : member;
  const head = (printMember({ ...bare, doc: [] } as Member).split("\n")[0] ?? "").replace(/ ?\{$/, "");
  // A long value is to be read where it stands.
  return member.kind === "define" && head.length > LONGEST && member.body !== null
    ? headOf({ ...member, body: null })
    : head;
}

const LONGEST = 120;

/** A doc comment taken apart: what it says, and the sources that it names. */
export function docParts(doc: readonly string[]): { readonly text: Markup; readonly source: string } {
  const at = doc.findIndex((line) => /(?:^|\. )Source: /.test(line));
  if (at === -1) return { text: docMarkup(doc), source: "" };
  const line = doc[at] ?? "";
  const start = line.search(/(?:^|(?<=\. ))Source: /);
  const end = doc.findIndex((below, i) => i > at && below.trim() === "");
  const sources = [line.slice(start + "Source: ".length), ...doc.slice(at + 1, end === -1 ? undefined : end)];
  const rest = [...doc.slice(0, at), line.slice(0, start), ...(end === -1 ? [] : doc.slice(end))];
  return { text: docMarkup(rest), source: sources.join(" ").replace(/\s+/g, " ").trim() };
}

/** A link to a declaration: `vfio.uapi:224`. */
export function linkTo(view: View, site: Site): Inline {
  const place = view.work.places.site(site);
  const shown = view.work.places.shown(site);
  const name = shown.startsWith(SHIPPED) ? shown : shown.replace(/^.*\//, "");
  return place === null ? name : { link: name, uri: place.uri, offset: place.start };
}

/** The first sentence of a doc comment. */
export function summaryOf(doc: readonly string[]): string {
  const first = doc.join(" ").replace(/\s+/g, " ").trim();
  return /^.*?[.:;](?=\s|$)/.exec(first)?.[0].replace(/[.:;]$/, "") ?? first;
}

export const kindNamed = (system: System, name: string): System["kinds"][number] | undefined =>
  system.kinds[system.kindByName.get(name) ?? -1];
