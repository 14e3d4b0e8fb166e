import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Ec2Tag } from "@cdktf/provider-aws/lib/ec2-tag";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcIpv4CidrBlockAssociation } from "@cdktf/provider-aws/lib/vpc-ipv4-cidr-block-association";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { type z } from "zod";
import { contains, parseRange, type AddressPlan, type AddressedSubnet, type Tier, tiers } from "../addressing";
import { explain } from "../explanation";
import { type RoleSettings } from "../iam";
import { awsName } from "../naming";
import { checkSettings, orToken, present, refusal } from "../validation";
import { ExistingSubnet } from "./existing-subnet";
import { FlowLogs } from "./flow-logs";
import { judgeExisting } from "./judge-existing";
import { lookUpInternetGateway, lookUpVpc } from "./lookups";
import { MadeSubnet } from "./made-subnet";
import { NatGateways } from "./nat-gateways";
import { PrivateEndpoints } from "./private-endpoints";
import { isLocal, judgeZoneKeys, networkSettings, type NetworkSettings, planSubnets, tiersToMake } from "./schema";
import { type TierSubnet } from "./tier-subnet";

const schema = networkSettings(orToken);
type Settings = z.output<typeof schema>;
type InternetGatewayChoice = NonNullable<Settings["vpc"]["existing"]>["internetGateway"];

export interface NetworkProps extends NetworkSettings {
  /** First words of every AWS name. */
  readonly name: string;
  /** Zone names by key, in the order that fixes where each zone's subnets lie: `{ a: "us-west-2a" }`. A name may be a token. */
  readonly zones: Readonly<Record<string, string>>;
  /** The zones in which each tier has a subnet, made or existing. */
  readonly tiers: Readonly<Partial<Record<Tier, readonly string[]>>>;
  /** Addresses that a subnet of a tier must hold, without the five that AWS keeps. */
  readonly addresses?: Readonly<Partial<Record<Tier, number>>>;
  /** Zones that get a NAT gateway where there is one a zone. @default the zones of the public tier */
  readonly natZones?: readonly string[];
  /**
   * The VPC's first range where it is a Terraform variable: a range of the prefix length of the one in `vpc`, in which subnets are planned. Planned
   * subnets then are parts of it; ranges written by hand stay.
   *
   * @default the range in `vpc`
   */
  readonly range?: string | undefined;
  /** For the role of the flow logs. @default path "/", no boundary */
  readonly iam?: RoleSettings | undefined;
}

/**
 * A VPC, made or existing, with a subnet for each tier and zone.
 *
 * Makes the VPC with an internet gateway, NAT gateways with their addresses, the subnets, their route tables and their own default routes: public
 * subnets lead to the internet gateway; connector and management subnets to the NAT gateway of their zone; the others lead nowhere until
 * something steers them. What exists is only looked up, and the plan fails where it is not as said: a subnet in another zone, a gateway in another
 * VPC, another range.
 *
 * @throws When a setting is wrong or the subnets do not fit into the VPC: all mistakes at once.
 */
export class Network extends Construct {
  readonly vpcId: string;
  /** The VPC where it is made. */
  readonly vpc: Vpc | undefined;
  /** The VPC's ranges by name: `vpc` is the first, further ones have the names given. */
  readonly ranges: Readonly<Record<string, string>>;
  readonly plan: AddressPlan;
  /** The internet gateway, made or existing, if there is one. */
  readonly internetGatewayId: string | undefined;
  readonly natGateways: NatGateways;
  readonly privateEndpoints?: PrivateEndpoints;
  private readonly subnets: Partial<Record<Tier, Record<string, TierSubnet>>> = {};

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const settings = checkSettings(this, schema, props);
    const zones = Object.keys(props.zones);
    const wrong = [...judgeZoneKeys(zones), ...judgeExisting({ ...settings, zones, tiers: props.tiers })];
    if (wrong.length > 0) throw refusal(this, wrong);
    const { create, existing } = settings.vpc;
    const stated = create ?? existing;
    if (stated === undefined) throw new Error(`${this.node.path}.vpc: neither made nor existing`);
    const planned = planSubnets({ ...settings, zones, tiers: props.tiers, addresses: props.addresses });
    if (!("plan" in planned)) {
      throw refusal(
        this,
        planned.findings.map(({ at: [input = "", ...rest], ...finding }) => ({
          ...finding,
          at: [...(planInputs[input] ?? [input]), ...rest],
        })),
      );
    }
    this.plan = planned.plan;
    const range = props.range ?? stated.cidr;
    this.ranges = { vpc: range, ...stated.secondaryCidrs };

