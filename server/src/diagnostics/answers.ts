// What the calls of the shipped proposals answer: the errnos of each, in the order in which they are looked for, and the
// hazards between them. Read from the declarations, for the table in server/proposals/README.md and the catalogue.

import type { FieldItem, Require, Statement } from "../syntax/ast.ts";
import { membersOf, type ShippedText } from "./rules.ts";

export interface Answer {
  /** An errno, or the name of a hazard. */
  readonly name: string;
  readonly hazard: boolean;
  /** `since 6.15`, `until 5.19`. */
  readonly versions: string;
}

/** A call as one proposal declares it; what it inherits is not repeated. */
export interface CallAnswers {
  readonly proposal: string;
  readonly call: string;
  /** The path, for the opening of a file. */
  readonly path: string | null;
  readonly answers: readonly Answer[];
}

export function callAnswers(shipped: readonly ShippedText[]): CallAnswers[] {
  return membersOf(shipped).flatMap(({ proposal, member }): CallAnswers[] => {
    if (member.kind === "operation") {
      return [{ proposal, call: member.name.text, path: null, answers: answersIn(member.body) }];
    }
    if (member.kind !== "fd" || (member.path === null && !member.body.some(opens))) return [];
    const answers = answersIn(member.body.flatMap((item) => (opens(item) ? item.body : [])));
    const exclusive: Answer[] = member.exclusive ? [{ name: "EBUSY", hazard: false, versions: "" }] : [];
    return [
      {
        proposal,
        call: member.name.text,
        path: member.path?.value ?? "",
        answers: [...answers, ...exclusive],
      },
    ];
  });
}

const opens = (item: FieldItem): item is Extract<FieldItem, { kind: "on" }> =>
  item.kind === "on" && item.event.text === "open";

function answersIn(body: readonly Statement[]): Answer[] {
  return body.flatMap((statement): Answer[] => {
    switch (statement.kind) {
      case "require":
        return answerOf(statement);
      case "fail":
        return [{ name: statement.errno.text, hazard: false, versions: "" }];
      case "if":
        return [...answersIn(statement.then), ...answersIn(statement.otherwise ?? [])];
      case "for":
        return answersIn(statement.body);
      default:
        return [];
    }
  });
}

function answerOf({ maybe, since, until, errno, hazard }: Require): Answer[] {
  if (maybe) return [];
  const version = (word: string, at: Require["since"]): string =>
    at === null ? "" : ` ${word} ${at.major}.${at.minor}`;
  const versions = `${version("since", since)}${version("until", until)}`.trim();
  if (errno !== null) return [{ name: errno.text, hazard: false, versions }];
  return hazard === null ? [] : [{ name: hazard.name.text, hazard: true, versions }];
}

/** `EINVAL ×2, EPERM since 5.19, (unsafe_interrupts)`. */
export function answerText(answers: readonly Answer[]): string {
  const words = answers.map(({ name, hazard, versions }) => {
    const word = hazard ? `(${name})` : name;
    return versions === "" ? word : `${word} ${versions}`;
  });
  const runs: { word: string; times: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.times++;
    else runs.push({ word, times: 1 });
  }
  return runs.map(({ word, times }) => (times === 1 ? word : `${word} ×${times}`)).join(", ");
}
