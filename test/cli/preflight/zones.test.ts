import { hasZoneIds, judgeInstanceTypes, judgeZones, withZoneNames } from "../../../cli/preflight/zones";
import { request } from "./answers";

const zone = (name: string, state = "available", optedIn = true) => ({ name, id: "usw2-az9", state, optedIn, group: `${name}-group` });

describe("zones", () => {
  test("pass if all are available", () => {
    expect(judgeZones("us-west-2", ["us-west-2a", "us-west-2b"], [zone("us-west-2a"), zone("us-west-2b")])).toEqual({
      outcome: "pass",
      detail: "us-west-2a and us-west-2b are available",
    });
  });

  test("one that does not exist fails, with those that can be used", () => {
    expect(judgeZones("us-west-2", ["us-west-2x"], [zone("us-west-2a"), zone("us-west-2b", "impaired"), zone("us-west-2c")])).toEqual({
      outcome: "fail",
      detail: "us-west-2 has no zone us-west-2x for this account",
      fix: "choose among us-west-2a and us-west-2c",
    });
  });

  test("a Local Zone that the account has not opted in to fails, with the command", () => {
    expect(judgeZones("us-west-2", ["us-west-2-lax-1a"], [zone("us-west-2-lax-1a", "available", false)])).toMatchObject({
      outcome: "fail",
      fix: "aws ec2 modify-availability-zone-group --region us-west-2 --group-name us-west-2-lax-1a-group --opt-in-status opted-in",
    });
  });

  test("all that is wrong is told at once", () => {
    expect(judgeZones("us-west-2", ["us-west-2b", "us-west-2x"], [zone("us-west-2a"), zone("us-west-2b", "impaired")])).toEqual({
      outcome: "fail",
      detail: "us-west-2b is impaired; us-west-2 has no zone us-west-2x for this account",
      fix: "choose among us-west-2a",
    });
  });
});

describe("instance types", () => {
  const need = { type: "m6i.large", count: 1, zones: ["us-west-2a", "us-west-2d"] };

  test("pass if each is offered in its zones", () => {
    expect(
      judgeInstanceTypes(
        "us-west-2",
        [need],
        need.zones.map((name) => ({ type: "m6i.large", zone: name })),
      ).outcome,
    ).toBe("pass");
  });

  test("a zone without the type fails, with the zones that have it", () => {
    const offerings = [
      { type: "m6i.large", zone: "us-west-2b" },
      { type: "m6i.large", zone: "us-west-2a" },
      { type: "t3.micro", zone: "us-west-2d" },
    ];
    expect(judgeInstanceTypes("us-west-2", [need], offerings)).toEqual({
      outcome: "fail",
      detail: "m6i.large is not offered in us-west-2d",
      fix: "use another instance type than m6i.large, or choose zones among us-west-2a and us-west-2b",
    });
  });

  test("a type that the region lacks fails", () => {
    expect(judgeInstanceTypes("us-west-2", [need], [])).toMatchObject({ outcome: "fail", detail: "no zone of us-west-2 offers m6i.large" });
  });
});

describe("zones that are given by their ids", () => {
  const known = [
    { ...zone("us-west-2a"), id: "usw2-az2" },
    { ...zone("us-west-2b"), id: "usw2-az1" },
  ];

  test("are told from names", () => {
    expect(hasZoneIds(request)).toBe(false);
    expect(hasZoneIds({ ...request, zones: { "lax-1a": "us-west-2-lax-1a" } })).toBe(false);
    expect(hasZoneIds({ ...request, zones: { az1: "usw2-az1" } })).toBe(true);
  });

  test("go by the names that the account has for them, wherever they are named", () => {
    const given = {
      ...request,
      zones: { az1: "usw2-az1", az3: "usw2-az3" },
      natGatewayZones: ["usw2-az1"],
      instances: [{ type: "t3.micro", count: 1, zones: ["usw2-az1"] }],
      endpointService: { name: "service", zones: ["usw2-az2", "usw2-az3"] },
    };
    expect(withZoneNames(given, known)).toEqual({
      ...request,
      zones: { az1: "us-west-2b", az3: "usw2-az3" },
      natGatewayZones: ["us-west-2b"],
      instances: [{ type: "t3.micro", count: 1, zones: ["us-west-2b"] }],
      endpointService: { name: "service", zones: ["us-west-2a", "usw2-az3"] },
    });
  });
});
