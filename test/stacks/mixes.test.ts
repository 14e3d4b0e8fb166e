import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { contains, overlaps, parseRange, type AddressRange } from "../../modules/addressing";
import { references } from "./graph";
import {
  type AcceptedMix,
  type Axis,
  axes,
  axisNames,
  connectorZones,
  coverPairs,
  describeMix,
  existing,
  generateMixes,
  hasConnectors,
  hasFailover,
  hasZpa,
  judgeMix,
  madeGateways,
  madeSubnets,
  type Mix,
  mixedTiers,
  type MixedTier,
  pairOf,
  pairsOf,
  synthesizeMix,
  taken,
  vpcRange,
  type Zone,
  zones,
} from "./mixes";
import { asText, type Block, SynthesizedStack, type Value } from "./synthesize";

const { accepted, refused } = generateMixes();

type Variants = { readonly [Name in Axis]?: readonly Mix[Name][] };

/** Why variants of one axis never go with variants of others, and where the schema says so. */
interface Exclusion {
  readonly why: string;
  readonly one: Variants;
  readonly others: Variants;
  readonly places: readonly string[];
}

const every = (...names: readonly Axis[]): Variants => Object.fromEntries(names.map((name) => [name, axes[name]]));
const notFirst = (...names: readonly Axis[]): Variants => Object.fromEntries(names.map((name) => [name, axes[name].slice(1)]));
const inEachZone = (before: string, after: string): readonly string[] => zones.map((zone) => `${before}.${zone}.${after}`);

const exclusions: readonly Exclusion[] = [
  {
    why: "a VPC that is made has an internet gateway of its own",
    one: { vpc: ["made"] },
    others: every("internetGateway"),
    places: ["network.create.internetGateway"],
  },
  {
    why: "nothing of a VPC that is made exists",
    one: { vpc: ["made"] },
    others: {
      nat: ["existing"],
      ...notFirst("public", "connector", "resolver", "workloadTables", "resolverTables"),
      management: ["existing", "existingInA"],
      workload: ["existing", "existingInA", "existingInANoneInB"],
      securityGroups: ["existing"],
      resolverSecurityGroup: ["existing"],
    },
    places: [
      "nat.existing",
      "subnets.existing",
      "steering.routeTables",
      "connectors.securityGroups.existing",
      "zpa.endpoint.create.securityGroup.existing",
    ],
  },
  {
    why: "public subnets that are made lead to an internet gateway",
    one: { internetGateway: ["absent"] },
    others: { public: ["made"] },
    places: ["network.existing"],
  },
  {
    why: "public subnets are for NAT gateways that are made",
    one: { nat: ["existing", "none"] },
    others: every("public"),
    places: inEachZone("subnets.existing", "public"),
  },
  {
    why: "the one NAT gateway leaves zone b without a public subnet",
    one: { nat: ["single"] },
    others: { public: ["existing"] },
    places: ["subnets.existing.b.public"],
  },
  {
    why: "without connectors zone b has neither their subnets nor a NAT gateway for them",
    one: { connectorZones: ["a"] },
    others: { public: ["existing"], connector: ["existing"], management: ["existing"] },
    places: ["public", "connector", "management"].map((tier) => `subnets.existing.b.${tier}`),
  },
  {
    why: "the failover function moves routes of tables that are made, and reaches AWS by others",
    one: { template: ["ha", "zpa-ha"] },
    others: notFirst("leftRouteTables"),
    places: ["subnets.leaveRouteTables.0"],
  },
  {
    why: "the network template has no connectors",
    one: { template: ["network"] },
    others: every("connector", "management", "connectorZones", "securityGroups", "instanceProfile", "workloadTables"),
    places: ["connectors", "steering", ...inEachZone("subnets.existing", "connector"), ...inEachZone("subnets.existing", "management")],
  },
  {
    why: "the template has no ZPA",
    one: { template: ["base", "ha", "network"] },
    others: every("resolverEndpoint", "resolverRules", "resolver", "resolverSecurityGroup", "resolverTables"),
    places: ["zpa", "steering", ...inEachZone("subnets.existing", "resolver"), ...inEachZone("steering.routeTables", "dns.tier")],
  },
  {
    why: "a resolver endpoint that exists has subnets and a security group of its own",
    one: { resolverEndpoint: ["existing"] },
    others: every("resolver", "resolverSecurityGroup"),
    places: ["zpa.endpoint", ...inEachZone("subnets.existing", "resolver")],
  },
];

