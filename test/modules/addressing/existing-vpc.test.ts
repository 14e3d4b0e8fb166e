import fc from "fast-check";
import {
  contains,
  formatRange,
  overlaps,
  planAddresses,
  subRange,
  tiers,
  type PlanFinding,
  type PlanRequest,
} from "../../../modules/addressing";
import { largestFreeSpace } from "../../../modules/addressing/free-space";
import { base, everywhere, findingsOf, listed, partlyWritten, planOf, rangesOf, read, zoneNames } from "./requests";

interface ExistingVpc extends PlanRequest {
  readonly secondaries: readonly string[];
  readonly taken: readonly string[];
}

const further = fc
  .tuple(fc.integer({ min: 16, max: 28 }), fc.integer({ min: 16, max: 28 }))
  .chain(([one, other]) => fc.shuffledSubarray([`100.64.0.0/${one}`, `172.16.0.0/${other}`]));

/** Requests for VPCs of all sizes, some of whose addresses are taken: in each range, from single addresses to all of it. */
const existing: fc.Arbitrary<ExistingVpc> = fc
  .tuple(partlyWritten, further, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 16, max: 32 }), fc.nat()), { maxLength: 4 }))
  .map(([given, secondaries, entries]) => {
    const ranges = [given.vpc, ...secondaries].map(read);
    const taken = entries.flatMap(([index, wish, part]) => {
      const range = ranges[index % ranges.length];
      if (!range) return [];
      const newBits = Math.max(wish, range.prefix) - range.prefix;
      return formatRange(subRange(range, newBits, part % 2 ** newBits));
    });
    return { ...given, secondaries, taken: [...new Set(taken)] };
  });

/** The same for a VPC that is made with the first range, planned throughout. */
const ofNewVpc = ({ vpc, zones, tiers, zoneSlots = 4 }: PlanRequest): PlanRequest => ({ vpc, zones, tiers, zoneSlots });

const spaceOf = ({ vpc, secondaries, taken }: ExistingVpc) => largestFreeSpace(read(vpc), secondaries.map(read), taken.map(read));

/** Judges each plan that there is, and makes sure that there are many. */
const eachPlan = (judge: (given: ExistingVpc, plan: ReturnType<typeof planOf>) => void): void => {
  let plans = 0;
  fc.assert(
    fc.property(existing, (given) => {
      const result = planAddresses(given);
      if ("findings" in result || listed(result.plan).length === 0) return;
      plans += 1;
      judge(given, result.plan);
    }),
    { numRuns: 300 },
  );
  expect(plans).toBeGreaterThan(40);
};

