// Verify blocks are decided while somebody works: verdicts come, go with the text that they were about, and cost a
// keystroke nothing.

import { describe, expect, test } from "vitest";
import type { CodeAction, CodeLens, Diagnostic, Hover } from "vscode-languageserver";
import type { PostedRequest, ProverAnswer } from "../../server/src/explore/prover.ts";
import type { Worker } from "../../server/src/lsp/proofs.ts";
import { serveProver } from "../../server/src/prover.ts";
import { ableClient, type Client, memoryClient, processClient } from "../support/lsp-client.ts";

const uri = "file:///lab/doors.uapi";

/** Two doors, of which one has to be shut before the other opens; `check` is what the kernel asks for. */
const doors = (check: string, claims = "safe"): string => `proposal doors extends core {
  fd door_fd is context opens "/dev/doors" { a: bool  b: bool }
  ioctl OPEN_A(f: door_fd) { ${check} f.a = true }
  ioctl SHUT_A(f: door_fd) { f.a = false }
  ioctl OPEN_B(f: door_fd) { require not f.a else EBUSY "a is open"  f.b = true }
  rule one_door(t: task) "both doors are never open" {
    require not any f in door_fd: f.a and f.b else "both are open"
  }
  define owner(d: device): context? = none
  define may_access(f: device_fd): bool = false
  define dma(d: device): dma_target = blocked
}
topology one { iommu vtd  group 1 behind vtd { device nic driver vfio_pci } }

verify doors on one {
  ${claims}
}
`;
const barred = 'require not f.b else EBUSY "b is open"';
/** The line of the first claim. */
const claimLine = 15;

const lensesOf = async (client: Client): Promise<readonly string[]> => {
  const lenses = await client.request<readonly CodeLens[]>("textDocument/codeLens", {
    textDocument: { uri },
  });
  return lenses.map(({ range, command }) => `${range.start.line}: ${command?.title}`);
};

const refreshes = (client: Client): number =>
  client.received.filter(({ method }) => method === "workspace/codeLens/refresh").length;

/** Until the lenses are such. */
async function lensesWhen(
  client: Client,
  fits: (lenses: readonly string[]) => boolean,
): Promise<readonly string[]> {
  for (;;) {
    const before = refreshes(client);
    const lenses = await lensesOf(client);
    if (fits(lenses)) return lenses;
    await client.until(() => refreshes(client) > before);
  }
}

const decided = (client: Client): Promise<readonly string[]> =>
  lensesWhen(client, (lenses) => lenses.length > 0 && !lenses.some((lens) => /being/.test(lens)));

async function opened(text: string, host: Parameters<typeof memoryClient>[0] = {}): Promise<Client> {
  const client = memoryClient({ now: () => 0, ...host });
  await client.initialize({ capabilities: ableClient });
  client.open(uri, text);
  return client;
}

const ofClaims = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.filter(({ range }) => range.start.line >= claimLine);

/** A worker in this process; what the test does to it is done to a real one. */
interface Bench {
  readonly start: () => Worker;
  readonly started: () => number;
  readonly requests: PostedRequest[];
  /** The newest one dies. */
  readonly kill: () => void;
  /** What it answers from now on is kept back, until it is let go. */
  hold: boolean;
}

function bench(): Bench {
  const requests: PostedRequest[] = [];
  let count = 0;
  let end: (why: string) => void = () => undefined;
  const made: Bench = {
    requests,
    hold: false,
    started: () => count,
    kill: () => end("out of memory"),
    start() {
      count++;
      let isDead = false;
      let listener: (answer: ProverAnswer) => void = () => undefined;
      const receive = serveProver((answer) => {
        queueMicrotask(() => isDead || (made.hold && answer.is !== "ready") || listener(answer));
      });
      return {
        // As between threads: nothing but plain data comes across.
        post(request) {
          requests.push(request);
          receive(structuredClone(request));
        },
        onAnswer(heard) {
          listener = heard;
        },
        onEnd(ended) {
          end = (why) => {
            isDead = true;
            ended(why);
          };
        },
        terminate() {
          isDead = true;
        },
      };
    },
  };
  return made;
}

