// The tables of server/proposals/README.md that are made from the proposals. A test keeps them fresh.

import { answerText, callAnswers } from "./answers.ts";
import { catalogue, topics } from "./catalogue.ts";
import { finder, kindsOf } from "./find.ts";
import { membersOf, type ShippedText } from "./rules.ts";

/** Marker -> the lines between `<!-- NAME -->` and `<!-- end of NAME -->`. */
function tables(shipped: readonly ShippedText[]): ReadonlyMap<string, string> {
  return new Map([
    ["catalogue", catalogueTable(shipped)],
    ["known answers", answersTable(shipped)],
  ]);
}

/** The text with what stands between the markers made anew. */
export function withTables(text: string, shipped: readonly ShippedText[]): string {
  let fresh = text;
  for (const [name, table] of tables(shipped)) {
    const [from, to] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
    const [start, end] = [fresh.indexOf(from), fresh.indexOf(to)];
    if (start === -1 || end < start) throw new Error(`the markers of ${name} are missing`);
    fresh = `${fresh.slice(0, start + from.length)}\n${table}\n${fresh.slice(end)}`;
  }
  return fresh;
}

function catalogueTable(shipped: readonly ShippedText[]): string {
  const find = finder(shipped);
  const rows = catalogue().map((entry) => {
    const places = entry.where.map((where) => `\`${where}\`${find(where)?.off === true ? " (off)" : ""}`);
    return `| ${entry.id} | ${entry.name} | ${kindsOf(entry, find)} | ${[...places, entry.note ?? ""].filter((part) => part !== "").join("; ")} |\n`;
  });
  const heads = Object.entries(topics).map(([letter, title]) => `${letter} ${title}`);
  return `${heads.join(" · ")}\n\n| id | name | kind | where |\n|---|---|---|---|\n${rows.join("")}`;
}

function answersTable(shipped: readonly ShippedText[]): string {
  const bases = new Map(membersOf(shipped).map(({ proposal, base }) => [proposal, base]));
  const calls = callAnswers(shipped);
  const sections = [...new Set(calls.map(({ proposal }) => proposal))].map((proposal) => {
    const base = bases.get(proposal) ?? null;
    const head = `### ${proposal}\n\n${base === null ? "" : `What is not here is as in \`${base}\`.\n\n`}`;
    const rows = calls
      .filter((call) => call.proposal === proposal)
      .map(({ call, path, answers }) => {
        const what =
          path === null ? `\`${call}\`` : `open ${path === "" ? `a \`${call}\`` : `\`"${path}"\``}`;
        return `| ${what} | ${answerText(answers) || "always succeeds"} |\n`;
      });
    return `${head}| call | errnos, in the order of the checks |\n|---|---|\n${rows.join("")}`;
  });
  return sections.join("\n");
}
