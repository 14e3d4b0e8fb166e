/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "modules-stand-alone",
      comment: "modules know nothing of config, stacks, the emulator and the command, so that they can be used by themselves",
      severity: "error",
      from: { path: "^modules/" },
      to: { path: "^(config|stacks|hcl|cli|emulator|main)" },
    },
    {
      name: "module-by-its-entry",
      comment: "a module reaches another through its index or its schema only",
      severity: "error",
      from: { path: "^modules/([^/]+)/" },
      to: { path: "^modules/([^/]+)/", pathNot: ["^modules/$1/", "^modules/[^/]+/(index|schema)\\.ts$"] },
    },
    {
      name: "modules-by-their-entry",
      severity: "error",
      from: { path: "^(config|stacks|cli|main)" },
      to: { path: "^modules/[^/]+/", pathNot: "/(index|schema)\\.ts$" },
    },
    {
      name: "config-is-below-stacks",
      severity: "error",
      from: { path: "^config/" },
      to: { path: "^(stacks|hcl|cli|emulator|main)" },
    },
    {
      name: "stacks-are-below-the-command",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "^(hcl|cli|emulator|main)" },
    },
    {
      name: "hcl-is-below-the-command",
      severity: "error",
      from: { path: "^hcl/" },
      to: { path: "^(cli|emulator|main)" },
    },
    {
      name: "emulator-stands-alone",
      severity: "error",
      from: { path: "^emulator/" },
      to: { path: "^(config|modules|stacks|hcl|cli|main)" },
    },
    {
      name: "schemas-without-cdktf",
      comment: "a config file is checked without loading cdktf",
      severity: "error",
      from: { path: "^(config/|modules/[^/]+/schema\\.ts$|modules/addressing/)" },
      to: { path: "node_modules/(cdktf|constructs|@cdktf)/", reachable: true },
    },
    {
      name: "functions-without-cdktf",
      comment: "what runs in Lambda holds nothing of the synthesis",
      severity: "error",
      from: { path: "^modules/[^/]+/function/" },
      to: { path: "node_modules/(cdktf|constructs|@cdktf)/", reachable: true },
    },
    {
      name: "functions-by-their-document",
      comment: "a construct writes the document that its function reads, and shares nothing else with it",
      severity: "error",
      from: { path: "^modules/", pathNot: "^modules/[^/]+/function/" },
      to: { path: "^modules/[^/]+/function/", pathNot: "/function/document\\.ts$" },
    },
    {
      name: "aws-calls-at-run-time-only",
      comment: "synthesis asks no account",
      severity: "error",
      from: { pathNot: ["^modules/[^/]+/function/", "^cli/", "^emulator/", "node_modules/"] },
      to: { path: "node_modules/@aws-sdk/" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: false,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "node_modules/(?!(cdktf|constructs|@cdktf|@aws-sdk)/)" },
  },
};