describe.each(["its own thread", "a worker"])("in %s", (where) => {
  const host = (): { startProver?: () => Worker } =>
    where === "a worker" ? { startProver: bench().start } : {};

  test("a verdict appears", async () => {
    const client = await opened(doors(barred), host());
    expect(await decided(client)).toEqual([
      expect.stringMatching(/^14: 1 claim holds · \d+ states · just now$/),
      "15: holds for every sequence of calls",
    ]);
    expect(ofClaims(client.diagnostics(uri))).toEqual([]);
    await client.shutdown();
  });

  test("a claim that fails is a diagnostic, with the calls that show it", async () => {
    const client = await opened(doors(""), host());
    expect(await decided(client)).toEqual([
      expect.stringMatching(/^14: 1 claim fails · \d+ states · just now$/),
      "15: fails: 3 calls lead there",
    ]);
    await client.until(() => ofClaims(client.diagnostics(uri)).length > 0);
    const [found] = ofClaims(client.diagnostics(uri));
    expect(found).toMatchObject({
      code: "claim-fails",
      severity: 1,
      range: { start: { line: claimLine, character: 2 }, end: { line: claimLine, character: 6 } },
    });
    expect(found?.message).toContain("one_door");
    const lines = found?.relatedInformation?.map(
      ({ message, location }) => `${location.range.start.line} ${message}`,
    );
    // Told at their places, and nowhere else.
    expect(found?.message).not.toContain("1. door");
    expect(lines).toEqual(['1 1. door = open("/dev/doors")', "4 2. OPEN_B(door)", "2 3. OPEN_A(door)"]);
    await client.shutdown();
  });

  test("an edit to the proposal takes the verdict away at once, and the new one comes", async () => {
    const client = await opened(doors(""), host());
    await decided(client);
    await client.until(() => ofClaims(client.diagnostics(uri)).length > 0);
    const version = client.change(uri, doors(barred));
    const { diagnostics } = await client.published(uri, version);
    expect(ofClaims(diagnostics)).toEqual([]);
    expect(await decided(client)).toContain("15: holds for every sequence of calls");
    await client.shutdown();
  });

  test("an edit of something else keeps it", async () => {
    const client = await opened(doors(""), host());
    await decided(client);
    await client.until(() => ofClaims(client.diagnostics(uri)).length > 0);
    const end = { line: 17, character: 0 };
    const text = 'scenario "later" on one with doors { door = open("/dev/doors") }\n';
    const version = client.change(uri, [{ range: { start: end, end }, text }]);
    const { diagnostics } = await client.published(uri, version);
    expect(ofClaims(diagnostics)).toMatchObject([{ code: "claim-fails" }]);
    await client.shutdown();
  });
});

