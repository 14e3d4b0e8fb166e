import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateManagedPrefixListCommand,
  CreateNatGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeImagesCommand,
  DescribeRouteTablesCommand,
  EC2Client,
  ReplaceRouteCommand,
  RunInstancesCommand,
  type Route,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientConfiguration } from "../../emulator";
import { environmentNames, type FailoverDocument, type RouteEntry } from "../../modules/route-failover/function/document";

export interface PlannedRoute extends Pick<RouteEntry, "home" | "tier"> {
  /** Name of its table. */
  readonly table: string;
  /** A range, or `prefix list` for one that is made. */
  readonly destination: string;
  /** Whether the NAT gateway of its home's zone takes its traffic in a bypass. */
  readonly bypass?: boolean;
  /** What it leads to at first, if not to its home: the internet gateway, or the NAT gateway of its home's zone. */
  readonly before?: "internet gateway" | "NAT gateway";
  /** Whether the function is told that. */
  readonly takenOver?: boolean;
}

export interface WorldPlan {
  /** Connectors by zone. Default: one in a, one in b. */
  readonly connectors?: Readonly<Record<string, number>>;
  /** Default: each zone's workloads and resolver. */
  readonly routes?: readonly PlannedRoute[];
  readonly settings?: Partial<Omit<FailoverDocument, "connectors" | "routes">>;
}

/** A VPC with connectors and routes. Routes and targets have names: `workload-a 0.0.0.0/0` leads to `a-1`. */
export interface World {
  readonly region: string;
  readonly ec2: EC2Client;
  readonly document: FailoverDocument;
  /** Ids of route tables by name. */
  readonly tables: Readonly<Record<string, string>>;
  /** Names of a connector's routes that are the function's. */
  homedAt(connector: string): readonly string[];
  /** Makes an interface in the connector subnet of a zone. */
  addInterface(zone: string, address?: string): Promise<string>;
  routeName(table: string, destination: string): string;
  targetName(id: string): string;
  /** All routes of the VPC but the local ones, and what they lead to. */
  routes(): Promise<Readonly<Record<string, string>>>;
  history(): Promise<unknown>;
  /** What the function's environment has of the document. */
  documentWhole(): NodeJS.ProcessEnv;
  /** The same with the document in parts. */
  documentInParts(): Promise<NodeJS.ProcessEnv>;
  destroy(): void;
}

const region = "us-west-2";
const pinned = "203.0.113.0/24";
const unlisted = "198.51.100.0/24";

const zoneRoutes = (zone: string): readonly PlannedRoute[] => [
  { table: `workload-${zone}`, destination: "0.0.0.0/0", home: `${zone}-1`, tier: "workload", bypass: true },
  { table: `workload-${zone}`, destination: pinned, home: `${zone}-1`, tier: "workload" },
  { table: `resolver-${zone}`, destination: "0.0.0.0/0", home: `${zone}-1`, tier: "resolver" },
];

const destinationOf = ({ DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }: Route): string =>
  DestinationCidrBlock ?? DestinationIpv6CidrBlock ?? DestinationPrefixListId ?? "";

/** The parameter by which EC2 takes a route's destination. */
export const destinationParameter = (destination: string) => {
  if (destination.startsWith("pl-")) return { DestinationPrefixListId: destination };
  return destination.includes(":") ? { DestinationIpv6CidrBlock: destination } : { DestinationCidrBlock: destination };
};

/** The parameter by which EC2 takes a route's target. */
export const targetParameter = (target: string) => {
  if (target.startsWith("eni-")) return { NetworkInterfaceId: target };
  return target.startsWith("nat-") ? { NatGatewayId: target } : { GatewayId: target };
};

/** What an answer must have. */
function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the emulator left out an id");
  return value;
}

const inTens = <Item>(items: readonly Item[]): readonly Item[][] =>
  Array.from({ length: Math.ceil(items.length / 10) }, (_, ten) => items.slice(10 * ten, 10 * ten + 10));

const byKey = async <Value>(keys: readonly string[], make: (key: string) => Promise<Value>): Promise<Record<string, Value>> =>
  Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await make(key)] as const)));

