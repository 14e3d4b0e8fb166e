/** Instances of one type that the deployment makes. */
export interface InstanceNeed {
  readonly type: string;
  readonly count: number;
  /** Names of the zones that they are in. */
  readonly zones: readonly string[];
}

/** The newest image of a marketplace product, by its product code, or a given one. */
export type ImageSource = { readonly marketplace: string } | { readonly id: string };

/** A role that is made to read a secret. */
export interface SecretReader {
  /** Whose it is, in words. */
  readonly who: string;
  /** KMS key that it may use, besides the account's default (id, ARN or alias). */
  readonly kmsKey?: string;
  /** The setting that names that key. */
  readonly setting: string;
}

/** Where a provisioning key is stored: in a secret, whole or in one key of its JSON, or in a parameter. */
export type KeySource =
  | {
      /** Name or ARN. */
      readonly secret: string;
      readonly field?: string;
      /** None for a role that exists: what it may do is not known. */
      readonly reader?: SecretReader;
    }
  | {
      /** Name or ARN. */
      readonly parameter: string;
    };

/** A secret of JSON that something reads. */
interface SecretNeed {
  /** What it is called in the answer, such as `portal's secret`. */
  readonly what: string;
  /** Name or ARN. */
  readonly id: string;
  readonly keys: readonly string[];
  /** None where it is not known which keys its reader may use. */
  readonly reader?: SecretReader;
}

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
  /** Whether its resolver is asked for applications' own addresses: by App Connectors without resolvers of their own. Not by default. */
  readonly looksUpApplications?: boolean;
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
  /** The connectors, or App Connectors, first: a launch of theirs is tried (without doing it) with the image. */
  readonly instances: readonly InstanceNeed[];
  /** The image of the connectors or App Connectors, if there are any and it is not one that needs no subscription. */
  readonly image?: ImageSource;
  /** The connectors' secret, if there are any. */
  readonly secret?: { readonly name: string } | { readonly arn: string };
  /** KMS key that encrypts the secret (id, ARN or alias), if it is not the account's default. */
  readonly secretKey?: string;
  /** Other secrets, if there are any. */
  readonly furtherSecrets?: readonly SecretNeed[];
  /** The provisioning key of App Connectors, if it is stored. */
  readonly provisioningKey?: KeySource;
  /** KMS key of the root disks (id, ARN or alias), if it is not the account's default. */
  readonly diskKey?: string;
  /** The endpoint service of somebody else's that endpoints lead to, and their zones as they are called above. */
  readonly endpointService?: { readonly name: string; readonly zones: readonly string[] };
  /** The VPC that exists, if the deployment stands in one. */
  readonly existing?: ExistingNetwork;
  /** Accounts that may be deployed to. Any by default. */
  readonly allowedAccountIds?: readonly string[];
}
