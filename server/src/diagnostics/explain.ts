// Pages as text for a terminal or a mail: `uapi explain`. Nothing here knows where the text goes.

import { cut, oneLine, padded, wrap } from "../base/columns.ts";
import { didYouMean } from "../base/did-you-mean.ts";
import { type CatalogueEntry, catalogue, topics } from "./catalogue.ts";
import { doubts, openInMails } from "./doubts.ts";
import { finder, kindsOf } from "./find.ts";
import { pageOf, pages } from "./index.ts";
import type { Page } from "./page.ts";
import { codeOfRule, docParts, type RulePage, rulePages, type ShippedText } from "./rules.ts";

const defaultWidth = 80;
const indent = 4;

export type Explanation =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/**
 * The page of a code (`type-mismatch`), of an entry of the catalogue (`A01`), of what is open (`doubts`), or of a rule or
 * hazard, under its code or its name, with its proposal or without: `secure-context`, `core.secure_context`.
 */
export function explain(name: string, shipped: readonly ShippedText[], width = defaultWidth): Explanation {
  const subject = subjectOf(name, shipped);
  switch (subject.kind) {
    case "page":
      return { ok: true, text: pageText(subject.page, width) };
    case "entry":
      return { ok: true, text: entryText(subject.entry, shipped, width) };
    case "doubts":
      return { ok: true, text: doubtsText(shipped, width) };
    case "rule":
      return { ok: true, text: ruleText(subject.rule, subject.others, width) };
    case "nothing":
      return { ok: false, message: subject.message };
  }
}

/** What a page can be about. */
export type Subject =
  | { readonly kind: "page"; readonly page: Page }
  | { readonly kind: "entry"; readonly entry: CatalogueEntry }
  | { readonly kind: "doubts" }
  /** `others` are the same rule in other proposals. */
  | { readonly kind: "rule"; readonly rule: RulePage; readonly others: readonly RulePage[] }
  | { readonly kind: "nothing"; readonly message: string };

export function subjectOf(name: string, shipped: readonly ShippedText[]): Subject {
  const page = pageOf(name) ?? pageOf(codeOfRule(name.replace(/^core\./, "")));
  if (page !== undefined) return { kind: "page", page };
  const entry = catalogue().find(({ id }) => id === name.toUpperCase());
  if (entry !== undefined) return { kind: "entry", entry };
  if (name === "doubts") return { kind: "doubts" };
  const rules = rulePages(shipped);
  const [last = "", proposal] = name.split(".").toReversed();
  const found = rules.filter(
    (rule) => rule.code === codeOfRule(last) && (proposal === undefined || rule.proposal === proposal),
  );
  const [rule, ...others] = found;
  if (rule !== undefined) return { kind: "rule", rule, others };
  const known = [
    ...pages.map(({ code }) => code),
    "doubts",
    ...rules.map(({ code }) => code),
    ...rules.map((rule) => `${rule.proposal}.${rule.name}`),
  ];
  const near = didYouMean(name, known) ?? didYouMean(last, known);
  const hint = near === undefined ? "`uapi explain` lists them all" : `did you mean \`${near}\`?`;
  return { kind: "nothing", message: `no code or rule is named \`${oneLine(name)}\`; ${hint}` };
}

