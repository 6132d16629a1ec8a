// Files that are imported as their text: the shipped proposals and the pages. The bundler and the tests load
// them the same way (server/build.mjs, test/vitest.config.ts).

declare module "*.uapi" {
  const text: string;
  export default text;
}

declare module "*.md" {
  const text: string;
  export default text;
}
