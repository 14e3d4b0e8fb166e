const common = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  // cdktf notes where each of its tokens was made: with source maps, more than half of the time of a synthesis.
  moduleNameMapper: { "^\\./(tokens/private/|private/)?stack-trace$": "<rootDir>/test/no-stack-trace.ts" },
};

// The SDK prints it on Node 20, amid the results.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

// Terraform and its providers end before what Go would collect fills the memory.
process.env.GOGC = "off";
process.env.GOMEMLIMIT = "700MiB";

module.exports = {
  // For a busy machine: a test that hangs fails all the same.
  testTimeout: 120_000,
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["**/*.test.ts"],
      testPathIgnorePatterns: ["/test/e2e/", "/test/emulator/", "/test/failover/", "/test/fleet/", "/emulator\\.test\\.ts$"],
    },
    {
      // What needs Terraform or the emulator.
      ...common,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts", "<rootDir>/test/emulator/**/*.test.ts", "**/emulator.test.ts"],
    },
    {
      // What measures real time: run alone.
      ...common,
      displayName: "failover",
      testMatch: ["<rootDir>/test/failover/**/*.test.ts", "<rootDir>/test/fleet/**/*.test.ts"],
    },
  ],
};
