import fc from "fast-check";
import { Address4 } from "ip-address";
import {
  contains,
  formatRange,
  overlaps,
  planAddresses,
  subRange,
  tiers,
  type PlanFinding,
  type PlanRequest,
  type Tier,
} from "../../../modules/addressing";
import { base, everywhere, findingsOf, listed, partlyWritten, planOf, rangesOf, read, vpcRange, zoneNames } from "./requests";

describe("a plan", () => {
  test("has a subnet for each tier and zone asked for and no other, in the VPC, apart from each other, /16 to /28", () => {
    fc.assert(
      fc.property(partlyWritten, (given) => {
        const result = planAddresses(given);
        if ("findings" in result) return;
        const asked = Object.entries(given.tiers).flatMap(([tier, zones]) => zones.map((zone) => `${zone} ${tier}`));
        expect(
          listed(result.plan)
            .map(([name]) => name)
            .sort(),
        ).toEqual(asked.sort());
        const ranges = rangesOf(result.plan);
        ranges.forEach((range, index) => {
          expect(contains(read(given.vpc), range)).toBe(true);
          expect(range.prefix).toBeLessThanOrEqual(28);
          expect(ranges.slice(0, index).filter((other) => overlaps(other, range))).toEqual([]);
        });
      }),
      { numRuns: 200 },
    );
  });

  test("tells for each planned subnet the arguments of cidrsubnet, and its addresses without AWS's five", () => {
    fc.assert(
      fc.property(partlyWritten, (given) => {
        const result = planAddresses(given);
        if ("findings" in result) return;
        for (const [zone, byTier] of Object.entries(result.plan.subnets))
          for (const [tier, subnet] of Object.entries(byTier)) {
            expect(subnet.usable).toBe(2 ** (32 - new Address4(subnet.range).subnetMask) - 5);
            if (subnet.origin === "planned") {
              expect(subnet.within).toBe(given.vpc);
              expect(formatRange(subRange(read(subnet.within), subnet.newBits, subnet.number))).toBe(subnet.range);
              expect(given.written?.[zone]?.[tier as Tier]).toBeUndefined();
            } else expect(given.written?.[zone]?.[tier as Tier]).toBe(subnet.range);
          }
      }),
      { numRuns: 150 },
    );
  });

  test("is the same each time, in whatever order tiers and their zones are named", () => {
    fc.assert(
      fc.property(partlyWritten, (given) => {
        const turned = Object.fromEntries(
          Object.entries(given.tiers)
            .reverse()
            .map(([tier, zones]) => [tier, [...zones].reverse()]),
        );
        expect(planAddresses({ ...given, tiers: turned })).toEqual(planAddresses(given));
      }),
    );
  });

  test("keeps every subnet where it is when a zone is appended, or says that it does not fit", () => {
    fc.assert(
      fc.property(partlyWritten, fc.subarray([...tiers], { minLength: 1 }), (given, inNewZone) => {
        const before = planAddresses(given);
        const grown = Object.fromEntries(
          tiers.map((tier) => [tier, [...(given.tiers[tier] ?? []), ...(inNewZone.includes(tier) ? ["new"] : [])]]),
        );
        const after = planAddresses({ ...given, zones: [...given.zones, "new"], tiers: grown });
        if ("findings" in before) expect(after).toHaveProperty("findings");
        else if ("plan" in after) expect(after.plan.subnets).toMatchObject(before.plan.subnets);
      }),
      { numRuns: 200 },
    );
  });

  test("keeps every subnet where it is when a tier is added, or says that it does not fit", () => {
    fc.assert(
      fc.property(partlyWritten, fc.constantFrom(...tiers), (given, tier) => {
        const before = planAddresses(given);
        const after = planAddresses({ ...given, tiers: { ...given.tiers, [tier]: given.zones } });
        if ("findings" in before) expect(after).toHaveProperty("findings");
        else if ("plan" in after) expect(after.plan.subnets).toMatchObject(before.plan.subnets);
      }),
      { numRuns: 200 },
    );
  });

  test("exists for any VPC from /16 to /24 with one to four zones of the base tiers", () => {
    fc.assert(
      fc.property(vpcRange(16, 24), fc.integer({ min: 1, max: 4 }), (vpc, count) => {
        const zones = zoneNames(count);
        expect(rangesOf(planOf({ vpc, zones, tiers: everywhere(zones, base) }))).toHaveLength(3 * count);
      }),
    );
  });

  test.each([
    ["10.1.0.0/20", 16],
    ["10.1.0.0/21", 8],
    ["10.1.0.0/22", 4],
    ["10.1.0.0/23", 2],
    ["10.1.0.0/24", 1],
  ])("of %s with %i zone slots holds all tiers in all of them", (vpc, slots) => {
    const zones = zoneNames(slots);
    const plan = planOf({ vpc, zones, tiers: everywhere(zones, tiers), zoneSlots: slots });
    expect(listed(plan)).toHaveLength(7 * slots);
    expect(plan.room).toEqual({ zones: 0, tiers: [] });
  });

  test("gives the workload tier half of the zone's block", () => {
    fc.assert(
      fc.property(vpcRange(16, 25), fc.constantFrom(1, 2, 4), (vpc, slots) => {
        const plan = planOf({ vpc, zones: ["a"], tiers: { workload: ["a"] }, zoneSlots: slots });
        expect(rangesOf(plan).map(({ prefix }) => prefix)).toEqual([read(vpc).prefix + Math.log2(slots) + 1]);
      }),
    );
  });
});

