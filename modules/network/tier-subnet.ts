import { type Subnet } from "@cdktf/provider-aws/lib/subnet";
import { type ITerraformDependable } from "cdktf";

/** The subnet of one tier in one zone, made or existing. */
export interface TierSubnet {
  readonly subnetId: string;
  /** The subnet where it is made. */
  readonly subnet?: Subnet | undefined;
  /** Its range, where it is made. */
  readonly range?: string | undefined;
  /** The table made for it, which decides where its traffic goes; undefined where route tables are left alone. */
  readonly routeTableId?: string | undefined;
  /** What must stand before an instance of the subnet can reach beyond it. */
  readonly egress: readonly ITerraformDependable[];
}
