// Colours of uapi blocks in Markdown previews, and so on the pages of codes and rules: HTML with the classes that VS
// Code's own highlighter has. Editors colour by the TextMate grammar and by meaning; this knows only how words look.

/** The words of grammar/uapi.peggy; test/grammar/textmate.test.ts compares. */
export const reserved = "none true false caller kernel NULL and or not in is if then else where new";
/** These are names unless something that they introduce follows. */
export const introducing =
  "use topology abstract proposal extends scenario on with verify device at driver group behind iommu host fd opens " +
  "exclusive object numbered state fact weak ioctl op as define rule const effect hazard error warning info off role type " +
  "remove override enum set of require since until let destroy close give to for fail return task parallel assert struct " +
  "fails violates ok safe breaks reach never tasks depth limit all any count first sum";

const always = new Set(reserved.split(" "));
const sometimes = new Set(introducing.split(" "));
const constants = new Set(["none", "true", "false", "NULL"]);

const token =
  /(?<comment>\/\/.*|\/\*[\s\S]*?\*\/)|(?<string>"(?:[^"\\\n]|\\.)*")|(?<number>\b\d[\w.]*)|(?<field>(?:\.|->)\s*[A-Za-z_]\w*)|(?<word>[A-Za-z_]\w*)|(?<rest>[\s\S])/g;

/** The code of a block as HTML; no text of it is left unescaped. */
export function highlighted(code: string): string {
  let html = "";
  for (const { 0: text, index, groups = {} } of code.matchAll(token)) {
    const { comment, string, number, word } = groups;
    const kind =
      comment !== undefined
        ? "comment"
        : string !== undefined
          ? "string"
          : number !== undefined
            ? "number"
            : word !== undefined
              ? kindOf(word, code.slice(index + text.length))
              : null;
    html += kind === null ? escaped(text) : `<span class="hljs-${kind}">${escaped(text)}</span>`;
  }
  return html;
}

function kindOf(word: string, behind: string): string | null {
  if (constants.has(word)) return "literal";
  if (always.has(word)) return "keyword";
  const isName = /^[ \t]*(?:[=.:,;]|\()/.test(behind) || /^\)/.test(behind);
  if (sometimes.has(word) && !isName) return "keyword";
  return /^[ \t]*\(/.test(behind) ? "title" : null;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? "&quot;");

/** What Markdown's highlighter is asked: the code and the info string of its fence. */
type Highlight = (code: string, language: string, attributes: string) => string;

interface MarkdownIt {
  readonly options: { highlight?: Highlight | null };
}

/** For `markdown.markdownItPlugins`: everything but our language goes where it went before. */
export function extendMarkdownIt<Engine extends MarkdownIt>(engine: Engine): Engine {
  const { highlight } = engine.options;
  engine.options.highlight = (code, language, attributes) =>
    language === "uapi" ? highlighted(code) : (highlight?.(code, language, attributes) ?? "");
  return engine;
}
