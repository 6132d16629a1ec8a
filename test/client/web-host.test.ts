// What `npm start` serves: the editor, the extension, and one folder that nothing leads out of; to nobody but its own
// page. Through real HTTP, on folders on the disk.

import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWebHost, type WebHost } from "../../client/web-host/host.ts";

const extensionPath = fileURLToPath(new URL("../..", import.meta.url));
let top = "";
let folder = "";
let host: WebHost;

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), "uapi-web-host-"));
  folder = join(top, "work space");
  await mkdir(join(folder, "sub"), { recursive: true });
  await writeFile(join(folder, "a.uapi"), "use vfio\n");
  await writeFile(join(folder, "sub/b.uapi"), "// b\n");
  await writeFile(join(top, "secret"), "secret\n");
  await symlink(join(top, "secret"), join(folder, "link"));
  await symlink(join(top, "not there"), join(folder, "dangling"));
  await symlink(top, join(folder, "up"));
  host = await startWebHost({
    folder,
    port: 0,
    extensionPath,
    open: ["a.uapi"],
    settings: { "x.y": "</script>" },
  });
});

afterAll(async () => {
  await host.close();
  await rm(top, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function ask(path: string, headers: Readonly<Record<string, string>> = {}, body?: string): Promise<Answer> {
  const { port } = new URL(host.url);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port,
        path,
        method: body === undefined ? "GET" : "POST",
        headers: { Host: `localhost:${port}`, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers["content-type"] ?? "",
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

const codeOf = ({ status, body }: Answer): string => (status === 409 ? JSON.parse(body).code : `${status}`);

describe("the page", () => {
  test("is VS Code with the folder, the extension and the settings", async () => {
    const { status, type, body } = await ask("/");
    expect({ status, type }).toEqual({ status: 200, type: "text/html; charset=utf-8" });
    const [, text = ""] = /<script>window\.product = (.*);<\/script>/.exec(body) ?? [];
    expect(text).not.toContain("</script>");
    expect(JSON.parse(text)).toMatchObject({
      folderUri: { scheme: "uapi-disk", path: "/work space" },
      additionalBuiltinExtensions: [{ path: "/ext/files" }, { path: "/ext/uapi" }],
      configurationDefaults: { "x.y": "</script>", "telemetry.telemetryLevel": "off" },
      defaultLayout: { editors: [{ uri: { path: "/work space/a.uapi" } }] },
    });
    expect(body).not.toContain("{{");
  });

  test.each([
    ["/static/out/vs/loader.js", "text/javascript"],
    ["/static/resources/server/favicon.ico", "application/octet-stream"],
    ["/static/out/vs/workbench/contrib/webview/browser/pre/index.html?id=1", "text/html; charset=utf-8"],
    ["/ext/files/package.json", "application/json"],
    ["/ext/files/extension.js", "text/javascript"],
    ["/ext/uapi/package.json", "application/json"],
    ["/ext/uapi/package.nls.json", "application/json"],
    ["/ext/uapi/dist/web/extension.js", "text/javascript"],
    ["/ext/uapi/dist/server.js", "text/javascript"],
    ["/ext/uapi/grammar/uapi.tmLanguage.json", "application/json"],
    ["/ext/uapi/client/media/icon.png", "image/png"],
  ])("%s is there", async (path, type) => {
    expect(await ask(path)).toMatchObject({ status: 200, type });
  });

  test("webviews may run on this host", async () => {
    const { body } = await ask("/static/out/vs/workbench/contrib/webview/browser/pre/index.html");
    expect(body).toContain("if (true) {");
    expect(body).not.toMatch(/if \(hostname === parentOriginHash/);
  });

  test.each([
    "/ext/uapi/package-lock.json",
    "/ext/uapi/node_modules/typescript/package.json",
    "/ext/uapi/server/src/cli.ts",
    "/ext/uapi/dist/../package-lock.json",
    "/ext/uapi/dist/%2e%2e/package-lock.json",
    "/ext/uapi/dist/web/suite.js",
    "/static/../package.json",
    "/static/%2e%2e/%2e%2e/%2e%2e/package.json",
    "/static/out",
    "/nothing",
  ])("%s is not", async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  test("an encoding that is none", async () => {
    expect((await ask("/static/%E0%A4%A")).status).toBe(400);
  });
});

describe("who may ask", () => {
  test.each([
    ["another name for this machine", { Host: "evil.example" }, 403],
    ["another port", { Host: "localhost:1" }, 403],
    ["a page of another site", { Origin: "https://evil.example" }, 403],
    ["a page without a site", { Origin: "null" }, 403],
    ["nobody in particular", {}, 200],
  ])("%s", async (_who, headers, status) => {
    expect((await ask("/disk/stat?path=a.uapi", headers)).status).toBe(status);
    expect((await ask("/", headers)).status).toBe(status);
  });

  test("its own page", async () => {
    const { port } = new URL(host.url);
    for (const name of ["localhost", "127.0.0.1"]) {
      const headers = { Host: `${name}:${port}`, Origin: `http://${name}:${port}` };
      expect((await ask("/disk/stat?path=a.uapi", headers)).status).toBe(200);
    }
  });

  test("a write from elsewhere changes nothing", async () => {
    const { status } = await ask(
      "/disk/write?path=a.uapi&overwrite=true",
      { Origin: "https://evil.example" },
      "gone",
    );
    expect(status).toBe(403);
    expect(await readFile(join(folder, "a.uapi"), "utf8")).toBe("use vfio\n");
  });
});

describe("the folder", () => {
  test("is read, listed and searched", async () => {
    expect((await ask("/disk/read?path=a.uapi")).body).toBe("use vfio\n");
    expect(JSON.parse((await ask("/disk/stat?path=a.uapi")).body)).toMatchObject({ type: 1, size: 9 });
    expect(JSON.parse((await ask("/disk/stat?path=")).body)).toMatchObject({ type: 2 });
    const listed: readonly (readonly [string, number])[] = JSON.parse((await ask("/disk/list?path=")).body);
    expect(Object.fromEntries(listed)).toEqual({ "a.uapi": 1, sub: 2 });
    expect(JSON.parse((await ask("/disk/files")).body)).toEqual(["a.uapi", "sub/b.uapi"]);
  });

  test("is written: a file, a folder, a move, a removal", async () => {
    const steps = [
      "folder?path=new",
      "write?path=new/c.uapi&create=true&overwrite=false",
      "rename?from=new/c.uapi&to=new/d.uapi&overwrite=false",
    ];
    for (const step of steps) expect(await ask(`/disk/${step}`, {}, "text")).toMatchObject({ status: 200 });
    expect(await readFile(join(folder, "new/d.uapi"), "utf8")).toBe("text");
    expect(await ask("/disk/remove?path=new", {}, "")).toMatchObject({ status: 200 });
    expect(codeOf(await ask("/disk/stat?path=new"))).toBe("FileNotFound");
  });

  test.each([
    ["read?path=none.uapi", undefined, "FileNotFound"],
    ["list?path=a.uapi", undefined, "FileNotADirectory"],
    ["read?path=sub", undefined, "FileIsADirectory"],
    ["read?path=a.uapi%00", undefined, "FileNotFound"],
    ["read?path=../secret", undefined, "NoPermissions"],
    ["read?path=sub/../../secret", undefined, "NoPermissions"],
    ["read?path=link", undefined, "NoPermissions"],
    ["read?path=up/secret", undefined, "NoPermissions"],
    ["list?path=up", undefined, "NoPermissions"],
    ["write?path=none.uapi", "text", "FileNotFound"],
    ["write?path=a.uapi&create=true", "text", "FileExists"],
    ["write?path=link&overwrite=true", "text", "NoPermissions"],
    ["write?path=up/secret&overwrite=true", "text", "NoPermissions"],
    ["write?path=up/other&create=true", "text", "NoPermissions"],
    ["write?path=dangling&create=true", "text", "NoPermissions"],
    ["write?path=../other&create=true", "text", "NoPermissions"],
    ["folder?path=sub", "", "FileExists"],
    ["remove?path=", "", "NoPermissions"],
    ["remove?path=up", "", "NoPermissions"],
    ["rename?from=a.uapi&to=sub/b.uapi", "", "FileExists"],
    ["rename?from=a.uapi&to=../a.uapi&overwrite=true", "", "NoPermissions"],
    ["write?path=a.uapi", undefined, "404"],
    ["read?path=a.uapi", "", "404"],
    ["constructor?path=a.uapi", undefined, "404"],
  ])("%s is refused", async (operation, body, code) => {
    expect(codeOf(await ask(`/disk/${operation}`, {}, body))).toBe(code);
    expect(await readFile(join(top, "secret"), "utf8")).toBe("secret\n");
  });

  test("its changes are told", async () => {
    const { port } = new URL(host.url);
    const told = new Promise<string>((resolve, reject) => {
      const asked = request(
        { host: "127.0.0.1", port, path: "/disk/watch", headers: { Host: `localhost:${port}` } },
        (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => {
            if (text === "") writeFile(join(folder, "changed.uapi"), "now").catch(reject);
            text += chunk.toString();
            const [, path] = /^data: (.*)$/m.exec(text) ?? [];
            if (path === undefined) return;
            resolve(JSON.parse(path));
            asked.destroy();
          });
        },
      );
      asked.on("error", () => undefined);
      asked.end();
    });
    expect(await told).toBe("changed.uapi");
    await rm(join(folder, "changed.uapi"));
  });
});
