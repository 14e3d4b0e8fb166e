import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcIpv4CidrBlockAssociation } from "@cdktf/provider-aws/lib/vpc-ipv4-cidr-block-association";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { type z } from "zod";
import { contains, parseRange, planAddresses, type AddressPlan, type AddressedSubnet, type Slot, type Tier } from "../addressing";
import { explain } from "../explanation";
import { type RoleSettings } from "../iam";
import { awsName } from "../naming";
import { checkSettings, orToken, present, refusal } from "../validation";
import { FlowLogs } from "./flow-logs";
import { NatGateways } from "./nat-gateways";
import { PrivateEndpoints } from "./private-endpoints";
import { isLocal, judgeZoneKeys, networkSettings, type NetworkSettings } from "./schema";
import { TierSubnet } from "./tier-subnet";

const schema = networkSettings(orToken);
type Settings = z.output<typeof schema>;

export interface NetworkProps extends NetworkSettings {
  /** First words of every AWS name. */
  readonly name: string;
  /** Zone names by key, in the order that fixes where each zone's subnets lie: `{ a: "us-west-2a" }`. A name may be a token. */
  readonly zones: Readonly<Record<string, string>>;
  /** The zones in which each tier has a subnet. */
  readonly tiers: Readonly<Partial<Record<Tier, readonly string[]>>>;
  /** Addresses that a subnet of a tier must hold, without the five that AWS keeps. */
  readonly addresses?: Readonly<Partial<Record<Tier, number>>>;
  /**
   * The VPC's first range where it is a Terraform variable: a range of the prefix length of `vpc.create.cidr`, in which subnets are planned. Planned
   * subnets then are parts of it; ranges written by hand stay.
   *
   * @default `vpc.create.cidr`
   */
  readonly range?: string | undefined;
  /** For the role of the flow logs. @default path "/", no boundary */
  readonly iam?: RoleSettings | undefined;
}

/**
 * A VPC with a subnet for each tier and zone.
 *
 * Makes the VPC, an internet gateway, NAT gateways with their addresses, the subnets, their route tables and their own default routes: public
 * subnets lead to the internet gateway; connector and management subnets to the NAT gateway of their zone; the others lead nowhere until
 * something steers them.
 *
 * @throws When a setting is wrong or the subnets do not fit into the VPC: all mistakes at once.
 */
export class Network extends Construct {
  readonly vpc: Vpc;
  /** The VPC's ranges by name: `vpc` is the first, further ones have the names given. */
  readonly ranges: Readonly<Record<string, string>>;
  readonly plan: AddressPlan;
  readonly natGateways: NatGateways;
  readonly privateEndpoints?: PrivateEndpoints;
  private readonly subnets: Partial<Record<Tier, Record<string, TierSubnet>>> = {};

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const settings = checkSettings(this, schema, props);
    const wrongKeys = judgeZoneKeys(Object.keys(props.zones));
    if (wrongKeys.length > 0) throw refusal(this, wrongKeys);
    const create = settings.vpc.create;
    if (create === undefined) throw new Error(`${this.node.path}.vpc: nothing to create`);
    this.plan = this.planned(props, settings.subnets, create);
    const range = props.range ?? create.cidr;
    this.ranges = { vpc: range, ...create.secondaryCidrs };

    this.vpc = new Vpc(this, "vpc", {
      cidrBlock: range,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: {
        Name: awsName("tag", props.name),
        ...present({ "zs:namespace": create.namespace }),
      },
    });
    const internetGateway = new InternetGateway(this, "internet_gateway", {
      vpcId: this.vpc.id,
      tags: { Name: awsName("tag", props.name) },
    });
    if (create.lockDefaultSecurityGroup) {
      const locked = new DefaultSecurityGroup(this, "default_security_group", {
        vpcId: this.vpc.id,
        ingress: [],
        egress: [],
        tags: { Name: awsName("tag", props.name, "default-locked") },
      });
      explain(locked, "Takes every rule out of the VPC's default security group, so that what is put into it by mistake reaches nothing.");
    }
    if (create.flowLogs) {
      new FlowLogs(this, "flow_logs", { name: props.name, vpcId: this.vpc.id, iam: props.iam, ...create.flowLogs });
    }

