import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { GetFunctionConfigurationCommand, type FunctionConfiguration, LambdaClient } from "@aws-sdk/client-lambda";
import { clientConfiguration, type Emulator } from "../../emulator";
import { type FunctionRun, runFunction } from "../failover/run-function";

const loopback = join(__dirname, "../failover/loopback.cjs");
const healthProbePort = 50000;

/** Answers the health probes of a connector, on the loopback address that stands for its own. */
export const answerProbes = (address: string): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((_, response) => response.end("healthy"));
    server.listen(healthProbePort, address.replace(/^10\./, "127."), () => resolve(server));
  });

export const endAnswering = (server: Server): void => server.close().closeAllConnections();

/** How the failover function of a deployment is configured. */
export async function deployedFunction({ endpoint }: Emulator, region: string, deployment: string): Promise<FunctionConfiguration> {
  const lambda = new LambdaClient(clientConfiguration({ endpoint, region }));
  try {
    return await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `${deployment}-route-failover` }));
  } finally {
    lambda.destroy();
  }
}

/** Runs the built function as the deployed one is configured. */
export const runDeployed = (emulator: Emulator, region: string, { Environment }: FunctionConfiguration): FunctionRun =>
  runFunction({ environment: { ...emulator.environment(region), ...Environment?.Variables, NODE_OPTIONS: `--require ${loopback}` } });
