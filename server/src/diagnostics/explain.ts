// Pages as text for a terminal or a mail: `uapi explain`. Nothing here knows where the text goes.

import { cut, oneLine, padded, wrap } from "../base/columns.ts";
import { didYouMean } from "../base/did-you-mean.ts";
import { pageOf, pages } from "./index.ts";
import type { Page } from "./page.ts";
import { codeOfRule, type RulePage, rulePages, type ShippedText } from "./rules.ts";

const defaultWidth = 80;
const indent = 4;

export type Explanation =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/**
 * The page of a code (`type-mismatch`) or of a rule, under its code or its name, with its proposal or without:
 * `secure-context`, `secure_context`, `core.secure_context`.
 */
export function explain(name: string, shipped: readonly ShippedText[], width = defaultWidth): Explanation {
  const page = pageOf(name) ?? pageOf(codeOfRule(name));
  if (page !== undefined) return { ok: true, text: pageText(page, width) };
  const rules = rulePages(shipped);
  const [last = "", proposal] = name.split(".").toReversed();
  const found = rules.filter(
    (rule) => rule.code === codeOfRule(last) && (proposal === undefined || rule.proposal === proposal),
  );
  const [first, ...others] = found;
  if (first !== undefined) return { ok: true, text: ruleText(first, others, width) };
  const known = [
    ...pages.map(({ code }) => code),
    ...rules.map(({ code }) => code),
    ...rules.map((rule) => `${rule.proposal}.${rule.name}`),
  ];
  const near = didYouMean(name, known) ?? didYouMean(last, known);
  const hint = near === undefined ? "`uapi explain` lists them all" : `did you mean \`${near}\`?`;
  return { ok: false, message: `no code or rule is named \`${oneLine(name)}\`; ${hint}` };
}

/** All codes with a line for each: the catalogue, then the rules of the shipped proposals. */
export function listCodes(shipped: readonly ShippedText[], width = defaultWidth): string {
  const rules = rulePages(shipped);
  const own = pages.map(({ code, title }) => [code, title] as const);
  const ruled = rules.map((rule) => [`${rule.proposal}.${rule.name}`, rule.why] as const);
  const size = Math.max(...[...own, ...ruled].map(([code]) => code.length));
  const list = (entries: readonly (readonly [code: string, title: string])[]): string[] =>
    entries.flatMap(([code, title]) =>
      wrap(oneLine(title), width - size - 4).map(
        (line, index) => `  ${padded(index === 0 ? code : "", size)}  ${line}`,
      ),
    );
  const sections = [
    ["Codes", ...list(own)],
    ...(ruled.length === 0 ? [] : [["Rules of the shipped proposals", ...list(ruled)]]),
    ["`uapi explain CODE` shows the page of one."],
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
  const text = rule.doc.length === 0 ? "This rule has no doc comment." : rule.doc.join("\n");
  const also = others.map(({ proposal, name }) => `${proposal}.${name}`).join(", ");
  return document([
    heading(`${rule.severity}[${rule.code}]: ${rule.why}`, width),
    section(`The rule ${rule.proposal}.${rule.name}`, prose(text, width)),
    section("As it is checked", code(rule.source, width)),
    ...(also === "" ? [] : [section("Declared again by", prose(also, width))]),
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