describe("with a worker", () => {
  test("a comment in the proposal is explored no second time", async () => {
    const { start, requests } = bench();
    const client = await opened(doors(barred), { startProver: start });
    await decided(client);
    client.change(uri, doors(`/* why */ ${barred}`));
    expect(await decided(client)).toContain("15: holds for every sequence of calls");
    expect(requests.map((request) => request.do)).toEqual(["prove"]);
    await client.shutdown();
  });

  test("what the old text wanted is cancelled", async () => {
    const worker = bench();
    worker.hold = true;
    const client = await opened(doors(barred), { startProver: worker.start });
    await client.until(() => worker.requests.length === 1);
    client.change(uri, doors(""));
    await lensesWhen(client, () => worker.requests.length === 3);
    expect(worker.requests.map((request) => `${request.do} ${request.job}`)).toEqual([
      "prove 1",
      "cancel 1",
      "prove 2",
    ]);
    await client.shutdown();
  });

  test("so it is when the document is closed", async () => {
    const worker = bench();
    worker.hold = true;
    const client = await opened(doors(barred), { startProver: worker.start });
    await client.until(() => worker.requests.length === 1);
    client.close(uri);
    await client.request("uapi/codes", {});
    await client.request("uapi/codes", {});
    expect(worker.requests.map((request) => request.do)).toEqual(["prove", "cancel"]);
    await client.shutdown();
  });

  test("a worker that dies: not established, and the next question gets a new one", async () => {
    const worker = bench();
    worker.hold = true;
    const client = await opened(doors(barred), { startProver: worker.start });
    await client.until(() => worker.requests.length === 1);
    await client.request("uapi/codes", {});
    worker.kill();
    worker.hold = false;
    const lenses = await lensesWhen(client, (all) => all.some((lens) => /not established/.test(lens)));
    expect(lenses).toEqual(["14: not established: out of memory"]);
    client.change(uri, doors(""));
    expect(await decided(client)).toContain("15: fails: 3 calls lead there");
    expect(worker.started()).toBe(2);
    await client.shutdown();
  });

  test("a worker that never began: the server does it itself", async () => {
    const startProver = (): Worker => ({
      post: () => undefined,
      onAnswer: () => undefined,
      onEnd: (ended) => queueMicrotask(() => ended("there is no such script")),
      terminate: () => undefined,
    });
    const client = await opened(doors(barred), { startProver });
    expect(await decided(client)).toContain("15: holds for every sequence of calls");
    await client.shutdown();
  });
});

describe("settings", () => {
  const asked = async (verify: object): Promise<Client> => {
    const client = memoryClient({ now: () => 0 });
    client.answer("workspace/configuration", () => [{ verify }]);
    await client.initialize({ capabilities: ableClient });
    client.open(uri, doors(""));
    return client;
  };

  test("off: no lens, no diagnostic", async () => {
    const client = await asked({ enabled: false });
    await client.published(uri);
    expect(await lensesOf(client)).toEqual([]);
    expect(ofClaims(client.diagnostics(uri))).toEqual([]);
    await client.shutdown();
  });

  test("turned on, it is decided", async () => {
    const client = await asked({ enabled: false });
    await client.published(uri);
    client.answer("workspace/configuration", () => [{ verify: { enabled: true } }]);
    client.notify("workspace/didChangeConfiguration", { settings: {} });
    expect(await decided(client)).toContain("15: fails: 3 calls lead there");
    await client.shutdown();
  });
});

describe("what can be done with it", () => {
  const at = { line: claimLine, character: 3 };

  test("a sequence becomes a scenario, which runs clean", async () => {
    const client = await opened(doors(""));
    await decided(client);
    const context = { diagnostics: [...ofClaims(client.diagnostics(uri))], triggerKind: 1 };
    const range = { start: at, end: at };
    const actions = await client.request<readonly CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range,
      context,
    });
    const action = actions.find(
      ({ title }) => title === "write the 3 calls that break the claim as a scenario",
    );
    if (action === undefined) expect.unreachable(actions.map(({ title }) => title).join("\n"));
    const { edit } =
      action.edit === undefined ? await client.request<CodeAction>("codeAction/resolve", action) : action;
    const [change] = Object.values(edit?.changes ?? {}).concat(
      (edit?.documentChanges ?? []).flatMap((each) => ("edits" in each ? [each.edits as never] : [])),
    );
    const [only, ...others] = change ?? [];
    if (only === undefined || others.length > 0) expect.unreachable("one edit");
    expect(only.newText).toBe(`

scenario "doors on one: not safe" on one with doors {
  door = open("/dev/doors")
  OPEN_B(door)
  OPEN_A(door)  violates one_door
}`);
    const version = client.change(uri, [{ range: only.range, text: only.newText }]);
    const { diagnostics } = await client.published(uri, version);
    expect(diagnostics.filter(({ code }) => code !== "claim-fails")).toEqual([]);
    await client.shutdown();
  });

  test("hover tells verdict, calls and bounds", async () => {
    const client = await opened(doors(""));
    await decided(client);
    const hover = await client.request<Hover | null>("textDocument/hover", {
      textDocument: { uri },
      position: at,
    });
    const shown = JSON.stringify(hover?.contents);
    for (const part of ["fails", "OPEN_B(door)", "both are open", "2 door", "any number of calls"])
      expect(shown).toContain(part);
    await client.shutdown();
  });
});