/** All codes with a line for each: those of the tool, then the rules and hazards of the shipped proposals. */
export function listCodes(shipped: readonly ShippedText[], width = defaultWidth): string {
  const rules = rulePages(shipped);
  const own = pages.map(({ code, title }) => [code, title] as const);
  const named = (kind: RulePage["kind"]): (readonly [string, string])[] =>
    rules.flatMap((rule) =>
      rule.kind === kind ? [[`${rule.proposal}.${rule.name}`, `${rule.why}${rule.off ? " (off)" : ""}`]] : [],
    );
  const [ruled, hazards] = [named("rule"), named("hazard")];
  const size = Math.max(...[...own, ...ruled, ...hazards].map(([code]) => code.length));
  const list = (entries: readonly (readonly [code: string, title: string])[]): string[] =>
    entries.flatMap(([code, title]) =>
      wrap(oneLine(title), width - size - 4).map(
        (line, index) => `  ${padded(index === 0 ? code : "", size)}  ${line}`,
      ),
    );
  const sections = [
    ["Codes", ...list(own)],
    ...(ruled.length === 0 ? [] : [["Rules of the shipped proposals", ...list(ruled)]]),
    ...(hazards.length === 0 ? [] : [["Hazards: what calls report although they succeed", ...list(hazards)]]),
    [
      "`uapi explain CODE` shows the page of one; `uapi explain doubts` what is open in",
      "the sources; `uapi explain A01` … `L05` where what can go wrong is found.",
    ],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

export function pageText(page: Page, width = defaultWidth): string {
  return document([
    heading(`${page.severity}[${page.code}]: ${page.title}`, width),
    section("What happened", prose(page.what, width)),
    section("Why it matters", prose(page.why, width)),
    ...(page.bad === undefined ? [] : [section("For example", code(page.bad, width))]),
    ...(page.good === undefined ? [] : [section("Better", code(page.good, width))]),
    ...(page.sources === undefined
      ? []
      : [
          section(
            "Sources",
            page.sources.flatMap((source) => prose(source, width)),
          ),
        ]),
  ]);
}

function ruleText(rule: RulePage, others: readonly RulePage[], width: number): string {
  const parts = docParts(rule.doc).map(({ kind, text }) =>
    kind === "text" ? prose(text, width) : code(text, width),
  );
  const text = parts.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
  const also = others.map(({ proposal, name }) => `${proposal}.${name}`).join(", ");
  return document([
    heading(`${rule.off ? "off" : rule.severity}[${rule.code}]: ${rule.why}`, width),
    section(
      `The ${rule.kind} ${rule.proposal}.${rule.name}`,
      text.length === 0 ? [`This ${rule.kind} has no doc comment.`] : text,
    ),
    ...(rule.kind === "hazard" ? [] : [section("As it is checked", code(rule.source, width))]),
    ...(also === "" ? [] : [section("Declared again by", prose(also, width))]),
  ]);
}

function entryText(entry: CatalogueEntry, shipped: readonly ShippedText[], width: number): string {
  const find = finder(shipped);
  const places = entry.where.map((where) => {
    const found = find(where);
    return `* ${where}${found === null ? "" : ` (${found.off ? `${found.kind}, off` : found.kind})`}`;
  });
  return document([
    heading(`${entry.id} ${entry.name}: ${kindsOf(entry, find)}`, width),
    section(topics[entry.id.charAt(0)] ?? "", prose(entry.text, width)),
    ...(places.length === 0 ? [] : [section("Where it is found", prose(places.join("\n"), width))]),
    ...(entry.note === undefined ? [] : [section("Note", prose(entry.note, width))]),
  ]);
}

function doubtsText(shipped: readonly ShippedText[], width: number): string {
  return document([
    heading("doubts: what the sources leave open, and what the proposals take for the answer", width),
    ...doubts.map(({ title, entries }) =>
      section(
        title,
        entries.flatMap(({ id, question, reading, source }, index) => [
          ...(index === 0 ? [] : [""]),
          ...prose(`${id}. ${question}`, width),
          ...prose(`* ${reading}`, width),
          ...prose(`Source: ${source}`, width),
        ]),
      ),
    ),
    section(
      "As the proposals say themselves",
      openInMails(shipped).flatMap(({ where, text }) => prose(`* ${where}: ${text}`, width)),
    ),
  ]);
}

function document(parts: readonly (readonly string[])[]): string {
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function heading(text: string, width: number): string[] {
  return wrap(oneLine(text), width - indent, { first: -indent }).map((line, index) =>
    index === 0 ? line : " ".repeat(indent) + line,
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => (line === "" ? "" : " ".repeat(indent) + line))];
}

/** Paragraphs, `* ` lists and `Source:` lines, filled. */
function prose(text: string, width: number): string[] {
  const paragraphs = text.trim().split(/\n[ \t]*\n/);
  return paragraphs.flatMap((paragraph, index) => {
    const blocks = paragraph.split(/\n(?=\s*(?:\* |Source:))/).flatMap((block) => {
      const words = oneLine(block).trim().replace(/ +/g, " ");
      const hang = words.startsWith("* ") ? 2 : 0;
      const [first = "", ...rest] = wrap(words, width - indent - hang, { first: -hang });
      return [first, ...rest.map((line) => " ".repeat(hang) + line)];
    });
    return index === 0 ? blocks : ["", ...blocks];
  });
}

/** Lines that are too wide go on below, further to the right; a word that is too wide is cut. */
function code(text: string, width: number): string[] {
  const room = width - indent;
  return text
    .trim()
    .split("\n")
    .flatMap((line) => {
      const depth = /^ */.exec(line)?.[0].length ?? 0;
      const hang = depth + 4;
      return wrap(line.slice(depth), room - hang, { first: depth - hang }).map((part, index) =>
        cut(" ".repeat(index === 0 ? depth : hang) + part, room),
      );
    });
}
