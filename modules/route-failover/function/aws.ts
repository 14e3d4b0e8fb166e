import {
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeRouteTablesCommand,
  EC2Client,
  ReplaceRouteCommand,
  type Instance,
  type Route,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand, GetParametersByPathCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type RouteEntry } from "./document";
import { type AwsPort, CallFailed, type SeenInstance, type SeenRoute } from "./ports";

// Values of a filter (EC2 API reference, "Filter").
const valuesPerFilter = 200;

const limits = { connect: 1_000, answer: 2_000 };

// Retrying is the caller's: it knows whether the call is still wanted.
const configuration = { maxAttempts: 1, requestHandler: { connectionTimeout: limits.connect, requestTimeout: limits.answer } };

/** Names of what AWS answers when it has no time for a call. */
const tooMany = /throttl|RequestLimitExceeded|TooManyRequests|RequestTimeout|Unavailable|InternalError|InternalFailure|SlowDown/i;

const callFailed = (error: unknown): CallFailed => {
  const { name, message, $metadata } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
  // Without a status there was no answer.
  const status = $metadata?.httpStatusCode ?? 500;
  return new CallFailed(`${name}: ${message}`, status >= 500 || tooMany.test(name) ? "transient" : "refused");
};

/** Makes a call that ends within the limit, whatever AWS does. */
const within = async <Answer>(call: (options: { readonly abortSignal: AbortSignal }) => Promise<Answer>): Promise<Answer> => {
  try {
    return await call({ abortSignal: AbortSignal.timeout(limits.answer) });
  } catch (error) {
    throw callFailed(error);
  }
};

const inParts = <Item>(items: readonly Item[]): readonly Item[][] =>
  Array.from({ length: Math.ceil(items.length / valuesPerFilter) }, (_, part) =>
    items.slice(part * valuesPerFilter, (part + 1) * valuesPerFilter),
  );

/** Reads all pages of an answer, for the ids in parts that one filter takes. */
async function readAll<Item>(
  ids: readonly string[],
  readPage: (ids: string[], token: string | undefined) => Promise<{ readonly items: readonly Item[]; readonly next: string | undefined }>,
): Promise<readonly Item[]> {
  const parts = inParts(ids).map(async (part) => {
    const items: Item[] = [];
    let token: string | undefined;
    do {
      const page = await readPage(part, token);
      items.push(...page.items);
      token = page.next;
    } while (token !== undefined);
    return items;
  });
  return (await Promise.all(parts)).flat();
}

/**
 * What AWS makes by itself, from a gateway or a route server. Nobody can replace it, and it can stand beside a route of the same destination, which
 * comes first (VPC user guide, "Route priority").
 */
const isPropagated = ({ Origin }: Route): boolean => Origin === "EnableVgwRoutePropagation" || Origin === "Advertisement";

const seenRoute = (table: string, route: Route): SeenRoute => ({
  table,
  destination: route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? "",
  // An instance is shown with its interface. A VPC endpoint is shown as a gateway.
  target:
    route.NetworkInterfaceId ??
    route.NatGatewayId ??
    route.GatewayId ??
    route.TransitGatewayId ??
    route.VpcPeeringConnectionId ??
    route.EgressOnlyInternetGatewayId ??
    route.LocalGatewayId ??
    route.CarrierGatewayId ??
    route.CoreNetworkArn ??
    route.OdbNetworkArn ??
    route.InstanceId ??
    "",
  blackhole: route.State === "blackhole",
});

const seenInstance = ({ State, NetworkInterfaces = [] }: Instance): SeenInstance => {
  const service = NetworkInterfaces.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
  return {
    running: State?.Name === "running",
    service:
      service?.NetworkInterfaceId !== undefined && service.PrivateIpAddress !== undefined
        ? { interface: service.NetworkInterfaceId, address: service.PrivateIpAddress }
        : undefined,
  };
};

const destinationOf = ({ destination }: RouteEntry) => {
  if (destination.startsWith("pl-")) return { DestinationPrefixListId: destination };
  return destination.includes(":") ? { DestinationIpv6CidrBlock: destination } : { DestinationCidrBlock: destination };
};

/** The calls to EC2 and Systems Manager. Ids go into filters: an id that is gone would fail a call that names it. */
export function connectAws(): AwsPort & { readonly documentParts: (path: string) => Promise<Readonly<Record<string, string>>> } {
  const ec2 = new EC2Client(configuration);
  const ssm = new SSMClient(configuration);
  return {
    routes: async (tables) => {
      const found = await readAll(tables, async (Values, NextToken) => {
        const command = new DescribeRouteTablesCommand({ Filters: [{ Name: "route-table-id", Values }], NextToken });
        const { RouteTables = [], NextToken: next } = await within((options) => ec2.send(command, options));
        return { items: RouteTables, next };
      });
      return found.flatMap(({ RouteTableId = "", Routes = [] }) =>
        Routes.filter((route) => !isPropagated(route)).map((route) => seenRoute(RouteTableId, route)),
      );
    },
    instances: async (ids) => {
      const found = await readAll(ids, async (Values, NextToken) => {
        const command = new DescribeInstancesCommand({ Filters: [{ Name: "instance-id", Values }], NextToken });
        const { Reservations = [], NextToken: next } = await within((options) => ec2.send(command, options));
        return { items: Reservations.flatMap(({ Instances = [] }) => Instances), next };
      });
      return new Map(found.map((instance) => [instance.InstanceId ?? "", seenInstance(instance)]));
    },
    impaired: async (ids) => {
      const found = await readAll(ids, async (Values, NextToken) => {
        const command = new DescribeInstanceStatusCommand({ Filters: [{ Name: "instance-id", Values }], NextToken });
        const { InstanceStatuses = [], NextToken: next } = await within((options) => ec2.send(command, options));
        return { items: InstanceStatuses, next };
      });
      const impaired = found.filter(({ InstanceStatus, SystemStatus }) =>
        [InstanceStatus, SystemStatus].some((each) => each?.Status === "impaired"),
      );
      return new Set(impaired.map(({ InstanceId = "" }) => InstanceId));
    },
    replace: async (route, replacement) => {
      const target = "interface" in replacement ? { NetworkInterfaceId: replacement.interface } : { NatGatewayId: replacement.natGateway };
      const command = new ReplaceRouteCommand({ RouteTableId: route.table, ...destinationOf(route), ...target });
      await within((options) => ec2.send(command, options));
    },
    readHistory: async (Name) => {
      const { Parameter } = await within((options) => ssm.send(new GetParameterCommand({ Name }), options));
      return Parameter?.Value ?? "";
    },
    writeHistory: async (Name, Value) => {
      await within((options) => ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }), options));
    },
    documentParts: async (Path) => {
      const found = await readAll([Path], async (_, NextToken) => {
        const command = new GetParametersByPathCommand({ Path, NextToken });
        const { Parameters = [], NextToken: next } = await within((options) => ssm.send(command, options));
        return { items: Parameters, next };
      });
      return Object.fromEntries(found.map(({ Name = "", Value = "" }) => [Name, Value]));
    },
  };
}
