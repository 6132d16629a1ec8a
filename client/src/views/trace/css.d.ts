// Style sheets are bundled beside the script that imports them; see server/build.mjs.
declare module "*.css";
