import { App } from "cdktf";
import { ConfigError, configFile, loadConfig } from "./config";
import { synthesize } from "./stacks";

const app = new App();
try {
  synthesize(app, loadConfig(configFile(app.node.tryGetContext("config"))));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