test("the built server explores in a thread", async () => {
  const client = processClient();
  await client.initialize({ capabilities: ableClient });
  client.open(uri, doors(""));
  expect(await decided(client)).toContain("15: fails: 3 calls lead there");
  await client.until(() => ofClaims(client.diagnostics(uri)).length > 0);
  expect(await client.shutdown()).toBe(0);
});

describe("comparisons", () => {
  test("what there is to compare", async () => {
    const client = await opened(doors(""));
    const found = await client.request<readonly { name: string; kind: string }[]>("uapi/proposals", { uri });
    expect(found.slice(0, 3)).toEqual([
      { name: "doors", kind: "own" },
      { name: "one", kind: "topology" },
      { name: "vfio", kind: "shipped" },
    ]);
    await client.shutdown();
  });

  test("two proposals of a document as it is typed, on its topology", async () => {
    const variant = `proposal polite extends doors {
  override ioctl OPEN_A(f: door_fd) { ${barred} f.a = true }
}
`;
    const client = await opened(doors(""));
    client.change(uri, doors("") + variant);
    const params = { uri, proposals: ["doors", "polite"], topology: "one" };
    const page = await client.request<string>("uapi/compare", params);
    expect(page).toContain("# polite compared with doors, on one\n\n## Newly refused by polite\n");
    expect(page).toContain('```uapi step\ndoor = open("/dev/doors")\nOPEN_B(door)\nOPEN_A(door)\n```');
    await client.shutdown();
  });

  test("on a topology of a file that the document uses", async () => {
    const client = await opened(`use "boxes.uapi"\n${doors(barred)}`);
    client.open(
      "file:///lab/boxes.uapi",
      "topology box { iommu vtd  group 7 behind vtd { device disk driver vfio_pci } }\n",
    );
    const found = await client.request<readonly { name: string; kind: string }[]>("uapi/proposals", { uri });
    expect(found).toContainEqual({ name: "box", kind: "topology" });
    const params = { uri, proposals: ["doors"], topology: "box", goal: "any f in door_fd: f.a" };
    expect(await client.request<string>("uapi/compare", params)).toContain("on box");
    await client.shutdown();
  });

  test("a use case", async () => {
    const client = await opened(doors(barred));
    const params = { uri, proposals: ["doors"], topology: "one", goal: "any f in door_fd: f.a" };
    const page = await client.request<string>("uapi/compare", params);
    expect(page).toMatch(/\| doors \| yes \| 2 \| {2}\| \d+ \|/);
    await client.shutdown();
  });

  test("it can be cancelled, and the server answers meanwhile", async () => {
    const client = await opened(doors(""));
    let id = 0;
    const asked = client.request("uapi/compare", { proposals: ["vfio", "iommufd"] }, (given) => {
      id = given;
    });
    await client.request("uapi/codes", {});
    client.notify("$/cancelRequest", { id });
    await expect(asked).rejects.toMatchObject({ code: -32800 });
    await client.shutdown();
  });

  test("what cannot be compared says why", async () => {
    const client = await opened(doors(""));
    const page = await client.request<string>("uapi/compare", { uri, proposals: ["vfio", "gone"] });
    expect(page).toBe(
      "# gone\n\nno proposal is called `gone`: none is shipped, and there is no gone.uapi beside this file\n",
    );
    await client.shutdown();
  });
});
