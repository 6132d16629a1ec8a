// The page that starts VS Code for the Web, and what it is told. Knows nothing of servers and files.

export interface PageOptions {
  /** As the browser calls this server: `localhost:3400`. */
  readonly host: string;
  /** What the folder is called in the explorer. */
  readonly folderName: string;
  /** Files of the folder that are shown in a fresh window, the last one in front. */
  readonly open: readonly string[];
  /** Settings that hold unless the user changed them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Path of a suite to run inside the editor, below the extension's url. */
  readonly suite: string | null;
}

export const folderScheme = "uapi-disk";
const filesExtension = { publisher: "uapi-proposals", name: "folder-on-disk" } as const;

const defaultSettings = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.layoutControl.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.enableExperiments": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  // A package that this build does not have.
  "workbench.editor.languageDetection": false,
};

function configurationOf({ host, folderName, open, settings, suite }: PageOptions): unknown {
  const at = (path: string): unknown => ({ scheme: "http", authority: host, path });
  const extension = at("/ext/uapi");
  const file = (name: string): unknown => ({ scheme: folderScheme, path: `/${folderName}/${name}` });
  return {
    productConfiguration: {
      nameShort: "uAPI proposals",
      nameLong: "uAPI proposals in VS Code for the Web",
      applicationName: "uapi-web",
      dataFolderName: ".uapi-web",
      enableTelemetry: false,
      // No gallery: nothing is fetched from elsewhere.
      webviewContentExternalBaseUrlTemplate: `http://${host}/static/out/vs/workbench/contrib/webview/browser/pre/`,
      extensionEnabledApiProposals: {
        [`${filesExtension.publisher}.${filesExtension.name}`]: ["fileSearchProvider"],
      },
    },
    folderUri: { scheme: folderScheme, path: `/${folderName}` },
    additionalBuiltinExtensions: [at("/ext/files"), ...(suite === null ? [extension] : [])],
    configurationDefaults: { ...defaultSettings, ...settings },
    defaultLayout: { editors: open.map((name) => ({ uri: file(name), openOnlyIfExists: true })) },
    ...(suite === null
      ? {}
      : { developmentOptions: { extensions: [extension], extensionTestsPath: at(`/ext/uapi/${suite}`) } }),
  };
}

/** VS Code's own page, with its configuration in front of its scripts. */
export function pageOf(template: string, options: PageOptions): string {
  // `<` is the only sign that could end the script.
  const configuration = JSON.stringify(configurationOf(options)).replaceAll("<", "\\u003c");
  return template
    .replaceAll("{{WORKBENCH_WEB_BASE_URL}}", "/static")
    .replaceAll(/\{\{[A-Z_]+\}\}/g, "")
    .replace(/<body[^>]*>/, (body) => `${body}\n<script>window.product = ${configuration};</script>`);
}

/**
 * The frame of webviews. It wants a host name that is a hash, so that each webview has an origin of its own; here all
 * there is is localhost, and all webviews are those of the extension.
 */
export const webviewFrame = (text: string): string =>
  text.replace(/if \(hostname === parentOriginHash[^{]*\{/, "if (true) {");

/** Of the extension that gives the page its folder. */
export const filesManifest = {
  ...filesExtension,
  version: "1.0.0",
  displayName: "A folder on disk",
  engines: { vscode: "^1.91.0" },
  browser: "./extension.js",
  activationEvents: [`onFileSystem:${folderScheme}`, "*"],
  capabilities: { virtualWorkspaces: true, untrustedWorkspaces: { supported: true } },
  enabledApiProposals: ["fileSearchProvider"],
};
