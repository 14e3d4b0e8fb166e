import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { connectAws } from "../../../../modules/route-failover/function/aws";
import { type SeenRoute } from "../../../../modules/route-failover/function/ports";

const table = "rtb-1";

/** What DescribeRouteTables shows of each route, by element. */
type Shown = Readonly<Record<string, string>>;

const xml = (shown: Shown): string =>
  Object.entries(shown)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join("");

let shownRoutes: readonly Shown[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer((_, response) => {
    const routes = shownRoutes.map((shown) => `<item>${xml(shown)}</item>`).join("");
    const item = `<item><routeTableId>${table}</routeTableId><routeSet>${routes}</routeSet></item>`;
    response.end(`<DescribeRouteTablesResponse><routeTableSet>${item}</routeTableSet></DescribeRouteTablesResponse>`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: "us-west-2",
    AWS_ACCESS_KEY_ID: "id",
    AWS_SECRET_ACCESS_KEY: "secret",
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const seen = (...routes: readonly Shown[]): Promise<readonly SeenRoute[]> => {
  shownRoutes = routes;
  return connectAws().routes([table]);
};

const toAll: Shown = { destinationCidrBlock: "0.0.0.0/0", origin: "CreateRoute", state: "active" };

test.each<[target: string, shown: Shown, id: string]>([
  ["a network interface", { networkInterfaceId: "eni-1" }, "eni-1"],
  ["an instance, by its interface", { instanceId: "i-1", instanceOwnerId: "123456789012", networkInterfaceId: "eni-1" }, "eni-1"],
  ["an instance without an interface", { instanceId: "i-1", instanceOwnerId: "123456789012" }, "i-1"],
  ["a NAT gateway", { natGatewayId: "nat-1" }, "nat-1"],
  ["an internet gateway", { gatewayId: "igw-1" }, "igw-1"],
  ["a VPN gateway", { gatewayId: "vgw-1" }, "vgw-1"],
  ["a VPC endpoint", { gatewayId: "vpce-1" }, "vpce-1"],
  ["the VPC itself", { gatewayId: "local" }, "local"],
  ["a Transit Gateway", { transitGatewayId: "tgw-1" }, "tgw-1"],
  ["a peering", { vpcPeeringConnectionId: "pcx-1" }, "pcx-1"],
  ["an egress-only gateway", { egressOnlyInternetGatewayId: "eigw-1" }, "eigw-1"],
  ["a local gateway", { localGatewayId: "lgw-1" }, "lgw-1"],
  ["a carrier gateway", { carrierGatewayId: "cagw-1" }, "cagw-1"],
  ["a core network", { coreNetworkArn: "arn:core-network-1" }, "arn:core-network-1"],
  ["an Oracle network", { odbNetworkArn: "arn:odbnet_1" }, "arn:odbnet_1"],
  ["something new", { novelGatewayId: "new-1" }, ""],
])("a route is seen to lead to %s", async (_, shown, target) => {
  expect(await seen({ ...toAll, ...shown })).toEqual([{ table, destination: "0.0.0.0/0", target, blackhole: false }]);
});

test("a route to what is gone is seen as such", async () => {
  expect(await seen({ ...toAll, natGatewayId: "nat-1", state: "blackhole" })).toMatchObject([{ target: "nat-1", blackhole: true }]);
});

test.each(["EnableVgwRoutePropagation", "Advertisement"])(
  "a route by %s is not seen: it stands beside one that can be replaced",
  async (origin) => {
    const propagated = { ...toAll, gatewayId: "vgw-1", origin };
    const made = { ...toAll, natGatewayId: "nat-1" };
    for (const routes of [
      [propagated, made],
      [made, propagated],
    ])
      expect(await seen(...routes)).toMatchObject([{ target: "nat-1" }]);
    expect(await seen(propagated)).toEqual([]);
  },
);

test.each(["0.0.0.0/0", "2001:db8::/32", "pl-1"])("the destination %s is seen", async (destination) => {
  const name = destination.startsWith("pl-")
    ? "destinationPrefixListId"
    : destination.includes(":")
      ? "destinationIpv6CidrBlock"
      : "destinationCidrBlock";
  expect(await seen({ [name]: destination, gatewayId: "igw-1", state: "active" })).toMatchObject([{ destination }]);
});
