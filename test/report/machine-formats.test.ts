// The formats that programs read: json, github, sarif.

import { describe, expect, test } from "vitest";
import type { Finding } from "../../server/src/base/finding.ts";
import { githubReport } from "../../server/src/report/github.ts";
import { jsonReport } from "../../server/src/report/json.ts";
import { sarifReport } from "../../server/src/report/sarif.ts";
import { flow, placeOf, secureContext, sourcesOf } from "./fixtures.ts";

const sources = sourcesOf({ "viommu.uapi": flow });
const unread: Finding = {
  ...placeOf(flow, "mmap"),
  uri: "sub dir/100%.uapi",
  start: 0,
  end: 0,
  code: "unreadable",
  message: "cannot read this file",
};

test("json is an array of findings with ranges that count from 1", () => {
  expect(JSON.parse(jsonReport([secureContext, unread], sources))).toEqual([
    {
      file: "viommu.uapi",
      code: "secure-context",
      severity: "error",
      message: secureContext.message,
      label: "nic0's registers are mapped here",
      range: { start: { line: 11, column: 3 }, end: { line: 11, column: 13 } },
      related: [
        {
          file: "viommu.uapi",
          message: "group 26 was bound here, no device of it is attached",
          range: { start: { line: 7, column: 3 }, end: { line: 7, column: 36 } },
        },
      ],
      help: secureContext.help,
      notes: ["rule: core.secure_context"],
    },
    {
      file: "sub dir/100%.uapi",
      code: "unreadable",
      severity: "error",
      message: "cannot read this file",
      label: null,
      range: null,
      related: [],
      help: [],
      notes: [],
    },
  ]);
  expect(jsonReport([], sources)).toBe("[]\n");
});

describe("github", () => {
  test("a finding is one line with its place", () => {
    const { related: _, ...rest } = secureContext;
    const finding: Finding = { ...rest, related: [], message: "50%\nof it", help: [], notes: [] };
    expect(githubReport([finding], sources)).toBe(
      "::error file=viommu.uapi,line=11,col=3,endLine=11,endColumn=13,title=secure-context::50%25%0Aof it\n",
    );
  });

  test("properties are escaped, and without a text there is no line", () => {
    const finding: Finding = { ...unread, uri: "C:\\a,b.uapi", severity: "warning" };
    expect(githubReport([finding], sources)).toBe(
      "::warning file=C%3A\\a%2Cb.uapi,title=unreadable::cannot read this file\n",
    );
  });

  test("causes, help and notes are in the message; info is a notice", () => {
    const report = githubReport([{ ...secureContext, severity: "info" }], sources);
    expect(report).toMatch(/^::notice /);
    expect(report).toContain("%0Aviommu.uapi:7: group 26 was bound here");
    expect(report).toContain("%0Ahelp: attach nic1 first");
    expect(report).toMatch(/%0Arule: core\.secure_context\n$/);
  });
});

describe("sarif", () => {
  const absolute: Finding = { ...unread, uri: "/srv/ä.uapi" };
  const ruleOf = (code: string) =>
    code === "secure-context"
      ? { code, title: "a title", severity: "error" as const, help: "help text" }
      : undefined;
  const log: unknown = JSON.parse(
    sarifReport([secureContext, unread, absolute, secureContext], sources, { version: "1.2.3", ruleOf }),
  );

  test("has the form that SARIF 2.1.0 demands", () => {
    expect(sarifProblems(log)).toEqual([]);
  });

  test("says where, what and why", () => {
    expect(log).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          columnKind: "utf16CodeUnits",
          tool: {
            driver: {
              name: "uapi",
              rules: [
                { id: "secure-context", shortDescription: { text: "a title" }, help: { text: "help text" } },
                { id: "unreadable" },
              ],
            },
          },
          results: [
            {
              ruleId: "secure-context",
              ruleIndex: 0,
              level: "error",
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: "viommu.uapi" },
                    region: { startLine: 11, endColumn: 13 },
                  },
                },
              ],
              relatedLocations: [
                { message: { text: "group 26 was bound here, no device of it is attached" } },
              ],
            },
            {
              ruleIndex: 1,
              locations: [{ physicalLocation: { artifactLocation: { uri: "sub%20dir/100%25.uapi" } } }],
            },
            { locations: [{ physicalLocation: { artifactLocation: { uri: "file:///srv/%C3%A4.uapi" } } }] },
            { ruleIndex: 0 },
          ],
        },
      ],
    });
  });

  test("the check of the form finds what it must find", () => {
    expect(
      sarifProblems({ version: "2.1.0", runs: [{ results: [{ ruleIndex: 3, level: "bad" }] }] }),
    ).toEqual([
      "$schema is missing",
      "runs[0].tool.driver.name is missing",
      "runs[0].results[0].message.text is missing",
      "runs[0].results[0].level is bad",
      "runs[0].results[0].ruleIndex points at no rule",
    ]);
  });
});

