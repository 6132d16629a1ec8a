// Settings are parsed, not trusted: each key absent, of the wrong type, out of range; and what reaches the server how.

import { describe, expect, test } from "vitest";
import { defaultSettings, parseSettings } from "../../server/src/lsp/settings.ts";
import { ableClient, type Client, memoryClient } from "../support/lsp-client.ts";

describe("parsing", () => {
  test.each([
    ["nothing", undefined],
    ["null", null],
    ["an empty section", {}],
    ["a section without ours", { other: { maxDiagnostics: 3 } }],
    ["a list", []],
    ["a text", "maxDiagnostics"],
    [
      "every key null",
      { severity: null, inlayHints: null, codeLens: null, maxDiagnostics: null, repairBudget: null },
    ],
  ])("%s: the defaults, and nothing to report", (_, value) => {
    expect(parseSettings(value)).toEqual({ settings: defaultSettings, problems: [] });
  });

  test.each([
    [{ maxDiagnostics: 5 }, { maxDiagnostics: 5 }],
    [{ uapi: { maxDiagnostics: 5 } }, { maxDiagnostics: 5 }],
    [{ repairBudget: 50 }, { repairBudget: 50 }],
    [{ inlayHints: { enabled: false } }, { inlayHints: { enabled: false } }],
    [{ "inlayHints.enabled": false }, { inlayHints: { enabled: false } }],
    [{ codeLens: false }, { codeLens: { enabled: false } }],
    [{ verify: { enabled: false } }, { verify: { ...defaultSettings.verify, enabled: false } }],
    [{ verify: { seconds: 5 } }, { verify: { ...defaultSettings.verify, seconds: 5 } }],
    [{ "verify.megabytes": 64 }, { verify: { ...defaultSettings.verify, megabytes: 64 } }],
    [{ severity: { errno: "warning" } }, { severity: { errno: "warning" } }],
    [{ severity: { "core.secure_context": "off" } }, { severity: { "secure-context": "off" } }],
  ])("%j is taken", (value, expected) => {
    expect(parseSettings(value)).toEqual({ settings: { ...defaultSettings, ...expected }, problems: [] });
  });

  test.each([
    [{ maxDiagnostics: 0 }, "uapi.maxDiagnostics is a whole number from 1 to 100000, not 0; 1000 is used"],
    [{ maxDiagnostics: 1.5 }, "not 1.5"],
    [{ maxDiagnostics: "5" }, 'not "5"'],
    [{ maxDiagnostics: 1e9 }, "not 1000000000"],
    [{ repairBudget: -1 }, "uapi.repairBudget is a whole number"],
    [{ inlayHints: { enabled: "yes" } }, 'uapi.inlayHints.enabled is true or false, not "yes"; true is used'],
    [{ codeLens: 7 }, "uapi.codeLens.enabled is true or false"],
    [{ verify: { seconds: 0 } }, "uapi.verify.seconds is a whole number from 1 to 3600, not 0; 60 is used"],
    [{ verify: { megabytes: "all" } }, 'uapi.verify.megabytes is a whole number from 16 to 16384, not "all"'],
    [{ severity: "error" }, "uapi.severity names a level for each code"],
    [{ severity: { errno: "fatal" } }, 'errno is one of error, warning, info, hint, off, not "fatal"'],
    [{ severity: { errno: { level: 1 } } }, "it keeps its own"],
  ])("%j falls back and is reported", (value, message) => {
    const { settings, problems } = parseSettings(value);
    expect(settings).toEqual(defaultSettings);
    expect(problems).toEqual([expect.stringContaining(message)]);
  });

  test("one bad value does not cost the others", () => {
    const { settings, problems } = parseSettings({ maxDiagnostics: "x", repairBudget: 50 });
    expect([settings.repairBudget, problems.length]).toEqual([50, 1]);
  });
});

const uri = "file:///lab/a.uapi";
const text = "use nothing\n";

const shown = ({ received }: Client): unknown[] =>
  received.flatMap(({ method, params }) =>
    method === "window/showMessage" ? [(params as { message: string }).message] : [],
  );

/** Until the finding is of this severity; 0 is none at all. */
const becomes = (client: Client, severity: number): Promise<void> =>
  client.until(() => (client.diagnostics(uri)[0]?.severity ?? 0) === severity);

describe("from the client", () => {
  test("in initializationOptions", async () => {
    const client = memoryClient();
    await client.initialize({ initializationOptions: { severity: { "unknown-proposal": "hint" } } });
    client.open(uri, text);
    await becomes(client, 4);
    await client.shutdown();
  });

  test("in didChangeConfiguration, of a client that cannot be asked", async () => {
    const client = memoryClient();
    await client.initialize();
    client.open(uri, text);
    await becomes(client, 1);
    client.notify("workspace/didChangeConfiguration", {
      settings: { uapi: { severity: { "unknown-proposal": "warning" } } },
    });
    await becomes(client, 2);
    client.notify("workspace/didChangeConfiguration", {
      settings: { uapi: { severity: { "unknown-proposal": "off" } } },
    });
    await becomes(client, 0);
    await client.shutdown();
  });

  test("asked for, again when they change; a bad value is shown once", async () => {
    const client = memoryClient();
    let value: unknown = { severity: { "unknown-proposal": "info" }, maxDiagnostics: "many" };
    client.answer("workspace/configuration", () => [value]);
    await client.initialize({ capabilities: ableClient });
    client.open(uri, text);
    await client.waitFor(({ method }) => method === "window/showMessage");
    await becomes(client, 3);
    value = { severity: { "unknown-proposal": "hint" }, maxDiagnostics: "many" };
    client.notify("workspace/didChangeConfiguration", { settings: null });
    await becomes(client, 4);
    value = { severity: { "unknown-proposal": "error" }, maxDiagnostics: 7 };
    client.notify("workspace/didChangeConfiguration", {});
    await becomes(client, 1);
    expect(shown(client)).toEqual([expect.stringContaining("uapi.maxDiagnostics")]);
    await client.shutdown();
  });
});
