import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PreflightRequest } from "../../cli/preflight";
import { preflightRequest } from "../../cli/preflight-command";
import { loadConfig } from "../../config";
import { base, ha } from "../stacks/samples";

/** What a deployment of these settings asks of AWS, as its file is loaded. */
const requestOf = (settings: object): PreflightRequest => {
  const folder = mkdtempSync(join(tmpdir(), "preflight-request-"));
  try {
    const file = join(folder, "zscaler.yaml");
    // JSON is YAML too.
    writeFileSync(file, JSON.stringify({ deployments: { egress: settings } }));
    const [loaded] = loadConfig(file);
    if (!loaded) throw new Error("nothing was loaded");
    return preflightRequest(loaded.name, loaded.deployment);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("a base deployment asks for its zone and its connector", () => {
  const request = requestOf(base());
  expect(request).toEqual({
    deployment: "egress",
    region: "us-west-2",
    zones: { a: "us-west-2a" },
    vpcs: 1,
    elasticAddresses: 1,
    allocationIds: [],
    natGatewayZones: ["us-west-2a"],
    instances: [{ type: "m6i.large", count: 1, zones: ["us-west-2a"] }],
    image: { marketplace: "2l8tfysndbav4tv2nfjwak3cu" },
    secret: { name: "ZS/CC/credentials" },
  });
});

test("an ha deployment asks for a connector in each of its two zones", () => {
  const zones = ["us-west-2a", "us-west-2b"];
  expect(requestOf(ha())).toMatchObject({
    elasticAddresses: 2,
    natGatewayZones: zones,
    instances: [{ type: "m6i.large", count: 2, zones }],
  });
});
