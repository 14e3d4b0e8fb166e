import tseslint from "typescript-eslint";

const nonDeepProviderImport = {
  name: "@cdktf/provider-aws",
  message: "Import @cdktf/provider-aws/lib/<resource>: the package root takes two seconds and half a gigabyte.",
};

export default tseslint.config(
  { ignores: ["node_modules/", "cdktf.out/", ".cache/", "**/dist/", "bin/", "*.config.js", "*.config.mjs", "**/*.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-restricted-imports": ["error", { paths: [nonDeepProviderImport] }],
      "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "Export by name." }],
    },
  },
  {
    // Loaded on first use, so that a run pays only for what it needs.
    files: ["stacks/index.ts", "cli/main.ts"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
