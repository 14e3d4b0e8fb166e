import { zonesByKey } from "../../modules/network/schema";
import { type InterfaceSteeredDeployment } from "../../config/interface-steered";
import { interfaceSteeredLayout } from "../../config/layout";
import { zpaHaDeployment } from "../../config/zpa-ha";
import { known } from "../../modules/validation/schema";
import { zpaHa } from "../stacks/samples";

const layoutOf = (overrides: Parameters<typeof zpaHa>[0], without: readonly ("zpa" | "failover")[] = []) => {
  const deployment: InterfaceSteeredDeployment = zpaHaDeployment(known).parse(zpaHa(overrides));
  return interfaceSteeredLayout({ ...deployment, ...Object.fromEntries(without.map((part) => [part, undefined])) });
};

test("ZPA adds a resolver subnet with one address to each zone but Local Zones, whoever serves it", () => {
  const zones = ["a", "b", "us-west-2-lax-1a"];
  const overrides = { zones, connectors: { perZone: 2, servedBy: { b: "a" } } };
  const layout = layoutOf(overrides);
  expect(layout.zones).toEqual(zonesByKey("us-west-2", zones));
  expect(layout.tiers).toEqual({
    public: ["a", "lax-1a"],
    connector: ["a", "lax-1a"],
    workload: ["a", "b", "lax-1a"],
    resolver: ["a", "b"],
  });
  expect(layout.addresses).toMatchObject({ resolver: 1 });
  const without = layoutOf(overrides, ["zpa"]);
  expect(Object.keys(without.tiers)).not.toContain("resolver");
  expect(Object.keys(without.addresses)).not.toContain("resolver");
});

test("failover adds two addresses to the connector subnets, beside the connectors' interfaces and the endpoints", () => {
  const overrides = { connectors: { perZone: 2, size: "medium" }, privateEndpoints: ["ec2", "ssm", "s3"] } as const;
  expect(layoutOf(overrides).addresses.connector).toBe(2 * 5 + 2 + 2);
  expect(layoutOf(overrides, ["failover"]).addresses.connector).toBe(2 * 5 + 2);
  expect(layoutOf({ connectors: { perZone: 2, managementTier: "separate" } }).addresses).toMatchObject({ connector: 2 + 2, management: 2 });
});