const choicesOf = (variants: Variants): readonly (readonly [Axis, string])[] =>
  (Object.entries(variants) as [Axis, readonly string[]][]).flatMap(([axis, values]) => values.map((value) => [axis, value] as const));

const excludedPairs = exclusions.flatMap(({ one, others, ...reason }) =>
  choicesOf(one).flatMap(([axis, variant]) =>
    choicesOf(others).map(([other, otherVariant]) => ({
      ...reason,
      pair: pairOf(axis, variant, other, otherVariant),
      sides: [
        { has: axis, variant, gets: other, value: otherVariant },
        { has: other, variant: otherVariant, gets: axis, value: variant },
      ],
    })),
  ),
);

const allPairs = axisNames.flatMap((one, index) =>
  axisNames
    .slice(index + 1)
    .flatMap((other) => axes[one].flatMap((variant) => axes[other].map((otherVariant) => pairOf(one, variant, other, otherVariant)))),
);

describe("the mixes", () => {
  test("are all that the schema takes of the product of what decides the network, none twice", () => {
    expect({
      withConnectors: accepted.filter(({ mix }) => hasConnectors(mix)).length,
      network: accepted.filter(({ mix }) => !hasConnectors(mix)).length,
    }).toEqual({ withConnectors: 193, network: 98 });
    expect(new Set(accepted.map(({ deployment }) => JSON.stringify(deployment))).size).toBe(accepted.length);
  });

  test("have each pair of variants, but those that exclude each other for a reason", () => {
    const there = new Set(accepted.flatMap(({ mix }) => pairsOf(mix)));
    expect(allPairs.filter((pair) => !there.has(pair)).sort()).toEqual([...new Set(excludedPairs.map(({ pair }) => pair))].sort());
  });

  /** An accepted mix of each pair's one side in twenty, given the other side too. */
  const tried = excludedPairs.map(({ sides, ...excluded }) => ({
    ...excluded,
    judged: sides.flatMap(({ has, variant, gets, value }) =>
      accepted
        .filter(({ mix }) => mix[has] === variant)
        .filter((_, index) => index % 20 === 0)
        .map(({ mix }) => judgeMix({ ...mix, [gets]: value })),
    ),
  }));

  test("lack no pair that the schema would take", () => {
    const taken = tried.flatMap(({ pair, judged }) => judged.filter((one) => !("places" in one) && pairsOf(one.mix).includes(pair)));
    expect(taken.map(({ mix }) => describeMix(mix))).toEqual([]);
  });

  test.each(exclusions)("lack pairs because $why, which the schema says where it is so", ({ why, places }) => {
    const said = tried
      .filter((one) => one.why === why)
      .flatMap(({ judged }) => judged.flatMap((one) => ("places" in one ? one.places : [])));
    expect(said).toEqual(expect.arrayContaining([...places]));
  });
});

/** Where the schema may find fault with a mix: with what its axes say, and with nothing else. */
const placesOfAxes = new Set([
  ...exclusions.flatMap(({ places }) => places),
  // Failover without a route to move, and without a way to AWS from a connector subnet that is made.
  "steering",
  "nat.none",
]);
const strayPlaces = (places: readonly string[]): readonly string[] => places.filter((place) => !placesOfAxes.has(place));

test("whatever is refused is refused for what an axis says", () => {
  expect(refused.length).toBeGreaterThan(1000);
  expect(refused.filter(({ places }) => places.length === 0)).toEqual([]);
  expect(refused.flatMap(({ mix, places }) => strayPlaces(places).map((place) => `${describeMix(mix)}: ${place}`))).toEqual([]);
});

const entries = (stack: SynthesizedStack, type: string) => Object.entries(stack.ofType(type));

/** What of a list lacks in another, and what is too much, in words. */
const differences = (what: string, actual: readonly string[], expected: readonly string[]): readonly string[] => [
  ...expected.filter((one) => !actual.includes(one)).map((one) => `${what} lacks ${one}`),
  ...actual.filter((one) => !expected.includes(one)).map((one) => `${what} has ${one}`),
];

