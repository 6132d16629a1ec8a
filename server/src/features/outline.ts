// What a document declares, as a tree for outlines and as a list for searching a workspace by name.

import type { View } from "../analysis/session.ts";
import type { Declaration, Entry, Member, Name, Span, Step, StringLiteral } from "../syntax/ast.ts";
import { type Item, itemStarts } from "../syntax/document.ts";
import type { Role } from "./symbols/index.ts";
import { rowsOfItem } from "./symbols/rows.ts";

export interface Outlined extends Span {
  readonly name: string;
  /** What a reader wants to know besides: `extends vfio`, `behind vtd`; "" if there is nothing. */
  readonly detail: string;
  readonly role: Role | "verify" | "parallel" | "event";
  /** The name itself, inside the span. */
  readonly selection: Span;
  readonly children: readonly Outlined[];
}

export function outlineOf({ document }: View): Outlined[] {
  const starts = itemStarts(document);
  return document.items.flatMap((item, i) => itemSymbols(item).map((each) => moved(each, starts[i] ?? 0)));
}

const known = new WeakMap<Item, readonly Outlined[]>();

function itemSymbols(item: Item): readonly Outlined[] {
  const before = known.get(item);
  if (before !== undefined) return before;
  const found = item.declaration === null ? [] : declarationSymbols(item, item.declaration);
  known.set(item, found);
  return found;
}

function moved(symbol: Outlined, by: number): Outlined {
  return {
    ...symbol,
    start: symbol.start + by,
    end: symbol.end + by,
    selection: { start: symbol.selection.start + by, end: symbol.selection.end + by },
    children: symbol.children.map((child) => moved(child, by)),
  };
}

function symbol(
  node: Span,
  name: Name | StringLiteral,
  role: Outlined["role"],
  more: { readonly detail?: string; readonly children?: readonly Outlined[] } = {},
): Outlined[] {
  const text = name.kind === "name" ? name.text : name.value;
  // Clients take no empty names.
  const shown = text.trim() === "" ? '""' : text;
  const selection = { start: name.start, end: name.end };
  const { start, end } = node;
  return [{ start, end, name: shown, detail: "", role, selection, children: [], ...more }];
}

function declarationSymbols(item: Item, node: Declaration): readonly Outlined[] {
  switch (node.kind) {
    case "error":
    case "use":
      return [];
    case "topology":
      return symbol(node, node.name, "topology", { children: node.body.flatMap(entrySymbols) });
    case "proposal": {
      const detail = [node.abstract ? "abstract" : "", node.base === null ? "" : `extends ${node.base.text}`];
      return symbol(node, node.name, "proposal", {
        detail: detail.filter((part) => part !== "").join(" "),
        children: node.body.flatMap(memberSymbols),
      });
    }
    case "scenario": {
      const detail = [
        node.topology === null ? "" : `on ${node.topology.text}`,
        node.proposal === null ? "" : `with ${node.proposal.text}`,
      ];
      return symbol(node, node.name, "scenario", {
        detail: detail.filter((part) => part !== "").join(" "),
        children: blocksOf(item),
      });
    }
    case "verify":
      return symbol(node, node.proposal, "verify", {
        detail: `on ${node.topologies.map(({ text }) => text).join(", ")}`,
      });
    default:
      return node satisfies never;
  }
}

function entrySymbols(entry: Entry): Outlined[] {
  switch (entry.kind) {
    case "error":
    case "kernel":
    case "host":
      return [];
    case "iommu":
      return symbol(entry, entry.name, "iommu");
    case "device":
      return symbol(entry, entry.name, "device", {
        detail: entry.driver === null ? "" : `driver ${entry.driver.text}`,
      });
    case "group":
      return symbol(entry, entry.name, "group", {
        detail: entry.iommu === null ? "" : `behind ${entry.iommu.text}`,
        children: entry.body.flatMap(entrySymbols),
      });
    default:
      return entry satisfies never;
  }
}