    const vpcIdFor = this.secondaryRanges(create.secondaryCidrs);
    const publicTable = this.publicRouteTable(props, internetGateway);
    const left: readonly Tier[] = settings.subnets.leaveRouteTables;
    const scopes = new Map(Object.keys(props.zones).map((zone) => [zone, new Construct(this, zone)]));
    const scopeOf = (zone: string) => scopes.get(zone) ?? this;
    for (const [zone, zoneName] of Object.entries(props.zones)) {
      for (const [tier, planned] of Object.entries(this.plan.subnets[zone] ?? {}) as [Tier, AddressedSubnet][]) {
        (this.subnets[tier] ??= {})[zone] = new TierSubnet(scopeOf(zone), tier, {
          name: awsName("tag", props.name, tier, zone),
          vpcId: vpcIdFor(planned.range),
          range: props.range === undefined || planned.origin === "written" ? planned.range : partOf(props.range, planned),
          zoneName,
          routeTable: left.includes(tier) ? "left" : tier === "public" ? publicTable : "own",
        });
      }
    }

    this.natGateways = new NatGateways(this, {
      name: props.name,
      zones: props.zones,
      nat: settings.nat,
      publicSubnets: this.tier("public"),
      internetGateway,
      scopeOf,
    });
    for (const tier of ["connector", "management"] as const) {
      for (const [zone, subnet] of Object.entries(this.tier(tier))) subnet.defaultRoute(this.natGateways.idFor(zone));
    }
    if (settings.privateEndpoints.length > 0) {
      this.privateEndpoints = new PrivateEndpoints(this, "private_endpoints", {
        name: props.name,
        vpcId: this.vpc.id,
        ranges: this.ranges,
        services: settings.privateEndpoints,
        // Most services have no interface endpoints in Local Zones.
        subnets: Object.entries(this.tier("connector")).flatMap(([zone, subnet]) => (isLocal(zone) ? [] : [subnet])),
        // Not the workloads': a gateway endpoint would take their S3 traffic past inspection.
        routed: [...Object.values(this.tier("connector")), ...Object.values(this.tier("management"))],
      });
    }
  }

  /**
   * The subnet of a tier in a zone.
   *
   * @throws When the zone has none.
   */
  subnet(tier: Tier, zone: string): TierSubnet {
    const subnet = this.tier(tier)[zone];
    if (!subnet) throw new Error(`${this.node.path} has no ${tier} subnet in zone ${zone}: name the zone in tiers.${tier}`);
    return subnet;
  }

  /** The subnets of a tier, by zone. */
  tier(tier: Tier): Readonly<Record<string, TierSubnet>> {
    return this.subnets[tier] ?? {};
  }

  private planned(
    props: NetworkProps,
    { zoneSlots, ranges }: Settings["subnets"],
    { cidr, secondaryCidrs }: NonNullable<Settings["vpc"]["create"]>,
  ): AddressPlan {
    const result = planAddresses({
      vpc: cidr,
      secondaries: Object.values(secondaryCidrs),
      zones: Object.keys(props.zones),
      tiers: props.tiers,
      zoneSlots,
      written: ranges,
      ...present({ addresses: props.addresses }),
    });
    if ("plan" in result) return result.plan;
    throw refusal(this, result.findings);
  }

  /** Associates the further ranges, and gives each subnet the VPC's id by way of the range that it lies in, which must be there first. */
  private secondaryRanges(ranges: Readonly<Record<string, string>>): (subnet: string) => string {
    const secondary = new Construct(this, "secondary");
    const associated = Object.entries(ranges).map(([name, range]) => ({
      outer: parseRange(range),
      association: new VpcIpv4CidrBlockAssociation(secondary, name, { vpcId: this.vpc.id, cidrBlock: range }),
    }));
    return (subnet) => {
      const inner = parseRange(subnet);
      const home = associated.find(({ outer }) => "range" in outer && "range" in inner && contains(outer.range, inner.range));
      return home?.association.vpcId ?? this.vpc.id;
    };
  }

  private publicRouteTable(
    props: NetworkProps,
    internetGateway: InternetGateway,
  ): { readonly shared: RouteTable; readonly defaultRoute: Route } {
    const scope = new Construct(this, "public");
    const shared = new RouteTable(scope, "route_table", {
      vpcId: this.vpc.id,
      tags: { Name: awsName("tag", props.name, "public") },
    });
    const defaultRoute = new Route(scope, "default", {
      routeTableId: shared.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: internetGateway.id,
    });
    return { shared, defaultRoute };
  }
}

const partOf = (range: string, { newBits, number }: Slot): string => Fn.cidrsubnet(range, newBits, number);