describe("a plan in a VPC that exists", () => {
  test("has each subnet in a range of the VPC, apart from the others and from what is taken", () => {
    eachPlan(({ vpc, secondaries, taken }, plan) => {
      const ofVpc = [vpc, ...secondaries].map(read);
      rangesOf(plan).forEach((range, index, all) => {
        expect(ofVpc.filter((whole) => contains(whole, range))).toHaveLength(1);
        expect([...taken.map(read), ...all.slice(0, index)].filter((other) => overlaps(other, range))).toEqual([]);
      });
    });
  });

  test("tells for each planned subnet the arguments of cidrsubnet and the range of the VPC that they divide", () => {
    eachPlan((given, plan) => {
      for (const subnet of Object.values(plan.subnets).flatMap((byTier) => Object.values(byTier))) {
        if (subnet.origin === "written") continue;
        expect([given.vpc, ...given.secondaries]).toContain(subnet.within);
        expect(formatRange(subRange(read(subnet.within), subnet.newBits, subnet.number))).toBe(subnet.range);
      }
    });
  });

  test("is that of a VPC which is made with the largest free block as its range", () => {
    fc.assert(
      fc.property(existing, (given) => {
        const block = spaceOf(given)?.range;
        fc.pre(block !== undefined && block.prefix <= 28);
        const here = planAddresses({ ...given, written: {} });
        const made = planAddresses({ ...ofNewVpc(given), vpc: formatRange(block) });
        expect("plan" in here && [listed(here.plan), here.plan.room]).toEqual("plan" in made && [listed(made.plan), made.plan.room]);
      }),
      { numRuns: 400 },
    );
  });

  test("is that of a VPC which is made if nothing is taken and no further range is larger", () => {
    fc.assert(
      fc.property(existing, (given) => {
        const secondaries = given.secondaries.filter((range) => read(range).prefix >= read(given.vpc).prefix);
        const made = planAddresses({ ...ofNewVpc(given), secondaries, written: given.written ?? {} });
        const here = planAddresses({ ...given, secondaries, taken: [] });
        if ("plan" in made) expect(here).toEqual(made);
        else expect(here).toHaveProperty("findings");
      }),
      { numRuns: 400 },
    );
  });

  test("keeps every subnet where it is when a zone is appended or a tier is added, or says that it does not fit", () => {
    let kept = 0;
    eachPlan((given, before) => {
      const zone = planAddresses({
        ...given,
        zones: [...given.zones, "new"],
        tiers: Object.fromEntries(Object.entries(given.tiers).map(([tier, zones]) => [tier, [...zones, "new"]])),
      });
      for (const after of [zone, ...tiers.map((tier) => planAddresses({ ...given, tiers: { ...given.tiers, [tier]: given.zones } }))]) {
        if ("findings" in after) continue;
        kept += 1;
        expect(after.plan.subnets).toMatchObject(before.subnets);
      }
    });
    expect(kept).toBeGreaterThan(100);
  });

  test("is the same each time, in whatever order what is taken and the further ranges are named", () => {
    eachPlan((given, plan) => {
      const turned = { ...given, taken: [...given.taken].reverse(), secondaries: [...given.secondaries].reverse() };
      expect(planOf(turned)).toEqual(plan);
      expect(planOf(given)).toEqual(plan);
    });
  });

  test("has room for what fits into the free block", () => {
    const given: PlanRequest = { vpc: "10.1.0.0/16", taken: ["10.1.0.0/17"], zones: ["a"], tiers: everywhere(["a"], base) };
    expect(planOf(given).room).toEqual({ zones: 3, tiers: ["resolver", "management", "endpoint", "transit"] });
  });

  test("of a company's VPC lies beside its subnets", () => {
    const zones = ["a", "b"];
    const taken = ["10.20.0.0/24", "10.20.1.0/24", "10.20.100.0/22", "10.20.127.255/32"];
    const plan = planOf({ vpc: "10.20.0.0/16", taken, zones, tiers: everywhere(zones, ["public", "connector"]) });
    expect(plan.subnets).toEqual({
      a: {
        public: { origin: "planned", range: "10.20.144.0/23", usable: 507, within: "10.20.0.0/16", newBits: 7, number: 72 },
        connector: { origin: "planned", range: "10.20.146.0/23", usable: 507, within: "10.20.0.0/16", newBits: 7, number: 73 },
      },
      b: {
        public: { origin: "planned", range: "10.20.176.0/23", usable: 507, within: "10.20.0.0/16", newBits: 7, number: 88 },
        connector: { origin: "planned", range: "10.20.178.0/23", usable: 507, within: "10.20.0.0/16", newBits: 7, number: 89 },
      },
    });
  });

  test("lies in a further range that has more free space", () => {
    const request: PlanRequest = { vpc: "10.20.0.0/16", taken: ["10.20.0.0/16"], zones: ["a"], tiers: { connector: ["a"] } };
    expect(planOf({ ...request, secondaries: ["100.64.0.0/20"] }).subnets["a"]?.connector).toEqual({
      origin: "planned",
      range: "100.64.2.64/26",
      usable: 59,
      within: "100.64.0.0/20",
      newBits: 6,
      number: 9,
    });
  });

  test("needs no free space where every range is written", () => {
    const request: PlanRequest = { vpc: "10.20.0.0/24", zones: ["a"], tiers: { connector: ["a"] } };
    const plan = planOf({
      ...request,
      taken: ["10.20.0.0/25", "10.20.0.128/26", "10.20.0.192/27"],
      written: { a: { connector: "10.20.0.224/27" } },
    });
    expect(listed(plan)).toEqual([["a connector", "10.20.0.224/27"]]);
  });
});