function memberSymbols(member: Member): Outlined[] {
  switch (member.kind) {
    case "error":
    case "remove":
      return [];
    case "state":
    case "fact":
      return symbol(member, member.target, "kind", {
        detail: member.kind,
        children: member.body.flatMap(fieldSymbols),
      });
    case "fd":
      return symbol(member, member.name, "fd", {
        detail: member.path === null ? "" : member.path.value,
        children: member.body.flatMap(fieldSymbols),
      });
    case "object":
      return symbol(member, member.name, "object", {
        detail: member.owner === null ? "" : `in ${member.owner.text}`,
        children: member.body.flatMap(fieldSymbols),
      });
    case "operation":
      return symbol(member, member.name, "operation", {
        detail: `${member.override ? "override " : ""}(${member.params.map(({ name }) => name.text).join(", ")})`,
      });
    case "hazard":
    case "rule":
      return symbol(member, member.name, member.kind, { detail: member.why?.value ?? "" });
    case "effect":
    case "define":
    case "const":
    case "role":
    case "alias":
      return symbol(member, member.name, member.kind, {
        detail: "override" in member && member.override ? "override" : "",
      });
    default:
      return member satisfies never;
  }
}

function fieldSymbols(item: Extract<Member, { kind: "fd" }>["body"][number]): Outlined[] {
  if (item.kind === "error") return [];
  return item.kind === "on"
    ? symbol(item, item.event, "event", { detail: "on" })
    : symbol(item, item.name, "field");
}

/** The tasks and parallel blocks of a scenario, from its rows. */
function blocksOf(item: Item): Outlined[] {
  const root: Outlined[] = [];
  const open: { readonly into: Outlined[]; readonly children: Outlined[]; readonly made: Outlined[] }[] = [];
  let into = root;
  for (const { row, start } of rowsOfItem(item)) {
    if (row.kind === "close") {
      const block = open.pop();
      if (block === undefined) continue;
      const brace = start + row.text.indexOf("}") + 1;
      for (const each of block.made) block.into.push({ ...each, end: brace, children: block.children });
      into = block.into;
      continue;
    }
    if (row.node === null) continue;
    const made = stepSymbols(row.node).map((each) => moved(each, start));
    if (row.kind === "open") {
      const children: Outlined[] = [];
      open.push({ into, children, made });
      into = children;
    } else into.push(...made);
  }
  // What is never closed reaches up to its last row.
  for (const block of open.toReversed())
    for (const each of block.made)
      block.into.push({
        ...each,
        end: Math.max(each.end, ...block.children.map(({ end }) => end)),
        children: block.children,
      });
  return root;
}

function stepSymbols(node: Step): Outlined[] {
  if (node.kind === "task")
    return symbol(node, node.name, "task", { children: node.body.flatMap(stepSymbols) });
  if (node.kind !== "parallel") return [];
  const { start, end } = node;
  const selection = { start, end: start + "parallel".length };
  const children = node.body.flatMap(stepSymbols);
  return [{ start, end, name: "parallel", detail: "", role: "parallel", selection, children }];
}

// ---------------------------------------------------------------- the workspace

export interface Match {
  readonly uri: string;
  readonly symbol: Outlined;
  /** What it is declared in; "" at the top. */
  readonly container: string;
}

const mostMatches = 256;

/** What has the letters of `query` in its name, in order; the nearest first. */
export function searchSymbols(views: readonly View[], query: string): Match[] {
  const found: { readonly match: Match; readonly rank: number }[] = [];
  const wanted = query.toLowerCase();
  for (const view of views) {
    const visit = (symbols: readonly Outlined[], container: string): void => {
      for (const symbol of symbols) {
        const rank = rankOf(wanted, symbol.name.toLowerCase());
        if (rank !== null) found.push({ match: { uri: view.uri, symbol, container }, rank });
        visit(symbol.children, symbol.name);
      }
    };
    visit(outlineOf(view), "");
  }
  found.sort((a, b) => a.rank - b.rank || compare(a.match.symbol.name, b.match.symbol.name));
  return found.slice(0, mostMatches).map(({ match }) => match);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Lower is better: the name itself, its beginning, a part of it, its letters with gaps; null for none of these. */
function rankOf(query: string, name: string): number | null {
  const at = name.indexOf(query);
  if (at === 0) return name.length - query.length;
  if (at > 0) return 1000 + at + name.length;
  let [gaps, from] = [0, 0];
  for (const letter of query) {
    const found = name.indexOf(letter, from);
    if (found === -1) return null;
    gaps += found - from;
    from = found + 1;
  }
  return 2000 + gaps + name.length;
}
