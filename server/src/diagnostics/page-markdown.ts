// Pages as Markdown, for editors: the same content as explain.ts gives to terminals.

import { type CatalogueEntry, topics } from "./catalogue.ts";
import { doubts, openInMails } from "./doubts.ts";
import { subjectOf } from "./explain.ts";
import { finder, kindsOf } from "./find.ts";
import type { Page } from "./page.ts";
import { docParts, type RulePage, type ShippedText } from "./rules.ts";

/** The page of whatever `explain` knows under this name; null for what it does not. */
export function explainMarkdown(name: string, shipped: readonly ShippedText[]): string | null {
  const subject = subjectOf(name, shipped);
  switch (subject.kind) {
    case "page":
      return pageMarkdown(subject.page);
    case "entry":
      return entryMarkdown(subject.entry, shipped);
    case "doubts":
      return doubtsMarkdown(shipped);
    case "rule":
      return ruleMarkdown(subject.rule, subject.others);
    case "nothing":
      return null;
  }
}

function pageMarkdown({ code, title, severity, what, why, bad, good, sources = [] }: Page): string {
  return joined([
    `# ${code}: ${title}`,
    `*${severity}*`,
    "## What happened",
    what,
    "## Why it matters",
    why,
    ...(bad === undefined ? [] : ["## For example", fenced(bad)]),
    ...(good === undefined ? [] : ["## Better", fenced(good)]),
    ...(sources.length === 0 ? [] : ["## Sources", listOf(sources)]),
  ]);
}

function ruleMarkdown(rule: RulePage, others: readonly RulePage[]): string {
  const parts = docParts(rule.doc).map(({ kind, text }) => (kind === "text" ? prose(text) : fenced(text)));
  return joined([
    `# ${rule.proposal}.${rule.name}: ${rule.why}`,
    `*${rule.off ? `off, else ${rule.severity}` : rule.severity}*, a ${rule.kind} of \`${rule.proposal}\`, reported as \`${rule.code}\``,
    ...(parts.length === 0 ? [`This ${rule.kind} has no doc comment.`] : parts),
    ...(rule.kind === "hazard" ? [] : ["## As it is checked", fenced(rule.source)]),
    ...(others.length === 0
      ? []
      : ["## Declared again by", listOf(others.map(({ proposal, name }) => `\`${proposal}.${name}\``))]),
  ]);
}

function entryMarkdown(entry: CatalogueEntry, shipped: readonly ShippedText[]): string {
  const find = finder(shipped);
  const places = entry.where.map((where) => {
    const found = find(where);
    return `\`${where}\`${found === null ? "" : ` (${found.off ? `${found.kind}, off` : found.kind})`}`;
  });
  return joined([
    `# ${entry.id} ${entry.name}: ${kindsOf(entry, find)}`,
    `*${topics[entry.id.charAt(0)] ?? ""}*`,
    entry.text,
    ...(places.length === 0 ? [] : ["## Where it is found", listOf(places)]),
    ...(entry.note === undefined ? [] : ["## Note", entry.note]),
  ]);
}

function doubtsMarkdown(shipped: readonly ShippedText[]): string {
  return joined([
    "# What the sources leave open, and what the proposals take for the answer",
    ...doubts.flatMap(({ title, entries }) => [
      `## ${title}`,
      ...entries.flatMap(({ id, question, reading, source }) => [
        `**${id}.** ${question}`,
        `${reading}\n*Source:* ${asText(source)}`,
      ]),
    ]),
    "## As the proposals say themselves",
    listOf(openInMails(shipped).map(({ where, text }) => `\`${where}\`: ${asText(text)}`)),
  ]);
}

const joined = (parts: readonly string[]): string => `${parts.map((part) => part.trim()).join("\n\n")}\n`;

const fenced = (text: string): string => `\`\`\`uapi\n${text.trim()}\n\`\`\``;

const listOf = (lines: readonly string[]): string =>
  lines.map((line) => `* ${asText(line).replace(/\s*\n\s*/g, " ")}`).join("\n");

/** `Source:` lines stand by themselves. */
const prose = (text: string): string => asText(text).replace(/\n(?=Source:)/g, "\n\n");

/** Message ids look like tags to Markdown. */
const asText = (text: string): string => text.replace(/<(?=[^<>\s]+@)/g, "\\<");