    this.vpc =
      create &&
      new Vpc(this, "vpc", {
        cidrBlock: range,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: awsName("tag", props.name), ...present({ "zs:namespace": create.namespace }) },
      });
    const found =
      existing &&
      lookUpVpc(this, {
        id: existing.id,
        range,
        secondaryRanges: Object.values(existing.secondaryCidrs),
        privateNames: settings.privateEndpoints.some((service) => service !== "s3"),
      });
    this.vpcId = this.vpc?.id ?? existing?.id ?? "";
    if (existing?.namespace !== undefined) {
      new Ec2Tag(this, "namespace", { resourceId: this.vpcId, key: "zs:namespace", value: existing.namespace });
    }
    const internetGateway = this.internetGateway(props.name, create ? { create: {} } : existing?.internetGateway);
    this.internetGatewayId = internetGateway.id;
    this.guard(props, stated);

    const vpcIdFor = create ? this.secondaryRanges(create.secondaryCidrs) : () => this.vpcId;
    const publicIsMade = create !== undefined || (tiersToMake(props.tiers, settings.subnets.existing).public ?? []).length > 0;
    const publicTable = publicIsMade ? this.publicRouteTable(props.name, internetGateway.id) : undefined;
    const left: readonly Tier[] = settings.subnets.leaveRouteTables;
    const scopes = new Map(Object.keys(props.zones).map((zone) => [zone, new Construct(this, zone)]));
    const scopeOf = (zone: string) => scopes.get(zone) ?? this;
    const made: { readonly tier: Tier; readonly zone: string; readonly subnet: MadeSubnet }[] = [];
    for (const [zone, zoneName] of Object.entries(props.zones)) {
      const ids: Readonly<Partial<Record<Tier, string>>> = settings.subnets.existing[zone] ?? {};
      for (const tier of tiers) {
        const subnetId = ids[tier];
        const planned = this.plan.subnets[zone]?.[tier];
        if (subnetId !== undefined && found && props.tiers[tier]?.includes(zone)) {
          const subnet = new ExistingSubnet(scopeOf(zone), tier, { subnetId, tier, zone, zoneName, vpcId: this.vpcId, vpc: found });
          (this.subnets[tier] ??= {})[zone] = subnet;
        } else if (planned) {
          const subnet = new MadeSubnet(scopeOf(zone), tier, {
            name: awsName("tag", props.name, tier, zone),
            vpcId: vpcIdFor(planned.range),
            range: props.range === undefined ? planned.range : partOf(stated.cidr, props.range, planned),
            zoneName,
            routeTable: left.includes(tier) ? "left" : tier === "public" && publicTable ? publicTable : "own",
          });
          (this.subnets[tier] ??= {})[zone] = subnet;
          made.push({ tier, zone, subnet });
        }
      }
    }

    this.natGateways = new NatGateways(this, {
      name: props.name,
      zones: props.zones,
      nat: settings.nat,
      zonesInNeed: props.natZones ?? props.tiers.public ?? [],
      publicSubnets: this.tier("public"),
      internetGateway: internetGateway.made,
      vpcId: this.vpcId,
      vpc: found,
      scopeOf,
    });
    for (const { tier, zone, subnet } of made) {
      if ((tier === "connector" || tier === "management") && subnet.routeTable) subnet.defaultRoute(this.natGateways.idFor(zone));
    }
    if (settings.privateEndpoints.length > 0) this.privateEndpoints = this.endpoints(props.name, settings.privateEndpoints);
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

  /** Locks and watches the VPC, as far as that is asked for. */
  private guard(
    { name, iam }: NetworkProps,
    vpc: Pick<NonNullable<Settings["vpc"]["create"]>, "lockDefaultSecurityGroup" | "flowLogs">,
  ): void {
    if (vpc.lockDefaultSecurityGroup) {
      const locked = new DefaultSecurityGroup(this, "default_security_group", {
        vpcId: this.vpcId,
        ingress: [],
        egress: [],
        tags: { Name: awsName("tag", name, "default-locked") },
      });
      explain(locked, "Takes every rule out of the VPC's default security group, so that what is put into it by mistake reaches nothing.");
    }
    if (vpc.flowLogs) {
      new FlowLogs(this, "flow_logs", { name, vpcId: this.vpcId, iam, ...vpc.flowLogs });
    }
  }

  private endpoints(name: string, services: Settings["privateEndpoints"]): PrivateEndpoints {
    const connectorSubnets = Object.entries(this.tier("connector"));
    return new PrivateEndpoints(this, "private_endpoints", {
      name,
      vpcId: this.vpcId,
      ranges: this.ranges,
      services,
      // Most services have no interface endpoints in Local Zones.
      subnets: connectorSubnets.flatMap(([zone, subnet]) => (isLocal(zone) ? [] : [subnet])),
      // Not the workloads': a gateway endpoint would take their S3 traffic past inspection.
      routed: [...Object.values(this.tier("connector")), ...Object.values(this.tier("management"))],
    });
  }

  /** Associates the further ranges, and gives each subnet the VPC's id by way of the range that it lies in, which must be there first. */
  private secondaryRanges(ranges: Readonly<Record<string, string>>): (subnet: string) => string {
    const secondary = new Construct(this, "secondary");
    const associated = Object.entries(ranges).map(([name, range]) => ({
      outer: parseRange(range),
      association: new VpcIpv4CidrBlockAssociation(secondary, name, { vpcId: this.vpcId, cidrBlock: range }),
    }));
    return (subnet) => {
      const inner = parseRange(subnet);
      const home = associated.find(({ outer }) => "range" in outer && "range" in inner && contains(outer.range, inner.range));
      return home?.association.vpcId ?? this.vpcId;
    };
  }

  private internetGateway(
    name: string,
    choice: InternetGatewayChoice,
  ): { readonly id: string | undefined; readonly made: InternetGateway | undefined } {
    if (choice?.existing) {
      lookUpInternetGateway(this, choice.existing.id, this.vpcId);
      return { id: choice.existing.id, made: undefined };
    }
    if (!choice) return { id: undefined, made: undefined };
    const made = new InternetGateway(this, "internet_gateway", { vpcId: this.vpcId, tags: { Name: awsName("tag", name) } });
    return { id: made.id, made };
  }

  private publicRouteTable(name: string, gatewayId: string | undefined): { readonly shared: RouteTable; readonly defaultRoute: Route } {
    if (gatewayId === undefined) throw new Error(`${this.node.path}.vpc.existing.internetGateway: public subnets are made, and need one`);
    const scope = new Construct(this, "public");
    const shared = new RouteTable(scope, "route_table", { vpcId: this.vpcId, tags: { Name: awsName("tag", name, "public") } });
    const defaultRoute = new Route(scope, "default", { routeTableId: shared.id, destinationCidrBlock: "0.0.0.0/0", gatewayId });
    return { shared, defaultRoute };
  }
}

/** The props from which the plan has its input, where they are called otherwise. */
const planInputs: Readonly<Record<string, readonly string[]>> = {
  taken: ["vpc", "existing", "taken"],
  written: ["subnets", "ranges"],
};

/** A planned subnet as a part of the VPC's first range, where it lies in that one. */
const partOf = (first: string, range: string, subnet: AddressedSubnet): string =>
  subnet.origin === "planned" && subnet.within === first ? Fn.cidrsubnet(range, subnet.newBits, subnet.number) : subnet.range;
