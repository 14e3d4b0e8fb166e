/** Instances of one type that the deployment makes. */
export interface InstanceNeed {
  readonly type: string;
  readonly count: number;
  /** Names of the zones that they are in. */
  readonly zones: readonly string[];
}

/** The newest image of a marketplace product, by its product code, or a given one. */
export type ImageSource = { readonly marketplace: string } | { readonly id: string };

/** What a deployment is going to ask of AWS: plain data, counted from its configuration. */
export interface PreflightRequest {
  readonly deployment: string;
  readonly region: string;
  /** Zone names by zone key. */
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
  /** Accounts that may be deployed to. Any by default. */
  readonly allowedAccountIds?: readonly string[];
}
