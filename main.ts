import { App } from "cdktf";
import { ConfigError, configFile, loadConfig } from "./config";
import { synthesize } from "./stacks";

try {
  // What cdktf gives an app as its context. Asking an App for it would make the output folder before the file is known to be right.
  const context = JSON.parse(process.env.CDKTF_CONTEXT_JSON ?? "{}") as { readonly config?: unknown };
  const deployments = loadConfig(configFile(process.env.ZSCALER_CONFIG, context.config));
  synthesize(new App(), deployments);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
