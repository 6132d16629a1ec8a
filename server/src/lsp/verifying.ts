// The deciding of verify blocks, joined to the rest of the server: where it runs, who is told, and when.

import { type ClientCapabilities, CodeLensRefreshRequest, type Connection } from "vscode-languageserver";
import type { View } from "../analysis/session.ts";
import type { Finding } from "../base/finding.ts";
import { exploring } from "../explore/exploring.ts";
import type { KnownBlock } from "../features/verify/blocks.ts";
import { callPlaces } from "../features/verify/call-places.ts";
import { verifyFindings } from "../report/verify-findings.ts";
import type { Documents } from "./documents.ts";
import { createProofs, type StartWorker } from "./proofs.ts";
import { later } from "./schedule.ts";
import type { Settings } from "./settings.ts";
import { subjectOf } from "./subject.ts";
import { createVerifier } from "./verify.ts";

export interface Verifying {
  readonly blocks: (view: View) => readonly KnownBlock[];
  /** What the decided claims of a document come to. */
  readonly findings: (view: View) => readonly Finding[];
  readonly attend: (keys: readonly string[]) => void;
  readonly restart: () => void;
  readonly now: () => number;
}

interface Parts {
  readonly connection: Connection;
  readonly host: { readonly startProver?: StartWorker; readonly now?: () => number };
  readonly client: () => ClientCapabilities;
  readonly documents: Documents;
  readonly settings: () => Settings;
  readonly views: (key: string) => readonly View[];
  readonly isBehind: () => boolean;
  readonly requests: () => number;
  /** What there is to say about a document is not what it was. */
  readonly changed: (key: string) => void;
}

/** How often the age of a verdict is told anew. */
const MINUTE = 60_000;

export function createVerifying(parts: Parts): Verifying {
  const { connection, host, client, documents, settings, views, isBehind, requests } = parts;
  const now = host.now ?? Date.now;
  const proofs = createProofs(host.startProver ?? null, exploring);

  const verifier = createVerifier({
    proofs,
    settings: () => settings().verify,
    *open() {
      for (const { key } of documents.all()) yield { key, views: () => views(key) };
    },
    isBehind,
    requests,
    subjectOf,
    changed(key) {
      refreshLenses();
      // After a verdict the diagnostics are others; while it is looked for they are not.
      parts.changed(key);
    },
    now,
  });

  let isRefreshing = false;
  let timer: ReturnType<typeof setTimeout> | null = null;

  /** Several verdicts of one turn are one refresh. */
  function refreshLenses(): void {
    if (client().workspace?.codeLens?.refreshSupport !== true || isRefreshing) return;
    isRefreshing = true;
    later(() => {
      isRefreshing = false;
      connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
      growOlder();
    });
  }

  function growOlder(): void {
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      const isShown = [...documents.all()].some(({ key }) =>
        views(key).some((view) => verifier.blocks(view).length > 0),
      );
      if (isShown) refreshLenses();
    }, MINUTE);
    // In Node nobody waits for it; a browser's timers are numbers.
    if (typeof timer === "object") timer.unref();
  }

  return {
    blocks: verifier.blocks,
    findings: (view) => claimFindings(view, verifier.blocks(view)),
    attend: verifier.attend,
    restart: verifier.restart,
    now,
  };
}

/** Those of claims that do not hold, each with the calls that show it. */
function claimFindings(view: View, blocks: readonly KnownBlock[]): Finding[] {
  return blocks.flatMap(({ parts, start }) =>
    (parts ?? []).flatMap(({ posed, state }): Finding[] => {
      if (state.is !== "decided") return [];
      const bad = state.decisions.filter(({ verdict }) => verdict !== "holds");
      return verifyFindings([state.verified]).map((finding, i): Finding => {
        const path = bad[i]?.found?.path ?? [];
        return {
          ...finding,
          start: finding.start + start,
          end: finding.end + start,
          related: callPlaces(view, posed.problem, path),
        };
      });
    }),
  );
}
