import { DataAwsNatGateway } from "@cdktf/provider-aws/lib/data-aws-nat-gateway";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { type DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { awsName } from "../naming";
import { expressionOf, inVpc } from "../validation";
import { checkLeadsOut } from "./lookups";
import { isLocal, type Nat } from "./schema";
import { type TierSubnet } from "./tier-subnet";

export interface NatGatewaysProps {
  readonly name: string;
  readonly zones: Readonly<Record<string, string>>;
  readonly nat: Nat;
  /** Zones that get a gateway, where there is one a zone. */
  readonly zonesInNeed: readonly string[];
  /** The public subnets by zone: a gateway stands in one. */
  readonly publicSubnets: Readonly<Record<string, TierSubnet>>;
  /** The internet gateway where it is made. */
  readonly internetGateway: ITerraformDependable | undefined;
  readonly vpcId: string;
  /** The VPC where it is looked up: gateways that exist must be in it. */
  readonly vpc: DataAwsVpc | undefined;
  /** The construct that holds what stands in a zone. */
  readonly scopeOf: (zone: string) => Construct;
}

/** A NAT gateway, made or existing. */
interface Gateway {
  readonly id: string;
  readonly publicIp: string;
}

/** The NAT gateways of a network, and which one serves a zone. */
export class NatGateways {
  /** The gateways made, by zone. */
  readonly made: Readonly<Record<string, NatGateway>>;
  /** All gateways by zone: those made where they stand, those that exist where they serve. */
  readonly all: Readonly<Record<string, Gateway>>;
  private readonly nat: Nat;
  private readonly network: Construct;

  constructor(network: Construct, props: NatGatewaysProps) {
    this.network = network;
    this.nat = props.nat;
    const { perZone, single, existing } = props.nat;
    const allocations: Readonly<Record<string, string>> = perZone?.allocations ?? {};
    const homeless = Object.keys(allocations).find((zone) => !props.zonesInNeed.includes(zone));
    if (homeless !== undefined)
      throw new Error(`${network.node.path}.nat.perZone.allocations: there is no NAT gateway in zone ${homeless}`);
    const wanted = single
      ? [{ zone: single.zone, allocation: single.allocation }]
      : perZone
        ? props.zonesInNeed.map((zone) => ({ zone, allocation: allocations[zone] }))
        : [];
    this.made = Object.fromEntries(wanted.map(({ zone, allocation }) => [zone, this.gateway(props, zone, allocation)]));
    const gateways: Readonly<Record<string, string>> = existing?.gateways ?? {};
    const found = Object.fromEntries(Object.keys(gateways).map((zone) => [zone, this.lookUp(props, gateways, zone)]));
    this.all = { ...this.made, ...found };
  }

  /**
   * The id of the gateway that serves a zone; undefined where there are to be none.
   *
   * @throws When the zone has none, though others have.
   */
  idFor(zone: string): string | undefined {
    if (this.nat.none) return undefined;
    const id = this.find(zone);
    if (id === undefined) {
      throw new Error(`${this.network.node.path} has no NAT gateway in zone ${zone}: add one to the zone, or choose nat.single`);
    }
    return id;
  }

  /** The id of the gateway that serves a zone, if there is one. */
  find(zone: string): string | undefined {
    return this.all[this.nat.single?.zone ?? zone]?.id;
  }

  private gateway(props: NatGatewaysProps, zone: string, allocation: string | undefined): NatGateway {
    const subnet = props.publicSubnets[zone];
    if (!subnet) throw new Error(`${this.network.node.path} has no public subnet in zone ${zone} for its NAT gateway`);
    const scope = new Construct(props.scopeOf(zone), "nat");
    const tags = { Name: awsName("tag", props.name, zone) };
    const zoneName = props.zones[zone] ?? "";
    // A NAT gateway does not become available before the VPC's internet gateway is attached.
    const dependsOn = props.internetGateway ? [props.internetGateway] : [];
    return new NatGateway(scope, "nat_gateway", {
      allocationId:
        allocation ??
        new Eip(scope, "eip", {
          domain: "vpc",
          // A Local Zone's gateway takes addresses of its own border group only, which is the zone's name without its last letter.
          ...(isLocal(zone) ? { networkBorderGroup: Fn.trimsuffix(zoneName, zone.slice(-1)) } : {}),
          tags,
          dependsOn,
        }).id,
      subnetId: subnet.subnetId,
      tags,
      dependsOn,
    });
  }

  /** Looks a gateway up, and fails the plan where it cannot serve the zone. */
  private lookUp({ zones, vpcId, vpc, scopeOf }: NatGatewaysProps, gateways: Readonly<Record<string, string>>, zone: string): Gateway {
    if (!vpc) throw new Error(`${this.network.node.path}.nat.existing: a VPC that is made has no NAT gateways that exist`);
    const scope = new Construct(scopeOf(zone), "nat");
    const id = gateways[zone] ?? "";
    const expression = (text = "") => expressionOf(scope, text);
    const gateway = new DataAwsNatGateway(scope, "nat_gateway", {
      id,
      lifecycle: {
        postcondition: [
          inVpc(scope, vpcId, `NAT gateway \${self.id} (zone ${zone})`, "gateway"),
          {
            condition: '${self.connectivity_type != "private" && self.state == "available"}',
            errorMessage: `NAT gateway \${self.id} (zone ${zone}) is \${self.connectivity_type} and \${self.state}. Give a public one that is available.`,
          },
        ],
      },
    });
    // One gateway may serve several zones, of which it must be in one.
    const served = Object.keys(gateways).map((other) => {
      const there = `self.availability_zone == ${expression(zones[other])}`;
      return expression(gateways[other]) === expression(id) ? there : `(${expression(gateways[other])} == ${expression(id)} && ${there})`;
    });
    new DataAwsSubnet(scope, "subnet", {
      id: gateway.subnetId,
      lifecycle: {
        postcondition: [
          {
            condition: `\${${served.join(" || ")}}`,
            errorMessage: `NAT gateway ${id} (zone ${zone}) is in \${self.availability_zone}, and traffic would cross zones. Give a gateway of ${zones[zone] ?? zone}, or let this one serve its own zone too.`,
          },
        ],
      },
    });
    checkLeadsOut(scope, vpc, gateway.subnetId, `NAT gateway ${id} (zone ${zone})`);
    return { id, publicIp: gateway.publicIp };
  }
}
