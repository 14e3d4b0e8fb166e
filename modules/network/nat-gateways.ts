import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { awsName } from "../naming";
import { isLocal, type Nat } from "./schema";
import { type TierSubnet } from "./tier-subnet";

export interface NatGatewaysProps {
  readonly name: string;
  readonly zones: Readonly<Record<string, string>>;
  readonly nat: Nat;
  /** The public subnets by zone: a gateway stands in one. */
  readonly publicSubnets: Readonly<Record<string, TierSubnet>>;
  readonly internetGateway: ITerraformDependable;
  /** The construct that holds what stands in a zone. */
  readonly scopeOf: (zone: string) => Construct;
}

/** The NAT gateways of a network, and which one serves a zone. */
export class NatGateways {
  /** The gateways made, by zone. */
  readonly made: Readonly<Record<string, NatGateway>>;
  private readonly nat: Nat;
  private readonly network: Construct;

  constructor(network: Construct, props: NatGatewaysProps) {
    this.network = network;
    this.nat = props.nat;
    const { perZone, single } = props.nat;
    const allocations: Readonly<Record<string, string>> = perZone?.allocations ?? {};
    const homeless = Object.keys(allocations).find((zone) => !(zone in props.publicSubnets));
    if (homeless !== undefined)
      throw new Error(`${network.node.path}.nat.perZone.allocations: there is no NAT gateway in zone ${homeless}`);
    const wanted = single
      ? [{ zone: single.zone, allocation: single.allocation }]
      : perZone
        ? Object.keys(props.publicSubnets).map((zone) => ({ zone, allocation: allocations[zone] }))
        : [];
    this.made = Object.fromEntries(wanted.map(({ zone, allocation }) => [zone, this.gateway(props, zone, allocation)]));
  }

  /**
   * The id of the gateway that serves a zone; undefined where there are to be none.
   *
   * @throws When the zone has none, though others have.
   */
  idFor(zone: string): string | undefined {
    if (this.nat.none) return undefined;
    const id = this.made[this.nat.single?.zone ?? zone]?.id;
    if (id === undefined) {
      throw new Error(`${this.network.node.path} has no NAT gateway in zone ${zone}: add one to the zone, or choose nat.single`);
    }
    return id;
  }

  private gateway(props: NatGatewaysProps, zone: string, allocation: string | undefined): NatGateway {
    const subnet = props.publicSubnets[zone];
    if (!subnet) throw new Error(`${this.network.node.path} has no public subnet in zone ${zone} for its NAT gateway`);
    const scope = new Construct(props.scopeOf(zone), "nat");
    const tags = { Name: awsName("tag", props.name, zone) };
    const zoneName = props.zones[zone] ?? "";
    return new NatGateway(scope, "nat_gateway", {
      allocationId:
        allocation ??
        new Eip(scope, "eip", {
          domain: "vpc",
          // A Local Zone's gateway takes addresses of its own border group only, which is the zone's name without its last letter.
          ...(isLocal(zone) ? { networkBorderGroup: Fn.trimsuffix(zoneName, zone.slice(-1)) } : {}),
          tags,
          dependsOn: [props.internetGateway],
        }).id,
      subnetId: subnet.subnet.id,
      tags,
      // A NAT gateway does not become available before the VPC's internet gateway is attached.
      dependsOn: [props.internetGateway],
    });
  }
}
