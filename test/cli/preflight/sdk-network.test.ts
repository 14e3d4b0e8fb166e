import { connectAws } from "../../../cli/preflight";
import { failure, fakeAws, type FakeAws } from "./fake-aws";

const environment = { ...process.env };
let server: FakeAws;

/** What EC2 answers to the one question of a test. */
let answer = "";
/** The code of the error that it answers instead. */
let refused = "";

beforeAll(async () => {
  process.env = { ...environment, AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "signing", AWS_EC2_METADATA_DISABLED: "true" };
  server = await fakeAws((call) =>
    refused === ""
      ? { status: 200, body: `<${call.action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${answer}</${call.action}Response>` }
      : failure(call, 400, refused, "refused"),
  );
});

afterAll(async () => {
  process.env = environment;
  await server.stop();
});

const aws = () => connectAws({ region: "us-west-2", endpoint: server.endpoint });
const list = (...items: readonly string[]) => items.map((item) => `<item>${item}</item>`).join("");

test("a VPC has its first range first, and none that is being taken from it", async () => {
  const association = (range: string, state: string) =>
    `<cidrBlock>${range}</cidrBlock><cidrBlockState><state>${state}</state></cidrBlockState>`;
  answer = `<vpcSet>${list(
    `<vpcId>vpc-1</vpcId><cidrBlock>10.20.0.0/16</cidrBlock><cidrBlockAssociationSet>${list(
      association("100.64.0.0/16", "associated"),
      association("10.20.0.0/16", "associated"),
      association("10.21.0.0/16", "disassociated"),
    )}</cidrBlockAssociationSet>`,
  )}</vpcSet>`;
  expect(await aws().vpc("vpc-1")).toEqual({ id: "vpc-1", ranges: ["10.20.0.0/16", "100.64.0.0/16"] });
});

test("a VPC that is not there is undefined", async () => {
  answer = "<vpcSet/>";
  expect(await aws().vpc("vpc-1")).toBeUndefined();
});

test("a route table's routes have their targets, without those that are propagated, and each table is told once", async () => {
  answer = `<routeTableSet>${list(
    `<routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId><routeSet>${list(
      "<destinationCidrBlock>10.20.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId>",
      "<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>vgw-1</gatewayId><origin>EnableVgwRoutePropagation</origin>",
      "<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><instanceId>i-1</instanceId><networkInterfaceId>eni-1</networkInterfaceId>" +
        "<state>blackhole</state>",
      "<destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock><egressOnlyInternetGatewayId>eigw-1</egressOnlyInternetGatewayId>",
      "<destinationPrefixListId>pl-1</destinationPrefixListId><gatewayId>vpce-1</gatewayId>",
    )}</routeSet><associationSet>${list("<main>true</main>", "<main>false</main><subnetId>subnet-1</subnetId>")}</associationSet>` +
      `<tagSet>${list("<key>Name</key><value>app</value>")}</tagSet>`,
  )}</routeTableSet>`;
  expect(await aws().routeTables("vpc-1", ["rtb-1"])).toEqual([
    {
      id: "rtb-1",
      vpc: "vpc-1",
      isMain: true,
      subnets: ["subnet-1"],
      routes: [
        { destination: "10.20.0.0/16", target: "local", isBlackhole: false },
        { destination: "0.0.0.0/0", target: "eni-1", isBlackhole: true },
        { destination: "::/0", target: "eigw-1", isBlackhole: false },
        { destination: "pl-1", target: "vpce-1", isBlackhole: false },
      ],
      tags: { Name: "app" },
    },
  ]);
});

test("ids are asked for by filters of at most 200", async () => {
  answer = "<securityGroupInfo/>";
  const before = server.calls.length;
  await aws().securityGroups(Array.from({ length: 201 }, (_, index) => `sg-${index}`));
  const sent = server.calls.slice(before).map(({ body }) => [...body.matchAll(/Filter\.1\.Value\.\d+=/g)].length);
  expect(sent.sort((one, other) => one - other)).toEqual([1, 200]);
});

test("an endpoint has its type and tags", async () => {
  answer = `<vpcEndpointSet>${list(
    `<vpcEndpointId>vpce-1</vpcEndpointId><vpcEndpointType>GatewayLoadBalancer</vpcEndpointType><tagSet>${list("<key>Name</key><value>a</value>")}</tagSet>`,
  )}</vpcEndpointSet>`;
  expect(await aws().vpcEndpoints("vpc-1")).toEqual([{ id: "vpce-1", type: "GatewayLoadBalancer", tags: { Name: "a" } }]);
});

describe("an endpoint service", () => {
  test("has its type, zones and owner", async () => {
    answer = `<serviceDetailSet>${list(
      `<serviceType>${list("<serviceType>GatewayLoadBalancer</serviceType>")}</serviceType>` +
        `<availabilityZoneSet>${list("us-west-2a", "us-west-2b")}</availabilityZoneSet>` +
        "<owner>999999999999</owner><acceptanceRequired>true</acceptanceRequired>",
    )}</serviceDetailSet>`;
    expect(await aws().endpointService("service")).toEqual({
      types: ["GatewayLoadBalancer"],
      zones: ["us-west-2a", "us-west-2b"],
      owner: "999999999999",
      acceptance: true,
    });
  });

  test("that AWS does not know is undefined", async () => {
    refused = "InvalidServiceName";
    expect(await aws().endpointService("service")).toBeUndefined();
    refused = "";
  });
});