const subnetAddress = (tier: MixedTier, zone: Zone): string => `aws_subnet.network_${zone}_${tier}`;

/** How a subnet's id is written, whether it is made or exists. */
const subnetId = (mix: Mix, tier: MixedTier, zone: Zone): string =>
  madeSubnets(mix)[tier].includes(zone) ? `\${${subnetAddress(tier, zone)}.id}` : existing.subnet(tier, zone);

const isLeft = ({ leftRouteTables }: Mix, tier: MixedTier): boolean => leftRouteTables === tier;
const makesPublicTable = (mix: Mix): boolean => mix.vpc === "made" || madeSubnets(mix).public.length > 0;
const makesEndpoint = (mix: Mix): boolean => hasZpa(mix) && mix.resolverEndpoint === "made";

const natGatewayOf = ({ nat }: Mix, zone: Zone): string | undefined =>
  ({
    perZone: `\${aws_nat_gateway.network_${zone}_nat.id}`,
    single: "${aws_nat_gateway.network_a_nat.id}",
    existing: existing.natGateways[zone],
    none: undefined,
  })[nat];

/** Everything that can be made or exist, by type: the addresses that a mix has to have. */
const ownedElements = (mix: Mix): Readonly<Record<string, readonly string[]>> => {
  const made = madeSubnets(mix);
  const subnets = mixedTiers.flatMap((tier) => made[tier].map((zone) => ({ tier, zone, id: `network_${zone}_${tier}` })));
  const routed = subnets.filter(({ tier }) => !isLeft(mix, tier));
  const gateways = madeGateways(mix).map((zone) => `network_${zone}_nat`);
  const connectorsMade = (name: "securityGroups" | "instanceProfile") => hasConnectors(mix) && mix[name] === "made";
  return {
    aws_vpc: mix.vpc === "made" ? ["network"] : [],
    aws_default_security_group: mix.vpc === "made" ? ["network"] : [],
    aws_default_route_table: [],
    aws_internet_gateway: mix.vpc === "made" || mix.internetGateway === "create" ? ["network"] : [],
    aws_nat_gateway: gateways,
    aws_eip: gateways,
    aws_subnet: subnets.map(({ id }) => id),
    aws_route_table: [
      ...routed.filter(({ tier }) => tier !== "public").map(({ id }) => id),
      ...(makesPublicTable(mix) ? ["network_public"] : []),
    ],
    aws_route_table_association: routed.map(({ id }) => id),
    aws_security_group: [
      ...(connectorsMade("securityGroups") ? ["connectors_service", "connectors_management"] : []),
      ...(makesEndpoint(mix) && mix.resolverSecurityGroup === "tracked" ? ["zpa_dns_resolver"] : []),
      ...(hasFunction(mix) ? ["failover_guard"] : []),
    ],
    aws_iam_instance_profile: connectorsMade("instanceProfile") ? ["connectors_role"] : [],
    aws_lambda_function: hasFunction(mix) ? ["failover"] : [],
    aws_route53_resolver_endpoint: makesEndpoint(mix) ? ["zpa_dns"] : [],
  };
};

/** The attribute by which a resource changes what is named there. */
const changing: Readonly<Record<string, string>> = {
  aws_ec2_tag: "resource_id",
  aws_main_route_table_association: "vpc_id",
  aws_route: "route_table_id",
  aws_route_table_association: "subnet_id",
  aws_vpc_ipv4_cidr_block_association: "vpc_id",
  aws_vpc_security_group_egress_rule: "security_group_id",
  aws_vpc_security_group_ingress_rule: "security_group_id",
};

const defaultRoutes = (stack: SynthesizedStack, table: string) =>
  entries(stack, "aws_route").filter(
    ([, { route_table_id, destination_cidr_block }]) => route_table_id === table && destination_cidr_block === "0.0.0.0/0",
  );

const targets = ["gateway_id", "nat_gateway_id", "network_interface_id"] as const;

/** Where the default routes of a table lead, each with its address. */
const leadingTo = (stack: SynthesizedStack, table: string): readonly string[] =>
  defaultRoutes(stack, table).map(([address, route]) => `${address} to ${targets.map((target) => asText(route[target])).join("")}`);

