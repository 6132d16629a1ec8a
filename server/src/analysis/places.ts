// From places that are relative to items and rows to places in texts.

import type { Finding, Place, Related } from "../base/finding.ts";
import { type Lines, linesOf, positionAt } from "../base/lines.ts";
import type { RowPlace, StepFinding } from "../engine/outcome.ts";
import type { Site } from "../model/ir.ts";
import type { Problem } from "../semantics/context.ts";
import { itemStart, type Library } from "../semantics/link.ts";
import { SHIPPED } from "../semantics/shipped.ts";
import type { Step } from "../syntax/ast.ts";
import { type Document, type Item, indexOfRow, rowStart } from "../syntax/document.ts";

export interface Places {
  readonly finding: (problem: Problem) => Finding;
  /** Appends the findings of the rows of a scenario. */
  readonly stepFindings: (
    uri: string,
    item: Item,
    results: readonly { readonly findings: readonly StepFinding[] }[],
    into: Finding[],
  ) => void;
  /** Where a row of a scenario starts. */
  readonly row: (uri: string, item: Item, index: number) => Place | null;
  readonly site: (site: Site) => Place | null;
  /** `group_bind.uapi:35` */
  readonly shown: (site: Site) => string;
}

export function createPlaces(library: Library): Places {
  const documentOf = (uri: string): Document | null => {
    const document = library.document(uri);
    return "failed" in document ? null : document;
  };

  const site = ({ uri, item, start, end }: Site): Place | null => {
    const document = documentOf(uri);
    const base = document === null ? null : itemStart(document, item);
    return base === null ? null : { uri, start: base + start, end: base + end };
  };

  const shown = (where: Site): string => {
    const place = site(where);
    const document = place === null ? null : documentOf(place.uri);
    if (place === null || document === null) return "";
    const name = place.uri.startsWith(SHIPPED) ? place.uri.slice(SHIPPED.length) : place.uri;
    return `${name}:${positionAt(linesIn(document), place.start).line}`;
  };

  const finding = (problem: Problem): Finding => {
    const place = site(problem.site) ?? { uri: problem.site.uri, start: 0, end: 0 };
    const related: Related[] = (problem.related ?? []).flatMap(({ site: where, message }) => {
      const there = site(where);
      return there === null ? [] : [{ ...there, message }];
    });
    return {
      code: problem.code,
      severity: problem.severity ?? "error",
      ...place,
      message: problem.message,
      ...(problem.label === undefined ? {} : { label: problem.label }),
      related,
      help: problem.help ?? [],
      notes: problem.notes ?? [],
    };
  };

  const row: Places["row"] = (uri, item, index) => {
    const document = documentOf(uri);
    const base = document === null ? null : itemStart(document, item.id);
    if (base === null) return null;
    const start = base + rowStart(item, index);
    return { uri, start, end: start };
  };

  const stepFindings: Places["stepFindings"] = (uri, item, results, into) => {
    const document = documentOf(uri);
    const base = document === null ? null : itemStart(document, item.id);
    if (base === null) return;
    const place = ({ row, start, end }: RowPlace): Place | null => {
      const index = item.rows === null ? -1 : indexOfRow(item.rows, row);
      if (index === -1) return null;
      const node = item.rows?.at(index)?.node ?? null;
      const at = base + rowStart(item, index);
      const whole = node === null ? { start: 0, end: 0 } : stepSpan(node);
      return {
        uri,
        start: at + (start === -1 ? whole.start : start),
        end: at + (end === -1 ? whole.end : end),
      };
    };
    for (const { findings } of results) {
      for (const each of findings) into.push(...located(each, place));
    }
  };

  const located = (each: StepFinding, place: (of: RowPlace) => Place | null): Finding[] => {
    const at = place(each.place);
    if (at === null) return [];
    const related = each.related.flatMap((step): Related[] => {
      const there = place(step.place);
      return there === null ? [] : [{ ...there, message: step.message }];
    });
    if (each.sequence === undefined) related.sort((a, b) => a.start - b.start);
    return [
      {
        code: each.code,
        severity: each.severity,
        ...at,
        message: each.message,
        ...(each.label === undefined ? {} : { label: each.label }),
        related,
        help: each.help,
        notes: each.notes.map((note) =>
          typeof note === "string" ? note : note.text.replace("{}", shown(note.site)),
        ),
      },
    ];
  };

  return { finding, stepFindings, row, site, shown };
}

const lines = new WeakMap<Document, Lines>();

function linesIn(document: Document): Lines {
  const known = lines.get(document) ?? linesOf(document.text);
  lines.set(document, known);
  return known;
}

/** A step without what is expected of it. */
function stepSpan(node: Step): {
  readonly start: number;
  readonly end: number;
} {
  return node.kind === "step" ? { start: node.start, end: node.value.end } : node;
}
