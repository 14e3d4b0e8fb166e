import { type DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { checkLeadsOut, lookUpSubnet } from "./lookups";
import { type TierSubnet } from "./tier-subnet";

export interface ExistingSubnetProps {
  readonly subnetId: string;
  readonly tier: string;
  /** Key of the zone. */
  readonly zone: string;
  readonly zoneName: string;
  readonly vpcId: string;
  /** The VPC that is looked up. */
  readonly vpc: DataAwsVpc;
}

/** A subnet that exists: only looked up, to see that it is where it is said to be. Its route table is somebody else's. */
export class ExistingSubnet extends Construct implements TierSubnet {
  readonly subnetId: string;
  readonly egress: readonly ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: ExistingSubnetProps) {
    super(scope, id);
    // The id as given: one that is looked up is unknown in a plan that looks it up late, and what depends on it would be replaced.
    this.subnetId = props.subnetId;
    lookUpSubnet(this, props);
    if (props.tier === "public") checkLeadsOut(this, props.vpc, props.subnetId, `The public tier of zone ${props.zone}`);
  }
}