const blocksOf = (stack: SynthesizedStack, type: "import" | "removed"): readonly Block[] =>
  (stack.file as { readonly [Type in typeof type]?: readonly Block[] })[type] ?? [];

const steeredZones = (mix: Mix, tier: "workload" | "resolver"): readonly Zone[] => (isLeft(mix, tier) ? [] : madeSubnets(mix)[tier]);

/** The route tables that exist and are named, with what becomes of their default route. */
const namedTables = ({ workloadTables, resolverTables }: Mix) =>
  (
    [
      ["workload", "app", workloadTables],
      ["resolver", "dns", resolverTables],
    ] as const
  ).flatMap(([tier, name, defaultRoute]) =>
    defaultRoute === "none"
      ? []
      : zones.map((zone) => ({ id: existing.routeTables[tier][zone], address: `aws_route.steering_${zone}_${name}`, zone, defaultRoute })),
  );

/** Whether there is a failover function: not where all routes are given back. */
const hasFunction = (mix: Mix): boolean =>
  hasFailover(mix) &&
  (steeredZones(mix, "workload").length > 0 ||
    steeredZones(mix, "resolver").length > 0 ||
    namedTables(mix).some(({ defaultRoute }) => defaultRoute === "create" || defaultRoute === "takeOver"));

/** The connector of a zone: where zone b has none, the second of zone a. */
const interfaceOf = (mix: Mix, zone: Zone): string => {
  const connector = connectorZones(mix).includes(zone) ? `${zone}_1` : "a_2";
  return `\${aws_network_interface.connectors_${connector}_service.id}`;
};

/** The ids of all that exists and that a mix looks at. */
const namedIds = (mix: Mix): readonly string[] => {
  const made = madeSubnets(mix);
  const tiers = mixedTiers.filter((tier) => mix[tier].startsWith("existing"));
  const when = (holds: boolean, ...ids: readonly string[]): readonly string[] => (holds ? ids : []);
  return [
    ...when(mix.vpc === "existing", existing.vpc),
    ...when(mix.internetGateway === "existing", existing.internetGateway),
    ...when(mix.nat === "existing", ...Object.values(existing.natGateways)),
    ...tiers.flatMap((tier) =>
      zones
        .filter((zone) => !made[tier].includes(zone) && (mix[tier] === "existing" || zone === "a"))
        .map((zone) => existing.subnet(tier, zone)),
    ),
    ...namedTables(mix).flatMap(({ id, defaultRoute }) => when(defaultRoute !== "forget", id)),
    ...when(mix.securityGroups === "existing", ...Object.values(existing.securityGroups)),
    ...when(mix.instanceProfile === "existing", existing.instanceProfile),
    ...when(mix.resolverEndpoint === "existing", existing.resolverEndpoint),
    ...when(mix.resolverSecurityGroup === "existing", existing.resolverSecurityGroup),
  ];
};

const zoneOf = (address: string): string | undefined => /\.(?:network|connectors|steering(?:_former)?)_([ab])(?:_|$)/.exec(address)?.[1];

const texts = (value: Value | undefined): readonly string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
};

const rangeOf = (text: string): AddressRange => {
  const parsed = parseRange(text);
  if ("finding" in parsed) throw new Error(parsed.finding.problem);
  return parsed.range;
};

