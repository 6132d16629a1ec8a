// The floor that the language server is measured against: the same library, documents kept incrementally, the whole
// text asked for at every change, one fixed diagnostic sent. What any server on this library pays.

import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";

const connection = createConnection(
  ProposedFeatures.all,
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
const documents = new TextDocuments(TextDocument);

connection.onInitialize(() => ({
  capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental },
}));
documents.onDidChangeContent(({ document }) => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const message = document.getText().length < 0 ? "impossible" : "a fixed diagnostic";
  connection.sendDiagnostics({
    uri: document.uri,
    version: document.version,
    diagnostics: [{ range, message, severity: 1, source: "echo" }],
  });
});
documents.listen(connection);
connection.listen();
