/** Instances of one type that the deployment makes. */
export interface InstanceNeed {
  readonly type: string;
  readonly count: number;
  /** Names of the zones that they are in. */
  readonly zones: readonly string[];
}

/** The newest image of a marketplace product, by its product code, or a given one. */
export type ImageSource = { readonly marketplace: string } | { readonly id: string };

/** A subnet that is made in a VPC that exists. */
export interface PlannedSubnet {
  readonly tier: string;
  /** Key of the zone. */
  readonly zone: string;
  readonly range: string;
  readonly origin: "planned" | "written";
}

/** A subnet that exists, named for a tier of a zone. */
export interface NamedSubnet {
  readonly id: string;
  readonly tier: string;
  /** Key of the zone. */
  readonly zone: string;
  /** Addresses that the deployment takes in it, at the most. */
  readonly addresses: number;
}

/** A route table that exists and is steered. */
export interface NamedRouteTable {
  readonly id: string;
  /** Key of the zone. */
  readonly zone: string;
  /** Its name within the zone. */
  readonly name: string;
  readonly defaultRoute: "create" | "takeOver" | "restore";
}

/** A VPC that exists, what is named in it, and what is made there. */
export interface ExistingNetwork {
  /** Id of the VPC. */
  readonly vpc: string;
  /** Its ranges as they are stated, the first range first. */
  readonly ranges: readonly string[];
  /** What others use of them, as it is stated. */
  readonly taken: readonly string[];
  /** Key of a tag that all has that this deployment makes. */
  readonly tag: string;
  readonly plannedSubnets: readonly PlannedSubnet[];
  readonly subnets: readonly NamedSubnet[];
  /** Undefined where nothing leads to one. */
  readonly internetGateway: "make" | { readonly id: string } | undefined;
  /** The gateways by the key of the zone that they serve. */
  readonly natGateways: Readonly<Record<string, string>>;
  /** The tables to ask for: none of those that are forgotten. */
  readonly routeTables: readonly NamedRouteTable[];
  readonly securityGroups: readonly string[];
  /** Interface endpoints and Gateway Load Balancer endpoints that are made. */
  readonly endpoints: number;
}

/** What a deployment is going to ask of AWS: plain data, counted from its configuration. */
export interface PreflightRequest {
  readonly deployment: string;
  readonly region: string;
  /** Zone names by zone key, or ids such as usw2-az1. */
  readonly zones: Readonly<Record<string, string>>;
  /** VPCs to make. */
  readonly vpcs: number;
  /** Elastic addresses to make. */
  readonly elasticAddresses: number;
  /** Elastic addresses that exist and are to be used. */
  readonly allocationIds: readonly string[];
  /** NAT gateways to make: the zone name of each. None by default. */
  readonly natGatewayZones?: readonly string[];
  /** The connectors first: a launch of theirs is tried (without doing it) with the image. */
  readonly instances: readonly InstanceNeed[];
  /** The connectors' image, if there are any. */
  readonly image?: ImageSource;
  /** The connectors' secret, if there are any. */
  readonly secret?: { readonly name: string } | { readonly arn: string };
  /** KMS key that encrypts the secret (id, ARN or alias), if it is not the account's default. */
  readonly secretKey?: string;
  /** KMS key of the root disks (id, ARN or alias), if it is not the account's default. */
  readonly diskKey?: string;
  /** The endpoint service of somebody else's that endpoints lead to, and their zones as they are called above. */
  readonly endpointService?: { readonly name: string; readonly zones: readonly string[] };
  /** The VPC that exists, if the deployment stands in one. */
  readonly existing?: ExistingNetwork;
  /** Accounts that may be deployed to. Any by default. */
  readonly allowedAccountIds?: readonly string[];
}
