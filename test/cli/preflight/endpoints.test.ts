import { judgeEndpointQuota, judgeEndpointService } from "../../../cli/preflight/endpoints";
import { existing, tag } from "./answers";

describe("the quota of endpoints in a VPC", () => {
  const endpoint = (id: string, type: string, tags: Readonly<Record<string, string>> = {}) => ({ id, type, tags });

  test("is that of interface and Gateway Load Balancer endpoints together, without those of this deployment", () => {
    const there = [
      endpoint("vpce-1", "Interface"),
      endpoint("vpce-2", "GatewayLoadBalancer"),
      endpoint("vpce-3", "Gateway"),
      endpoint("vpce-4", "GatewayLoadBalancer", { [tag]: "shared" }),
    ];
    expect(judgeEndpointQuota(existing, "us-west-2", there, 4)).toEqual({ outcome: "pass", detail: "2 needed, 2 of 4 in use" });
    expect(judgeEndpointQuota(existing, "us-west-2", there, 3)).toMatchObject({
      outcome: "fail",
      fix: expect.stringContaining("--service-code vpc --quota-code L-29B6F2EB --desired-value 4") as string,
    });
  });
});

describe("an endpoint service", () => {
  const name = "com.amazonaws.vpce.us-west-2.vpce-svc-0";
  const wanted = { name, zones: ["us-west-2a", "us-west-2b"] };
  const service = { types: ["GatewayLoadBalancer"], zones: wanted.zones, owner: "999999999999", acceptance: false };

  test("passes in all its zones", () => {
    expect(judgeEndpointService(wanted, "us-west-2", service)).toEqual({ outcome: "pass", detail: `${name} is in each zone` });
  });

  test("is told of that asks for acceptance", () => {
    expect(judgeEndpointService(wanted, "us-west-2", { ...service, acceptance: true })).toEqual({
      outcome: "pass",
      detail: `${name} is in each zone, and account 999999999999 must accept each endpoint`,
    });
  });

  test("fails where the account does not see it", () => {
    expect(judgeEndpointService(wanted, "us-west-2", undefined)).toEqual({
      outcome: "fail",
      detail: `us-west-2 has no endpoint service ${name} that this account may use`,
      fix: "see that the name is right, and have the service's owner allow this account: endpointService.allowedPrincipals of a hub",
    });
  });

  test("fails with all that is wrong", () => {
    expect(judgeEndpointService(wanted, "us-west-2", { ...service, types: ["Interface"], zones: ["us-west-2b", "us-west-2c"] })).toEqual({
      outcome: "fail",
      detail: `${name} takes endpoints of type Interface; ${name} is not in us-west-2a`,
      fix: "name the service of a Gateway Load Balancer; choose zones among us-west-2b and us-west-2c, or have the service's owner add these",
    });
  });
});