describe("room", () => {
  test("counts the zones that can be appended with all tiers in use", () => {
    fc.assert(
      fc.property(partlyWritten, (given) => {
        const result = planAddresses(given);
        if ("findings" in result) return;
        const { room } = result.plan;
        const used = tiers.filter((tier) => given.tiers[tier]);
        fc.pre(used.length > 0);
        const appended = (count: number) => {
          const more = Array.from({ length: count }, (_, index) => `more${index}`);
          const grown = used.map((tier) => [tier, [...(given.tiers[tier] ?? []), ...more]] as const);
          return planAddresses({ ...given, zones: [...given.zones, ...more], tiers: Object.fromEntries(grown) });
        };
        expect(appended(room.zones)).toHaveProperty("plan");
        expect(appended(room.zones + 1)).toHaveProperty("findings");
      }),
      { numRuns: 150 },
    );
  });

  test("lists tiers that can be added together in all zones, and leaves out none that still could", () => {
    fc.assert(
      fc.property(partlyWritten, (given) => {
        const result = planAddresses(given);
        if ("findings" in result) return;
        const { room } = result.plan;
        const grown = { ...given.tiers, ...everywhere(given.zones, room.tiers) };
        expect(planAddresses({ ...given, tiers: grown })).toHaveProperty("plan");
        for (const tier of tiers.filter((one) => !grown[one]))
          expect(planAddresses({ ...given, tiers: { ...grown, [tier]: given.zones } })).toHaveProperty("findings");
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ["10.1.0.0/16", 2, base, 2, ["resolver", "management", "endpoint", "transit"]],
    ["10.1.0.0/24", 1, base, 3, ["resolver", "management", "endpoint"]],
    ["10.1.0.0/24", 2, base, 2, ["resolver", "management"]],
    ["10.1.0.0/24", 3, base, 1, ["resolver"]],
    ["10.1.0.0/24", 4, base, 0, []],
    ["10.1.0.0/23", 3, tiers, 0, []],
  ])("of %s with %i zones of %j", (vpc, count, used, more, further) => {
    const zones = zoneNames(count);
    expect(planOf({ vpc, zones, tiers: everywhere(zones, used) }).room).toEqual({ zones: more, tiers: further });
  });
});

/**
 * Where each tier lies with four zone slots, by VPC range: for the first zone, the second and so on, as far as the tier fits beside
 * the base tiers.
 */
const frozen: Readonly<Record<string, Readonly<Record<Tier, string>>>> = {
  "10.1.0.0/16": {
    public: "10.1.32.0/22 10.1.96.0/22 10.1.160.0/22 10.1.224.0/22",
    connector: "10.1.36.0/22 10.1.100.0/22 10.1.164.0/22 10.1.228.0/22",
    workload: "10.1.0.0/19 10.1.64.0/19 10.1.128.0/19 10.1.192.0/19",
    resolver: "10.1.40.0/22 10.1.104.0/22 10.1.168.0/22 10.1.232.0/22",
    management: "10.1.44.0/22 10.1.108.0/22 10.1.172.0/22 10.1.236.0/22",
    endpoint: "10.1.48.0/22 10.1.112.0/22 10.1.176.0/22 10.1.240.0/22",
    transit: "10.1.52.0/22 10.1.116.0/22 10.1.180.0/22 10.1.244.0/22",
  },
  "10.1.0.0/20": {
    public: "10.1.2.0/26 10.1.6.0/26 10.1.10.0/26 10.1.14.0/26",
    connector: "10.1.2.64/26 10.1.6.64/26 10.1.10.64/26 10.1.14.64/26",
    workload: "10.1.0.0/23 10.1.4.0/23 10.1.8.0/23 10.1.12.0/23",
    resolver: "10.1.2.128/26 10.1.6.128/26 10.1.10.128/26 10.1.14.128/26",
    management: "10.1.2.192/26 10.1.6.192/26 10.1.10.192/26 10.1.14.192/26",
    endpoint: "10.1.3.0/26 10.1.7.0/26 10.1.11.0/26 10.1.15.0/26",
    transit: "10.1.3.64/26 10.1.7.64/26 10.1.11.64/26 10.1.15.64/26",
  },
  "10.1.0.0/22": {
    public: "10.1.0.128/28 10.1.1.128/28 10.1.2.128/28 10.1.3.128/28",
    connector: "10.1.0.144/28 10.1.1.144/28 10.1.2.144/28 10.1.3.144/28",
    workload: "10.1.0.0/25 10.1.1.0/25 10.1.2.0/25 10.1.3.0/25",
    resolver: "10.1.0.160/28 10.1.1.160/28 10.1.2.160/28 10.1.3.160/28",
    management: "10.1.0.176/28 10.1.1.176/28 10.1.2.176/28 10.1.3.176/28",
    endpoint: "10.1.0.192/28 10.1.1.192/28 10.1.2.192/28 10.1.3.192/28",
    transit: "10.1.0.208/28 10.1.1.208/28 10.1.2.208/28 10.1.3.208/28",
  },
  "10.1.0.0/23": {
    public: "10.1.0.64/28 10.1.0.192/28 10.1.1.64/28 10.1.1.192/28",
    connector: "10.1.0.80/28 10.1.0.208/28 10.1.1.80/28 10.1.1.208/28",
    workload: "10.1.0.0/26 10.1.0.128/26 10.1.1.0/26 10.1.1.128/26",
    resolver: "10.1.0.96/28 10.1.0.224/28 10.1.1.96/28 10.1.1.224/28",
    management: "10.1.0.112/28 10.1.0.240/28 10.1.1.112/28 10.1.1.240/28",
    endpoint: "10.1.1.240/28 10.1.1.224/28 10.1.1.208/28",
    transit: "10.1.1.176/28 10.1.1.160/28 10.1.1.144/28",
  },
  "10.1.0.0/24": {
    public: "10.1.0.32/28 10.1.0.96/28 10.1.0.160/28 10.1.0.224/28",
    connector: "10.1.0.48/28 10.1.0.112/28 10.1.0.176/28 10.1.0.240/28",
    workload: "10.1.0.0/27 10.1.0.64/27 10.1.0.128/27 10.1.0.192/27",
    resolver: "10.1.0.240/28 10.1.0.224/28 10.1.0.208/28",
    management: "10.1.0.176/28 10.1.0.160/28",
    endpoint: "10.1.0.112/28",
    transit: "",
  },
};

const rows = Object.entries(frozen).flatMap(([vpc, byTier]) => [1, 2, 3, 4].map((count) => ({ vpc, byTier, count })));

describe("the planned ranges", () => {
  test.each(rows)("of $vpc with $count zones are frozen, and what is not in the table does not fit", ({ vpc, byTier, count }) => {
    const zones = zoneNames(count);
    const fitting = tiers.filter((tier) => byTier[tier].split(" ").filter(Boolean).length >= count);
    const expected = zones.flatMap((zone, position) => fitting.map((tier) => [`${zone} ${tier}`, byTier[tier].split(" ")[position]]));
    expect(listed(planOf({ vpc, zones, tiers: everywhere(zones, fitting) }))).toEqual(expected);
    for (const tier of tiers.filter((one) => !fitting.includes(one)))
      expect(findingsOf({ vpc, zones, tiers: everywhere(zones, [...fitting, tier]) })).toHaveLength(1);
  });
});

describe("ranges written by hand", () => {
  const published: PlanRequest = {
    vpc: "10.1.0.0/16",
    zones: ["a", "b", "c"],
    tiers: everywhere(["a", "b", "c"], [...base, "resolver"]),
    written: Object.fromEntries(
      ["a", "b", "c"].map((zone, index) => [
        zone,
        {
          public: `10.1.${101 + index}.0/24`,
          workload: `10.1.${1 + index}.0/24`,
          connector: `10.1.${200 + index}.0/24`,
          resolver: `10.1.${4 + index}.0/28`,
        },
      ]),
    ),
  };

  test("as in the published templates are taken as they are", () => {
    const plan = planOf(published);
    expect(listed(plan)).toEqual([
      ["a public", "10.1.101.0/24"],
      ["a connector", "10.1.200.0/24"],
      ["a workload", "10.1.1.0/24"],
      ["a resolver", "10.1.4.0/28"],
      ["b public", "10.1.102.0/24"],
      ["b connector", "10.1.201.0/24"],
      ["b workload", "10.1.2.0/24"],
      ["b resolver", "10.1.5.0/28"],
      ["c public", "10.1.103.0/24"],
      ["c connector", "10.1.202.0/24"],
      ["c workload", "10.1.3.0/24"],
      ["c resolver", "10.1.6.0/28"],
    ]);
    expect(plan.subnets["a"]?.resolver).toEqual({ origin: "written", range: "10.1.4.0/28", usable: 11 });
    // The planned slots of a fourth zone reach from 10.1.192.0, over the connector subnets.
    expect(plan.room).toEqual({ zones: 0, tiers: ["management", "endpoint", "transit"] });
  });

  test("for a transit hub as in the published templates are taken as they are", () => {
    const zones = ["a", "b"];
    const written = Object.fromEntries(
      zones.map((zone, index) => [
        zone,
        {
          transit: `10.0.${1 + index}.0/24`,
          endpoint: `10.0.${10 + index}.0/24`,
          public: `10.0.${101 + index}.0/24`,
          connector: `10.0.${200 + index}.0/24`,
        },
      ]),
    );
    const used: readonly Tier[] = ["public", "connector", "endpoint", "transit"];
    const plan = planOf({ vpc: "10.0.0.0/16", zones, tiers: everywhere(zones, used), written });
    expect(rangesOf(plan).map(formatRange).sort()).toEqual(
      Object.values(written)
        .flatMap((byTier) => Object.values(byTier))
        .sort(),
    );
  });

  test("of a fourth zone that overlap, as the published templates' do, are refused", () => {
    const zones = ["a", "b", "c", "d"];
    const written = {
      ...published.written,
      d: { ...everyRange("10.1.104.0/24", "10.1.203.0/24"), workload: "10.1.4.0/24", resolver: "10.1.7.0/28" },
    };
    const findings = findingsOf({ ...published, zones, tiers: everywhere(zones, [...base, "resolver"]), written });
    expect(findings).toEqual([
      {
        at: ["written", "a", "resolver"],
        problem: "10.1.4.0/28 overlaps 10.1.4.0/24 (workload of zone d)",
        fix: "the subnets of a VPC have no address in common",
      },
    ]);
  });

  const everyRange = (publicRange: string, connector: string) => ({ public: publicRange, connector });

  test("take the place of planned ones, whose slots others may then have", () => {
    const request: PlanRequest = {
      vpc: "10.1.0.0/24",
      secondaries: ["10.2.0.0/24"],
      zones: ["a", "b", "c", "d"],
      tiers: { ...everywhere(["a", "b", "c", "d"], base), resolver: ["a"] },
    };
    expect(findingsOf(request)).toHaveLength(1);
    const plan = planOf({ ...request, written: { d: { connector: "10.2.0.0/28" } } });
    expect(plan.subnets["d"]?.connector).toEqual({ origin: "written", range: "10.2.0.0/28", usable: 11 });
    expect(plan.subnets["a"]?.resolver).toEqual({
      origin: "planned",
      range: "10.1.0.240/28",
      usable: 11,
      within: "10.1.0.0/24",
      newBits: 4,
      number: 15,
    });
  });

  test("let a zone stand for which no slot is left", () => {
    const request: PlanRequest = { vpc: "10.1.0.0/24", zones: ["a", "b"], tiers: { workload: ["a", "b"] }, zoneSlots: 1 };
    expect(findingsOf(request).map(({ at }) => at)).toEqual([["zones", "b"]]);
    const plan = planOf({ ...request, written: { b: { workload: "10.1.0.224/28" } } });
    expect(listed(plan)).toEqual([
      ["a workload", "10.1.0.0/25"],
      ["b workload", "10.1.0.224/28"],
    ]);
    expect(plan.room).toEqual({ zones: 0, tiers: [] });
  });

  test("fill a VPC in which nothing can be planned", () => {
    const plan = planOf({ vpc: "10.1.0.0/28", zones: ["a"], tiers: { workload: ["a"] }, written: { a: { workload: "10.1.0.0/28" } } });
    expect(listed(plan)).toEqual([["a workload", "10.1.0.0/28"]]);
  });
});

describe("findings", () => {
  const zones = ["a", "b"];
  const ordinary: PlanRequest = { vpc: "10.1.0.0/16", zones, tiers: everywhere(zones, base) };
  const four = zoneNames(4);
  const five = zoneNames(5);
  const noCommon = "the subnets of a VPC have no address in common";

  const cases: readonly (readonly [string, PlanRequest, readonly (readonly [PlanFinding["at"], string, string])[]])[] = [
    [
      "a VPC range that is none",
      { ...ordinary, vpc: "10.1.0.7/16" },
      [[["vpc"], "10.1.0.7/16 has host bits set", "a VPC range starts at its network address: 10.1.0.0/16"]],
    ],
    [
      "further ranges that are none or overlap",
      { ...ordinary, secondaries: ["10.2.0.0/8", "10.1.128.0/17", "10.3.0.0/16", "10.3.4.0/24"] },
      [
        [["secondaries", 0], "10.2.0.0/8 is too large", "a VPC range is IPv4, from /16 to /28"],
        [["secondaries", 1], "10.1.128.0/17 overlaps 10.1.0.0/16", "the ranges of a VPC have no address in common"],
        [["secondaries", 3], "10.3.4.0/24 overlaps 10.3.0.0/16", "the ranges of a VPC have no address in common"],
      ],
    ],
    [
      "names that are repeated or unknown",
      {
        ...ordinary,
        zones: ["a", "b", "b", "b"],
        tiers: { public: ["a", "a"], workload: ["a", "c"], ...(JSON.parse('{"dmz":["a"],"__proto__":["a"]}') as object) },
        addresses: JSON.parse('{"dmz":4}') as object,
      },
      [
        [["zones", "b"], "zone b is named more than once", "name each zone once"],
        [["tiers", "dmz"], "dmz is no tier", `the tiers are ${tiers.join(", ")}`],
        [["tiers", "__proto__"], "__proto__ is no tier", `the tiers are ${tiers.join(", ")}`],
        [["addresses", "dmz"], "dmz is no tier", `the tiers are ${tiers.join(", ")}`],
        [["tiers", "public"], "zone a is named more than once", "name each zone once"],
        [["tiers", "workload"], "zone c is not in use", "the zones in use are a, b"],
      ],
    ],
    [
      "zone slots that are none",
      { ...ordinary, zoneSlots: 3 },
      [[["zoneSlots"], "3 is no number of zone slots", "give one of 1, 2, 4, 8, 16"]],
    ],
    [
      "numbers of addresses that no subnet has",
      { ...ordinary, addresses: { public: 65532, connector: -1, workload: 0.5, resolver: Number.NaN, transit: 65531 } },
      [
        [["addresses", "public"], "no subnet holds 65532 addresses", "give a whole number from 0 to 65531, what a /16 holds"],
        [["addresses", "connector"], "no subnet holds -1 addresses", "give a whole number from 0 to 65531, what a /16 holds"],
        [["addresses", "workload"], "no subnet holds 0.5 addresses", "give a whole number from 0 to 65531, what a /16 holds"],
        [["addresses", "resolver"], "no subnet holds NaN addresses", "give a whole number from 0 to 65531, what a /16 holds"],
      ],
    ],
    [
      "a VPC without room, and the smallest that has it",
      { ...ordinary, vpc: "10.1.1.0/24", zones: four, tiers: everywhere(four, [...base, "resolver"]) },
      [
        [
          ["vpc"],
          "10.1.1.0/24 does not fit: with space reserved for 4 zones it has no room for resolver in a, b, c, d",
          "set the VPC range to 10.1.0.0/23, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "a VPC without room for so many zone slots",
      { ...ordinary, vpc: "10.1.0.64/26", zones: ["a"], tiers: everywhere(["a"], base) },
      [
        [
          ["vpc"],
          "10.1.0.64/26 does not fit: with space reserved for 4 zones it has no room for public in a and connector in a and workload in a",
          "set the VPC range to 10.1.0.0/25, or zoneSlots to 2, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "a VPC without room, which another of its ranges keeps from growing",
      { ...ordinary, vpc: "10.1.0.0/24", secondaries: ["10.1.1.0/24"], zones: four, tiers: everywhere(four, [...base, "resolver"]) },
      [
        [
          ["vpc"],
          "10.1.0.0/24 does not fit: with space reserved for 4 zones it has no room for resolver in a, b, c, d",
          "write ranges by hand",
        ],
      ],
    ],
    [
      "zones without a slot",
      { ...ordinary, zones: five, tiers: everywhere(five, base) },
      [
        [
          ["zones", "e"],
          "zone e is number 5, and space is reserved for 4 (zoneSlots)",
          "set zoneSlots to 8, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "zones without a slot in a VPC that is too small for more slots",
      { ...ordinary, vpc: "10.1.0.0/24", zones: five, tiers: everywhere(five, [...base, "resolver"]) },
      [
        [
          ["zones", "e"],
          "zone e is number 5, and space is reserved for 4 (zoneSlots)",
          "set zoneSlots to 8 and the VPC range to 10.1.0.0/23, before the first deployment; or write ranges by hand",
        ],
        [
          ["vpc"],
          "10.1.0.0/24 does not fit: with space reserved for 4 zones it has no room for resolver in a, b, c, d",
          "set zoneSlots to 8 and the VPC range to 10.1.0.0/23, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "more zones than there can be slots",
      { ...ordinary, zones: zoneNames(17), tiers: { workload: zoneNames(17) }, zoneSlots: 16 },
      [[["zones", "q"], "zone q is number 17, and space is reserved for 16 (zoneSlots)", "write ranges by hand"]],
    ],
    [
      "planned subnets that are too small",
      { ...ordinary, vpc: "10.1.0.0/22", addresses: { connector: 12, workload: 123 } },
      [
        [
          ["tiers", "connector"],
          "10.1.0.144/28 (connector of zone a) has 11 usable addresses, and 12 are needed",
          "set the VPC range to 10.1.0.0/21, or zoneSlots to 2, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "written subnets that are too small, outside the VPC, or none",
      {
        ...ordinary,
        secondaries: ["10.2.0.0/24"],
        addresses: { connector: 12 },
        written: { a: { connector: "10.1.9.0/28", public: "10.3.0.0/24" }, b: { workload: "10.1.0.0/30", public: "10.2.0.1/24" } },
      },
      [
        [["written", "b", "workload"], "10.1.0.0/30 is too small", "a subnet range is IPv4, from /16 to /28"],
        [["written", "b", "public"], "10.2.0.1/24 has host bits set", "a subnet range starts at its network address: 10.2.0.0/24"],
        [
          ["written", "a", "public"],
          "10.3.0.0/24 lies outside the VPC",
          "a subnet lies in one of the VPC's ranges: 10.1.0.0/16, 10.2.0.0/24",
        ],
        [
          ["written", "a", "connector"],
          "10.1.9.0/28 (connector of zone a) has 11 usable addresses, and 12 are needed",
          "write a larger range",
        ],
        [
          ["written", "a", "connector"],
          "10.1.9.0/28 overlaps 10.1.0.0/19 (workload of zone a)",
          "write a range that no planned subnet has, or write the ranges of those by hand too",
        ],
      ],
    ],
    [
      "written subnets that overlap written and planned ones",
      { ...ordinary, written: { a: { public: "10.1.128.0/24", workload: "10.1.128.0/17" }, b: { connector: "10.1.36.0/22" } } },
      [
        [["written", "a", "public"], "10.1.128.0/24 overlaps 10.1.128.0/17 (workload of zone a)", noCommon],
        [
          ["written", "b", "connector"],
          "10.1.36.0/22 overlaps 10.1.36.0/22 (connector of zone a)",
          "write a range that no planned subnet has, or write the ranges of those by hand too",
        ],
      ],
    ],
    [
      "ranges written for what is not in use",
      { ...ordinary, written: { a: { resolver: "10.1.4.0/28" }, z: { workload: "10.1.4.0/28\n" } } },
      [
        [
          ["written", "a", "resolver"],
          "10.1.4.0/28 is written for resolver of zone a, which is not in use",
          "take the range out, or use that tier in that zone",
        ],
        [
          ["written", "z", "workload"],
          '"10.1.4.0/28\\n" is written for workload of zone z, which is not in use',
          "take the range out, or use that tier in that zone",
        ],
      ],
    ],
    [
      "everything at once",
      { vpc: "10.1.0.0", zones: ["a", "a"], tiers: { workload: ["b"] }, zoneSlots: 0, written: { a: { public: "10.1.0.0/16" } } },
      [
        [["zones", "a"], "zone a is named more than once", "name each zone once"],
        [["tiers", "workload"], "zone b is not in use", "the zones in use are a"],
        [
          ["vpc"],
          "10.1.0.0 has no prefix length",
          "a VPC range ends with its prefix length, as in 10.1.0.0/16; a single address is 10.1.0.0/32",
        ],
        [["zoneSlots"], "0 is no number of zone slots", "give one of 1, 2, 4, 8, 16"],
        [
          ["written", "a", "public"],
          "10.1.0.0/16 is written for public of zone a, which is not in use",
          "take the range out, or use that tier in that zone",
        ],
      ],
    ],
  ];

  test.each(cases)("name %s", (_, given, expected) => {
    expect(findingsOf(given)).toEqual(expected.map(([at, problem, fix]) => ({ at, problem, fix })));
  });

  test("propose VPC ranges and zone slots with which the request fits, and no smaller VPC does", () => {
    const wish = fc.dictionary(fc.constantFrom(...tiers), fc.nat(600));
    let proposals = 0;
    fc.assert(
      fc.property(partlyWritten, wish, (given, addresses) => {
        const asked: PlanRequest = { ...given, addresses };
        const lack = findingsOf(asked).find(({ at }) => ["vpc", "zones", "tiers"].includes(String(at[0])));
        const otherwiseRight = findingsOf(asked).every(({ at }) => at[0] !== "written");
        if (!lack || !otherwiseRight) return;
        for (const proposal of lack.fix.replace(/^set |, before.*$/g, "").split(", or ")) {
          if (proposal === "write ranges by hand") continue;
          proposals += 1;
          const vpc = /VPC range to (\S+)/.exec(proposal)?.[1] ?? asked.vpc;
          const slots = Number(/zoneSlots to (\d+)/.exec(proposal)?.[1] ?? asked.zoneSlots);
          expect(planAddresses({ ...asked, vpc, zoneSlots: slots })).toHaveProperty("plan");
          if (vpc === asked.vpc) continue;
          for (let narrower = read(vpc).prefix + 1; narrower <= read(asked.vpc).prefix; narrower += 1) {
            const host = BigInt(32 - narrower);
            const holding = formatRange({ family: 4, first: (read(asked.vpc).first >> host) << host, prefix: narrower });
            expect(planAddresses({ ...asked, vpc: holding, zoneSlots: slots })).toHaveProperty("findings");
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(proposals).toBeGreaterThan(50);
  });

  test("come for junk, which never throws", () => {
    const name = fc.oneof(fc.constantFrom("a", "b", "__proto__", "constructor", "toString", ""), fc.string());
    const rangeText = fc.oneof(vpcRange(8, 32), fc.string(), fc.constantFrom("10.1.0.0/16", "10.1.0.0/24", "::/0"));
    const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(1, 2, 4));
    const tierName = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...tiers) }, { weight: 1, arbitrary: name });
    const junk = fc.record(
      {
        vpc: rangeText,
        secondaries: fc.array(rangeText, { maxLength: 3 }),
        taken: fc.array(rangeText, { maxLength: 3 }),
        zones: fc.array(name, { maxLength: 20 }),
        tiers: fc.dictionary(tierName, fc.array(name, { maxLength: 5 })),
        zoneSlots: number,
        written: fc.dictionary(name, fc.dictionary(tierName, rangeText)),
        addresses: fc.dictionary(tierName, number),
      },
      { requiredKeys: ["vpc", "zones", "tiers"] },
    );
    fc.assert(
      fc.property(junk, (given) => {
        const result = planAddresses(given);
        if ("plan" in result) expect(rangesOf(result.plan).every(({ prefix }) => prefix >= 16 && prefix <= 28)).toBe(true);
        else
          for (const { at, problem, fix } of result.findings)
            expect([at.length > 0, problem !== "", fix !== ""]).toEqual([true, true, true]);
      }),
      { numRuns: 250 },
    );
  });
});
