import { type NatGateway } from "../../../cli/preflight/aws-network";
import { judgeExistingNatGateways } from "../../../cli/preflight/existing-nat-gateways";
import { existing, subnet, table } from "./answers";

const zones = { a: "us-west-2a", b: "us-west-2b" };
const gateway: NatGateway = { id: "nat-1", state: "available", connectivity: "public", vpc: "vpc-1", subnet: "subnet-public" };
const subnets = [subnet({ id: "subnet-public" })];
const tables = [table("rtb-public", "igw-1", { subnets: ["subnet-public"] })];
const judge = (natGateways: Readonly<Record<string, string>>, otherwise: Partial<NatGateway> = {}, ofVpc = tables) =>
  judgeExistingNatGateways({ ...existing, natGateways }, "us-west-2", zones, {
    gateways: [{ ...gateway, ...otherwise }],
    subnets,
    tables: ofVpc,
  });

test("one that serves its zone passes, and so may another zone's", () => {
  expect(judge({ a: "nat-1" })).toEqual({ outcome: "pass", detail: "nat-1 serves zone a" });
  expect(judge({ a: "nat-1", b: "nat-1" })).toEqual({ outcome: "pass", detail: "nat-1 serves zone a and b" });
});

test.each([
  [{ state: "deleted" }, "nat-1 (zone a) is public and deleted", "name a public NAT gateway that is available"],
  [{ connectivity: "private" }, "nat-1 (zone a) is private and available", "name a public NAT gateway that is available"],
  [{ vpc: "vpc-2" }, "nat-1 (zone a) is in vpc-2, not in vpc-1", "name a NAT gateway of the VPC"],
  [{ subnet: undefined }, "nat-1 (zone a) is a regional one, in no subnet", "name a zonal NAT gateway"],
  [{ id: "nat-2" }, "the account has no NAT gateway nat-1 (zone a) in us-west-2", "name a NAT gateway of this account and region"],
])("%p fails", (otherwise, detail, fix) => {
  expect(judge({ a: "nat-1" }, otherwise)).toEqual({ outcome: "fail", detail, fix });
});

test("one of a zone that it does not serve fails", () => {
  expect(judge({ b: "nat-1" })).toEqual({
    outcome: "fail",
    detail: "nat-1 (zone b) is in us-west-2a, and traffic would cross zones",
    fix: "name a NAT gateway of us-west-2b, or let nat-1 serve its own zone too",
  });
});

test("one in a subnet without a way to the internet fails", () => {
  expect(judge({ a: "nat-1" }, {}, [table("rtb-public", "tgw-1", { subnets: ["subnet-public"] })])).toMatchObject({
    outcome: "fail",
    detail: "nat-1 (zone a) is in subnet-public, whose route table rtb-public has no default route to an internet gateway",
  });
});