/** The rules of the standard that one can check without its schema, by section. */
function sarifProblems(value: unknown): string[] {
  const problems: string[] = [];
  const need = (ok: boolean, text: string): void => {
    if (!ok) problems.push(text);
  };
  const log = record(value);
  need(log.version === "2.1.0", "version is not 2.1.0"); // 3.13.2
  need(typeof log.$schema === "string", "$schema is missing"); // 3.13.3
  need(Array.isArray(log.runs), "runs is missing"); // 3.13.4
  list(log.runs).forEach((run, runIndex) => {
    const at = `runs[${runIndex}]`;
    const driver = record(record(run.tool).driver);
    need(typeof driver.name === "string" && driver.name !== "", `${at}.tool.driver.name is missing`); // 3.19.8
    const rules = list(driver.rules);
    const ids = rules.map(({ id }) => id);
    need(
      ids.every((id) => typeof id === "string") && new Set(ids).size === ids.length,
      `${at} has a rule twice`,
    ); // 3.19.23, 3.49.3
    for (const { shortDescription, help } of rules) {
      for (const text of [shortDescription, help]) {
        need(text === undefined || typeof record(text).text === "string", `${at}: a message without text`); // 3.12.3
      }
    }
    list(run.results).forEach((result, index) => {
      const here = `${at}.results[${index}]`;
      const text = record(result.message).text;
      need(typeof text === "string" && text !== "", `${here}.message.text is missing`); // 3.27.11
      need(
        ["none", "note", "warning", "error"].includes(String(result.level)),
        `${here}.level is ${result.level}`,
      ); // 3.27.10
      const rule = rules[Number(result.ruleIndex)];
      need(rule !== undefined && rule.id === result.ruleId, `${here}.ruleIndex points at no rule`); // 3.27.6
      const places = [...list(result.locations), ...list(result.relatedLocations)];
      const numbers = list(result.relatedLocations).map(({ id }) => id);
      need(new Set(numbers).size === numbers.length, `${here}: related places share an id`); // 3.28.2
      for (const place of places) {
        const { artifactLocation, region } = record(place.physicalLocation);
        const { uri } = record(artifactLocation);
        need(typeof uri === "string" && uriReference.test(uri), `${here}: ${uri} is no uri`); // 3.4.3
        if (region === undefined) continue;
        const { startLine, startColumn, endLine, endColumn } = numbersOf(region);
        need(startLine >= 1 && startColumn >= 1 && endColumn >= 1, `${here}: lines and columns start at 1`); // 3.30.5-8
        need(
          endLine > startLine || (endLine === startLine && endColumn >= startColumn),
          `${here}: region is reversed`,
        ); // 3.30.7
      }
    });
  });
  return problems;
}

/** RFC 3986: nothing but what may stand in a uri, and every % begins an escape. */
const uriReference = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function numbersOf(value: unknown): Record<"startLine" | "startColumn" | "endLine" | "endColumn", number> {
  const { startLine, startColumn, endLine, endColumn } = record(value);
  return {
    startLine: Number(startLine),
    startColumn: Number(startColumn),
    endLine: Number(endLine),
    endColumn: Number(endColumn),
  };
}