describe("findings about a VPC that exists", () => {
  const zones = ["a", "b"];
  const ordinary: PlanRequest = { vpc: "10.1.0.0/16", zones, tiers: everywhere(zones, base) };
  const five = zoneNames(5);
  const takenSize = "a taken range is IPv4, from /16 to /32";

  const cases: readonly (readonly [string, PlanRequest, readonly (readonly [PlanFinding["at"], string, string])[]])[] = [
    [
      "taken ranges that are none",
      { ...ordinary, taken: ["10.1.0.7/24", "10.0.0.0/15", "2001:db8::/64", "10.1.0.0", "10.1.0.7/32"] },
      [
        [["taken", 0], "10.1.0.7/24 has host bits set", "a taken range starts at its network address: 10.1.0.0/24"],
        [["taken", 1], "10.0.0.0/15 is too large", takenSize],
        [["taken", 2], "2001:db8::/64 is IPv6", takenSize],
        [
          ["taken", 3],
          "10.1.0.0 has no prefix length",
          "a taken range ends with its prefix length, as in 10.1.0.0/16; a single address is 10.1.0.0/32",
        ],
      ],
    ],
    [
      "nothing about the plan while a taken range is none",
      { ...ordinary, vpc: "10.1.0.0/26", taken: ["10.1.0.7/30"] },
      [[["taken", 0], "10.1.0.7/30 has host bits set", "a taken range starts at its network address: 10.1.0.4/30"]],
    ],
    [
      "taken ranges outside the VPC or given again; that one holds another is nothing",
      {
        ...ordinary,
        vpc: "10.1.0.0/17",
        secondaries: ["10.2.0.0/24"],
        taken: ["10.1.0.0/20", "10.1.1.0/24", "10.2.0.0/28", "10.2.1.0/24", "10.1.0.0/16", "10.1.1.0/24", "10.1.1.0/24"],
      },
      [
        [
          ["taken", 3],
          "10.2.1.0/24 does not lie in the VPC, which has 10.1.0.0/17, 10.2.0.0/24",
          "leave it out, or give the range of the VPC in which it lies",
        ],
        [
          ["taken", 4],
          "10.1.0.0/16 does not lie in the VPC, which has 10.1.0.0/17, 10.2.0.0/24",
          "leave it out, or give the range of the VPC in which it lies",
        ],
        [["taken", 5], "10.1.1.0/24 is given more than once", "give each taken range once"],
        [["taken", 6], "10.1.1.0/24 is given more than once", "give each taken range once"],
      ],
    ],
    [
      "nothing about where taken ranges lie while a range of the VPC is wrong",
      { ...ordinary, vpc: "10.1.0.7/16", taken: ["10.9.0.0/24"] },
      [[["vpc"], "10.1.0.7/16 has host bits set", "a VPC range starts at its network address: 10.1.0.0/16"]],
    ],
    [
      "written ranges that are taken",
      {
        ...ordinary,
        taken: ["10.1.0.0/20", "10.1.4.0/24", "10.1.9.0/32"],
        written: { a: { public: "10.1.4.0/22", connector: "10.1.16.0/24" } },
      },
      [
        [
          ["written", "a", "public"],
          "10.1.4.0/22 overlaps 10.1.0.0/20 and 10.1.4.0/24, which others use",
          "write a range that is free; the range of a subnet that is made here is not taken",
        ],
      ],
    ],
    [
      "a free block without room, where fewer slots help",
      { ...ordinary, zones: ["a"], tiers: everywhere(["a"], base), vpc: "10.1.0.0/25", taken: ["10.1.0.0/26"] },
      [
        [
          ["taken"],
          "the largest free block of the VPC is 10.1.0.64/26: with space reserved for 4 zones it has no room for public in a and connector in a and workload in a",
          "set zoneSlots to 2, or give the VPC a further range of /25, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "a free block without room for so many zones",
      { ...ordinary, vpc: "10.1.0.0/25", taken: ["10.1.0.0/26"], zones: zoneNames(4), tiers: everywhere(zoneNames(4), base) },
      [
        [
          ["taken"],
          "the largest free block of the VPC is 10.1.0.64/26: with space reserved for 4 zones it has no room for public in a, b, c, d and connector in a, b, c, d and workload in a, b, c, d",
          "give the VPC a further range of /24, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "a VPC in which nothing is free",
      { ...ordinary, vpc: "10.1.0.0/25", taken: ["10.1.0.64/26", "10.1.0.0/26"], tiers: { connector: zones } },
      [
        [
          ["taken"],
          "no address of the VPC is free: with space reserved for 4 zones it has no room for connector in a, b",
          "give the VPC a further range of /25, before the first deployment",
        ],
      ],
    ],
    [
      "free space that is narrower than a subnet",
      { ...ordinary, vpc: "10.1.0.0/28", taken: ["10.1.0.0/29", "10.1.0.8/30"], zones: ["a"], tiers: { workload: ["a"] }, zoneSlots: 1 },
      [
        [
          ["taken"],
          "the largest free block of the VPC is 10.1.0.12/30: with space reserved for 1 zones it has no room for workload in a",
          "give the VPC a further range of /27, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "planned subnets that are too small",
      { ...ordinary, vpc: "10.1.0.0/21", taken: ["10.1.0.0/22"], addresses: { connector: 12, workload: 123 } },
      [
        [
          ["taken"],
          "the largest free block of the VPC is 10.1.4.0/22: 10.1.4.144/28 (connector of zone a) has 11 usable addresses, and 12 are needed",
          "set zoneSlots to 2, or give the VPC a further range of /21, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "planned subnets for which only the largest range of a VPC is enough",
      { ...ordinary, vpc: "10.1.0.0/20", taken: [], tiers: { workload: ["a"] }, addresses: { workload: 8000 } },
      [
        [
          ["taken"],
          "the largest free block of the VPC is 10.1.0.0/20: 10.1.0.0/23 (workload of zone a) has 507 usable addresses, and 8000 are needed",
          "give the VPC a further range of /16, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "zones without a slot, for which the free block has space",
      { ...ordinary, taken: ["10.1.0.0/24"], zones: five, tiers: everywhere(five, base) },
      [
        [
          ["zones", "e"],
          "zone e is number 5, and space is reserved for 4 (zoneSlots)",
          "set zoneSlots to 8, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "zones without a slot, for which the free block has no space",
      { ...ordinary, vpc: "10.1.0.0/23", taken: ["10.1.0.0/24"], zones: five, tiers: everywhere(five, [...base, "resolver"]) },
      [
        [
          ["zones", "e"],
          "zone e is number 5, and space is reserved for 4 (zoneSlots)",
          "set zoneSlots to 8 and give the VPC a further range of /23, before the first deployment; or write ranges by hand",
        ],
        [
          ["taken"],
          "the largest free block of the VPC is 10.1.1.0/24: with space reserved for 4 zones it has no room for resolver in a, b, c, d",
          "set zoneSlots to 8 and give the VPC a further range of /23, before the first deployment; or write ranges by hand",
        ],
      ],
    ],
    [
      "zones without a slot, where a written range is in the way of more slots",
      { ...ordinary, taken: [], zones: five, tiers: { workload: five }, written: { a: { workload: "10.1.32.0/20" } } },
      [[["zones", "e"], "zone e is number 5, and space is reserved for 4 (zoneSlots)", "write ranges by hand"]],
    ],
    [
      "more zones than there can be slots",
      { ...ordinary, taken: [], zones: zoneNames(17), tiers: { workload: zoneNames(17) }, zoneSlots: 16 },
      [[["zones", "q"], "zone q is number 17, and space is reserved for 16 (zoneSlots)", "write ranges by hand"]],
    ],
  ];

  test.each(cases)("name %s", (_, given, expected) => {
    expect(findingsOf(given)).toEqual(expected.map(([at, problem, fix]) => ({ at, problem, fix })));
  });

  test("propose zone slots and further ranges with which the request fits, and no smaller range does; never another range of the VPC", () => {
    const wish = fc.dictionary(fc.constantFrom(...tiers), fc.nat(600));
    const proposed = { slots: 0, ranges: 0 };
    fc.assert(
      fc.property(existing, wish, (given, addresses) => {
        const asked = { ...given, addresses };
        const findings = findingsOf(asked);
        expect(findings.filter(({ at }) => ["vpc", "tiers"].includes(String(at[0])))).toEqual([]);
        const [lack] = findings.filter(({ at }) => at[0] === "taken" || at[0] === "zones");
        if (!lack || findings.some(({ at }) => at[0] === "written")) return;
        expect(lack.fix).not.toContain("the VPC range to");
        for (const proposal of lack.fix.replace(/, before.*$/, "").split(", or ")) {
          if (proposal === "write ranges by hand") continue;
          const slots = /^set zoneSlots to (\d+)/.exec(proposal)?.[1];
          const prefix = /give the VPC a further range of \/(\d+)$/.exec(proposal)?.[1];
          const changed = { ...asked, ...(slots === undefined ? {} : { zoneSlots: Number(slots) }) };
          const withFurther = (size: number) => planAddresses({ ...changed, secondaries: [...given.secondaries, `192.168.0.0/${size}`] });
          proposed[prefix === undefined ? "slots" : "ranges"] += 1;
          if (prefix === undefined) expect(planAddresses(changed)).toHaveProperty("plan");
          else expect(withFurther(Number(prefix))).toHaveProperty("plan");
          for (let narrower = Number(prefix) + 1; narrower <= 28; narrower += 1) expect(withFurther(narrower)).toHaveProperty("findings");
        }
      }),
      { numRuns: 500 },
    );
    expect(Math.min(proposed.slots, proposed.ranges)).toBeGreaterThan(20);
  });
});
