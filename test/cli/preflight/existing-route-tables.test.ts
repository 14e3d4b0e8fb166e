import { type Route, type RouteTable } from "../../../cli/preflight/aws-network";
import { judgeRouteTable } from "../../../cli/preflight/existing-route-tables";
import { type NamedRouteTable } from "../../../cli/preflight/request";
import { table } from "./answers";

const judge = (defaultRoute: NamedRouteTable["defaultRoute"], found: RouteTable) =>
  judgeRouteTable({ id: "rtb-1", zone: "a", name: "app", defaultRoute }, "vpc-1", [table("rtb-other"), found], ["eni-own"]);
const withRoute = (destination: string, target: string): RouteTable =>
  table("rtb-1", undefined, { routes: [{ destination, target, isBlackhole: false }] });

test("a table that is not there, or in another VPC, fails", () => {
  expect(judge("create", table("rtb-2"))).toEqual({
    outcome: "fail",
    detail: "there is no route table rtb-1",
    fix: "name a route table of vpc-1",
  });
  expect(judge("create", table("rtb-1", undefined, { vpc: "vpc-2" }))).toMatchObject({
    outcome: "fail",
    detail: "rtb-1 is in vpc-2, not in vpc-1",
  });
});

describe("a default route that is to be made", () => {
  test("may not be there", () => {
    expect(judge("create", table("rtb-1"))).toEqual({ outcome: "pass", detail: "rtb-1 has no default route, and gets one" });
    expect(judge("create", table("rtb-1", "nat-1"))).toEqual({
      outcome: "fail",
      detail: "rtb-1 leads to nat-1 already",
      fix:
        "set defaultRoute: takeOver, so that nat-1 is remembered, or leave the table out; " +
        "leave it as it is only if this deployment's failover led it there",
    });
  });

  test("is the deployment's own if it leads to an interface of it", () => {
    expect(judge("create", table("rtb-1", "eni-own"))).toEqual({
      outcome: "pass",
      detail: "rtb-1 leads to eni-own, this deployment's own",
    });
    expect(judge("create", table("rtb-1", "eni-other")).outcome).toBe("fail");
  });
});

describe("a default route that is to be taken over", () => {
  test.each(["nat-1", "igw-1", "tgw-1", "eni-other"])("to %s passes, and says what is remembered", (target) => {
    expect(judge("takeOver", table("rtb-1", target))).toEqual({
      outcome: "pass",
      detail: `rtb-1 leads to ${target}, which is remembered when the route is taken over`,
    });
  });

  test("need not be there", () => {
    expect(judge("takeOver", table("rtb-1")).outcome).toBe("pass");
  });

  test("to what is gone is in doubt", () => {
    const gone: Route = { destination: "0.0.0.0/0", target: "nat-1", isBlackhole: true };
    expect(judge("takeOver", table("rtb-1", undefined, { routes: [gone] }))).toEqual({
      outcome: "unknown",
      detail: "rtb-1 leads to nat-1, which is gone",
      fix: "delete the route, or lead it to what it shall lead to when it is restored",
    });
  });
});

test("a default route that is given back passes, wherever it leads", () => {
  expect(judge("restore", table("rtb-1", "eni-own"))).toEqual({
    outcome: "pass",
    detail: "rtb-1 leads to eni-own, this deployment's own, and is given back",
  });
  expect(judge("restore", table("rtb-1", "nat-1")).outcome).toBe("pass");
  expect(judge("restore", table("rtb-1")).outcome).toBe("pass");
  expect(judge("restore", withRoute("::/0", "eigw-1")).outcome).toBe("pass");
});

describe("a way past inspection:", () => {
  test("all IPv6 traffic", () => {
    expect(judge("create", withRoute("::/0", "eigw-1"))).toEqual({
      outcome: "unknown",
      detail: "rtb-1 leads all IPv6 traffic (::/0) to eigw-1, past inspection",
      fix: "delete the route of rtb-1 to ::/0, unless its traffic shall not be inspected",
    });
  });

  test.each([
    ["pl-0123456789abcdef0", "igw-1"],
    ["0.0.0.0/1", "nat-1"],
    ["128.0.0.0/7", "igw-1"],
    ["2000::/3", "igw-1"],
  ])("%s to %s", (destination, target) => {
    expect(judge("takeOver", withRoute(destination, target))).toMatchObject({
      outcome: "unknown",
      detail: `rtb-1 leads ${destination} to ${target}, past inspection`,
    });
  });

  test.each([
    ["10.0.0.0/8", "igw-1"],
    ["192.0.2.0/24", "igw-1"],
    ["pl-0123456789abcdef0", "vpce-1"],
    ["0.0.0.0/1", "tgw-1"],
    ["::/0", "eni-own"],
  ])("not %s to %s", (destination, target) => {
    expect(judge("takeOver", withRoute(destination, target)).outcome).toBe("pass");
  });

  test("told beside what fails", () => {
    const routes = [...table("rtb-1", "nat-1").routes, ...withRoute("::/0", "igw-1").routes];
    expect(judge("create", table("rtb-1", undefined, { routes }))).toMatchObject({
      outcome: "fail",
      detail: "rtb-1 leads to nat-1 already; rtb-1 leads all IPv6 traffic (::/0) to igw-1, past inspection",
    });
  });
});