/** What must hold in every mix: each gives what is wrong with one. */
const promises: Readonly<Record<string, (mix: Mix, stack: SynthesizedStack) => readonly string[]>> = {
  "makes what is to be made, and nothing that exists": (mix, stack) =>
    Object.entries(ownedElements(mix)).flatMap(([type, ids]) =>
      differences(
        "it",
        Object.keys(stack.ofType(type)),
        ids.map((id) => `${type}.${id}`),
      ),
    ),

  "changes nothing that exists but the route tables that are named": (mix, stack) => {
    const tables: readonly string[] = namedTables(mix).map(({ id }) => id);
    return Object.entries(changing).flatMap(([type, attribute]) =>
      entries(stack, type)
        .map(([address, block]) => ({ address, changed: asText(block[attribute]) }))
        .filter(({ changed }) => !changed.startsWith("${") && !tables.includes(changed))
        .map(({ address, changed }) => `${address} changes ${changed}`),
    );
  },

  "leads each connector and management subnet that is made to the NAT gateway of its zone": (mix, stack) =>
    (["connector", "management"] as const).flatMap((tier) =>
      madeSubnets(mix)[tier].flatMap((zone) => {
        const gateway = isLeft(mix, tier) ? undefined : natGatewayOf(mix, zone);
        return differences(
          `the ${tier} table of zone ${zone}`,
          leadingTo(stack, `\${aws_route_table.network_${zone}_${tier}.id}`),
          gateway === undefined ? [] : [`aws_route.network_${zone}_${tier}_default to ${gateway}`],
        );
      }),
    ),

  "leads public subnets that are made to the internet gateway": (mix, stack) =>
    differences(
      "the public table",
      leadingTo(stack, "${aws_route_table.network_public.id}"),
      makesPublicTable(mix)
        ? [
            `aws_route.network_public_default to ${mix.internetGateway === "existing" ? existing.internetGateway : "${aws_internet_gateway.network.id}"}`,
          ]
        : [],
    ),

  "steers each workload and resolver table that is made by one default route": (mix, stack) =>
    (["workload", "resolver"] as const).flatMap((tier) =>
      steeredZones(mix, tier).flatMap((zone) => {
        const target = hasConnectors(mix) ? interfaceOf(mix, zone) : natGatewayOf(mix, zone);
        return differences(
          `the ${tier} table of zone ${zone}`,
          leadingTo(stack, `\${aws_route_table.network_${zone}_${tier}.id}`),
          target === undefined ? [] : [`aws_route.steering_${zone}_${tier} to ${target}`],
        );
      }),
    ),

  "does with the default route of each table that exists what is said": (mix, stack) => {
    const tables = namedTables(mix);
    return [
      ...tables.flatMap(({ id, address, zone, defaultRoute }) => {
        const led = leadingTo(stack, id);
        if (defaultRoute === "forget") return differences(id, led, []);
        if (defaultRoute !== "restore") return differences(id, led, [`${address} to ${interfaceOf(mix, zone)}`]);
        return led.length === 1 && led[0]?.includes("terraform_data.steering_former_") ? [] : [`${id} is not given back: ${led.join(" ")}`];
      }),
      ...differences(
        "imports",
        blocksOf(stack, "import").map(({ to }) => asText(to)),
        tables.filter(({ defaultRoute }) => defaultRoute === "takeOver" || defaultRoute === "restore").map(({ address }) => address),
      ),
      ...differences(
        "removed",
        blocksOf(stack, "removed").map(({ from, lifecycle }) => `${asText(from)} ${JSON.stringify(lifecycle)}`),
        tables.filter(({ defaultRoute }) => defaultRoute === "forget").map(({ address }) => `${address} [{"destroy":false}]`),
      ),
    ];
  },

  "gives no route table two default routes": (_, stack) => {
    const tables = entries(stack, "aws_route").map(([, { route_table_id }]) => asText(route_table_id));
    return [...new Set(tables)]
      .filter((table) => defaultRoutes(stack, table).length > 1)
      .map((table) => `${table} has ${leadingTo(stack, table).join(" and ")}`);
  },

  "puts everything into the subnet of its tier and zone": (mix, stack) => {
    const inSubnet = (type: string, pattern: RegExp, tier: MixedTier) =>
      entries(stack, type)
        .filter(([address]) => pattern.test(address))
        .flatMap(([address, { subnet_id }]) =>
          differences(address, [asText(subnet_id)], [subnetId(mix, tier, (zoneOf(address) ?? "a") as Zone)]),
        );
    const endpoint = stack.elements["aws_route53_resolver_endpoint.zpa_dns"];
    const failover = stack.elements["aws_lambda_function.failover"];
    return [
      ...inSubnet("aws_nat_gateway", /./, "public"),
      ...inSubnet("aws_network_interface", /_service$/, "connector"),
      ...inSubnet("aws_network_interface", /_management$/, mix.management === "shared" ? "connector" : "management"),
      ...(endpoint
        ? differences(
            "the resolver endpoint",
            texts(endpoint["ip_address"]),
            zones.map((zone) => subnetId(mix, "resolver", zone)),
          )
        : []),
      ...(failover
        ? differences(
            "the failover function",
            texts((failover["vpc_config"] as Block)["subnet_ids"]),
            connectorZones(mix).map((zone) => subnetId(mix, "connector", zone)),
          )
        : []),
    ];
  },

  "refers to no subnet of another zone than its own": (_, stack) =>
    Object.entries(stack.elements).flatMap(([address, block]) => {
      const zone = zoneOf(address);
      if (zone === undefined) return [];
      const subnets = [
        ...references(block).filter((to) => /^(data\.)?aws_subnet\./.test(to) && zoneOf(to) !== zone),
        ...texts(block).filter((text) => text.startsWith("subnet-") && !text.endsWith(zone)),
      ];
      return subnets.map((subnet) => `${address} refers to ${subnet}`);
    }),

  "plans subnets in the VPC, apart from each other and from what others use": (mix, stack) => {
    const ranges = entries(stack, "aws_subnet").map(([address, { cidr_block }]) => ({ address, range: rangeOf(asText(cidr_block)) }));
    const used = mix.vpc === "existing" ? taken.map((range) => ({ address: range, range: rangeOf(range) })) : [];
    return ranges.flatMap(({ address, range }, index) => [
      ...(contains(rangeOf(vpcRange), range) ? [] : [`${address} is outside the VPC`]),
      ...[...ranges.slice(index + 1), ...used]
        .filter((other) => overlaps(range, other.range))
        .map((other) => `${address} overlaps ${other.address}`),
    ]);
  },

  "looks up all that exists, each for a check or for what it knows": (mix, stack) => {
    const lookups = Object.entries(stack.elements).filter(([address]) => address.startsWith("data."));
    const lookedUp = lookups.flatMap(([, block]) => texts(block));
    const used = new Set(
      [...Object.entries(stack.elements), ["", stack.file.output ?? {}] as const].flatMap(([from, block]) =>
        references(block).filter((to) => to !== from),
      ),
    );
    return [
      ...namedIds(mix)
        .filter((id) => !lookedUp.includes(id))
        .map((id) => `${id} is not looked up`),
      ...lookups
        .filter(([address, { lifecycle }]) => !used.has(address) && !JSON.stringify(lifecycle ?? {}).includes("postcondition"))
        .map(([address]) => `${address} is for nothing`),
    ];
  },
};