/**
 * Makes a VPC of the addresses 127.<octet>.0.0/16 at the emulator: all of them are this machine's, so that the function probes servers of
 * the test. Each connector has its service interface at device index 0 and a management interface at 1, as the real ones have.
 */
export async function buildWorld(endpoint: string, octet: number, port: number, plan: WorldPlan = {}): Promise<World> {
  const { connectors: perZone = { a: 1, b: 1 }, settings = {} } = plan;
  const zones = Object.keys(perZone);
  const { routes: plannedRoutes = zones.flatMap(zoneRoutes) } = plan;
  const configuration = clientConfiguration({ endpoint, region });
  const ec2 = new EC2Client(configuration);
  const ssm = new SSMClient(configuration);
  const parameters = `/matrix/${octet}`;

  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: `127.${octet}.0.0/16` }));
  const VpcId = given(Vpc?.VpcId);
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ["aws-marketplace"] }));
  const ImageId = given(Images[0]?.ImageId);

  const subnets = await byKey(zones, async (zone) => {
    const CidrBlock = `127.${octet}.${zones.indexOf(zone)}.0/24`;
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: `${region}${zone}` }));
    return given(Subnet?.SubnetId);
  });
  const addInterface = async (zone: string, PrivateIpAddress?: string): Promise<string> => {
    const command = new CreateNetworkInterfaceCommand({ SubnetId: subnets[zone], PrivateIpAddress });
    return given((await ec2.send(command)).NetworkInterface?.NetworkInterfaceId);
  };
  const keys = zones.flatMap((zone) => Array.from({ length: perZone[zone] ?? 0 }, (_, index) => `${zone}-${index + 1}`));
  const connectors = await byKey(keys, async (key) => {
    const [zone = "", number] = key.split("-");
    const address = `127.${octet}.${zones.indexOf(zone)}.${100 + Number(number)}`;
    const service = await addInterface(zone, address);
    const management = await addInterface(zone);
    const NetworkInterfaces = [service, management].map((NetworkInterfaceId, DeviceIndex) => ({ NetworkInterfaceId, DeviceIndex }));
    const { Instances = [] } = await ec2.send(new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1, NetworkInterfaces }));
    return { zone, instance: given(Instances[0]?.InstanceId), interface: service, address };
  });
  const natGateways = await byKey(zones, async (zone) => {
    const { NatGateway } = await ec2.send(new CreateNatGatewayCommand({ SubnetId: subnets[zone], ConnectivityType: "private" }));
    return given(NatGateway?.NatGatewayId);
  });
  const makeInternetGateway = async (): Promise<string> => {
    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
    const InternetGatewayId = given(InternetGateway?.InternetGatewayId);
    await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
    return InternetGatewayId;
  };
  const internetGateways = await byKey(
    plannedRoutes.some(({ before }) => before === "internet gateway") ? ["internet gateway"] : [],
    makeInternetGateway,
  );
  const prefixLists = await byKey(
    plannedRoutes.some(({ destination }) => destination === "prefix list") ? ["prefix list"] : [],
    async (name) => {
      const command = new CreateManagedPrefixListCommand({ PrefixListName: name, AddressFamily: "IPv4", MaxEntries: 1 });
      return given((await ec2.send(command)).PrefixList?.PrefixListId);
    },
  );

  const tables = await byKey([...new Set([...plannedRoutes.map(({ table }) => table), "unlisted"])], async () =>
    given((await ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId),
  );
  const firstTargetOf = ({ before, home }: Pick<PlannedRoute, "before" | "home">): string => {
    if (before === "internet gateway") return given(internetGateways[before]);
    return given(before === "NAT gateway" ? natGateways[connectors[home]?.zone ?? ""] : connectors[home]?.interface);
  };
  const entries = plannedRoutes.map((planned): RouteEntry => {
    const { table, destination, home, tier, bypass = false, takenOver = false } = planned;
    return {
      table: given(tables[table]),
      destination: prefixLists[destination] ?? destination,
      home,
      tier,
      ...(bypass ? { natGateway: given(natGateways[connectors[home]?.zone ?? ""]) } : {}),
      ...(takenOver ? { former: firstTargetOf(planned) } : {}),
    };
  });
  const first = given(keys[0]);
  const made = [
    ...entries.map((entry, index) => ({ ...entry, target: firstTargetOf({ ...plannedRoutes[index], home: entry.home }) })),
    // Routes that are not the function's, to a connector that is: nobody may touch them.
    { table: given(tables["unlisted"]), destination: "0.0.0.0/0", target: firstTargetOf({ home: first }) },
    { table: given(entries[0]?.table), destination: unlisted, target: firstTargetOf({ home: first }) },
  ];
  for (const { table: RouteTableId, destination, target } of made) {
    const route = { RouteTableId, ...destinationParameter(destination) };
    // The emulator forgets the prefix list of a route that is made with an interface.
    const anyTarget = destination.startsWith("pl-") ? given(Object.values(natGateways)[0]) : target;
    await ec2.send(new CreateRouteCommand({ ...route, ...targetParameter(anyTarget) }));
    if (anyTarget !== target) await ec2.send(new ReplaceRouteCommand({ ...route, ...targetParameter(target) }));
  }
  await ssm.send(new PutParameterCommand({ Name: `${parameters}/history`, Value: "{}", Type: "String" }));

  const document: FailoverDocument = {
    name: `matrix-${octet}`,
    probe: { port, intervalSeconds: 2, timeoutSeconds: 1.2 },
    deadAfter: 2,
    aliveAfter: 10,
    holdDown: { firstSeconds: 20, longestSeconds: 900 },
    allDead: { policy: "hold" },
    drained: [],
    paused: false,
    history: `${parameters}/history`,
    ...settings,
    connectors,
    routes: entries,
  };

  const nameIn = (names: Readonly<Record<string, string>>, id: string): string | undefined =>
    Object.keys(names).find((name) => names[name] === id);
  const routeName = (table: string, destination: string): string =>
    `${nameIn(tables, table) ?? table} ${nameIn(prefixLists, destination) ?? destination}`;
  const natGateway = (id: string): string | undefined => {
    const zone = nameIn(natGateways, id);
    return zone === undefined ? undefined : `NAT gateway ${zone}`;
  };
  const targetName = (id: string): string =>
    keys.find((key) => connectors[key]?.interface === id) ?? natGateway(id) ?? nameIn(internetGateways, id) ?? id;

  return {
    region,
    ec2,
    document,
    tables,
    homedAt: (connector) => entries.filter(({ home }) => home === connector).map(({ table, destination }) => routeName(table, destination)),
    addInterface,
    routeName,
    targetName,
    routes: async () => {
      const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
      const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
      const targets = RouteTables.flatMap(({ RouteTableId = "", Routes = [] }) =>
        Routes.filter(({ GatewayId }) => GatewayId !== "local").map((route): [string, string] => [
          routeName(RouteTableId, destinationOf(route)),
          targetName(route.NetworkInterfaceId ?? route.NatGatewayId ?? route.GatewayId ?? ""),
        ]),
      );
      return Object.fromEntries(targets);
    },
    history: async () => {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: document.history }));
      return JSON.parse(Parameter?.Value ?? "") as unknown;
    },
    documentWhole: () => ({ [environmentNames.document]: JSON.stringify(document) }),
    documentInParts: async () => {
      const { connectors: all, routes, ...rest } = document;
      const parts = [{ connectors: all }, ...inTens(routes).map((some) => ({ routes: some }))];
      const path = `${parameters}/document`;
      const texts = { settings: { ...rest, parts: parts.length + 1 }, ...Object.fromEntries(parts.map((part, index) => [index, part])) };
      for (const [name, value] of Object.entries(texts)) {
        await ssm.send(new PutParameterCommand({ Name: `${path}/${name}`, Value: JSON.stringify(value), Type: "String" }));
      }
      return { [environmentNames.path]: path };
    },
    destroy: () => {
      ec2.destroy();
      ssm.destroy();
    },
  };
}