const synthesized = (accepted: AcceptedMix, outdir: string): SynthesizedStack => {
  const folder = synthesizeMix(accepted, "mix", outdir);
  return new SynthesizedStack(readFileSync(join(folder, "cdk.tf.json"), "utf8"), folder);
};

/** What is wrong with a mix: by promise, or that it is not synthesized at all. */
function faultsOf(accepted: AcceptedMix, outdir: string): Readonly<Record<string, readonly string[]>> {
  try {
    const stack = synthesized(accepted, outdir);
    const named = (what: string): string => `${describeMix(accepted.mix)}: ${what}`;
    return Object.fromEntries(Object.entries(promises).map(([promise, judge]) => [promise, judge(accepted.mix, stack).map(named)]));
  } catch (error) {
    return { "is synthesized": [(error as Error).message] };
  }
}

describe("each pair of variants, in as few mixes as have them all,", () => {
  const outdir = mkdtempSync(join(tmpdir(), "mixes-"));
  afterAll(() => {
    rmSync(outdir, { recursive: true });
  });
  // Only what is wrong is kept of hundreds of stacks.
  const found = coverPairs(accepted).map((one) => faultsOf(one, outdir));

  test.each(["is synthesized", ...Object.keys(promises)])("%s", (promise) => {
    expect(found.flatMap((faults) => faults[promise] ?? [])).toEqual([]);
  });

  test("and any other that the schema takes, keeps all of this", () => {
    const change = fc
      .constantFrom(...axisNames)
      .chain((axis) => fc.constantFrom<string>(...axes[axis]).map((variant) => ({ [axis]: variant })));
    let others = 0;
    fc.assert(
      fc.property(fc.constantFrom(...accepted), fc.array(change, { minLength: 2, maxLength: 5 }), ({ mix }, changes) => {
        const judged = judgeMix(Object.assign({}, mix, ...changes) as Mix);
        if ("deployment" in judged) others += 1;
        expect("places" in judged ? strayPlaces(judged.places) : Object.values(faultsOf(judged, outdir)).flat()).toEqual([]);
      }),
      { numRuns: 20 },
    );
    expect(others).toBeGreaterThan(0);
  });
});
