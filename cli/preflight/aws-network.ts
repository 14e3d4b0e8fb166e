type Tags = Readonly<Record<string, string>>;

export interface Vpc {
  readonly id: string;
  /** The first range first. */
  readonly ranges: readonly string[];
}

export interface Subnet {
  readonly id: string;
  readonly zone: string;
  /** A subnet of the default VPC. */
  readonly isDefault: boolean;
  readonly vpc: string;
  /** Empty where it has IPv6 addresses only. */
  readonly range: string;
  readonly freeAddresses: number;
  readonly tags: Tags;
}

export interface InternetGateway {
  readonly id: string;
  /** Ids of the VPCs that it is attached to. */
  readonly vpcs: readonly string[];
  readonly tags: Tags;
}

export interface NatGateway {
  readonly id: string;
  readonly state: string;
  /** `public` or `private`. */
  readonly connectivity: string;
  readonly vpc: string;
  /** A regional gateway is in no subnet. */
  readonly subnet: string | undefined;
}

export interface Route {
  /** An IPv4 or IPv6 range, or the id of a prefix list. */
  readonly destination: string;
  /** Id of what it leads to. */
  readonly target: string;
  /** What it leads to is gone. */
  readonly isBlackhole: boolean;
}

export interface RouteTable {
  readonly id: string;
  readonly vpc: string;
  /** The table of the VPC's subnets that have none of their own. */
  readonly isMain: boolean;
  /** Ids of the subnets whose own it is. */
  readonly subnets: readonly string[];
  /** Without those that a virtual private gateway propagates. */
  readonly routes: readonly Route[];
  readonly tags: Tags;
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpc: string;
}

export interface NetworkInterface {
  readonly id: string;
  readonly subnet: string;
}

/** A VPC endpoint of any kind. */
export interface VpcEndpoint {
  readonly id: string;
  /** `Interface`, `Gateway`, `GatewayLoadBalancer`, or one that AWS came up with later. */
  readonly type: string;
  readonly tags: Tags;
}

export interface EndpointService {
  /** Of what kind its endpoints are. */
  readonly types: readonly string[];
  /** Names of the zones that it is in. */
  readonly zones: readonly string[];
  /** The account that it is of. */
  readonly owner: string;
  /** Its owner must accept each endpoint. */
  readonly acceptance: boolean;
}

/** A Resolver rule by which queries for a domain and those below it are answered elsewhere. */
export interface ForwardingRule {
  readonly domain: string;
  /** Addresses of those who answer. */
  readonly targets: readonly string[];
}

/** What is asked of AWS about DNS. */
export interface ResolverQuestions {
  /** Those that a VPC is associated with, of other accounts too. */
  readonly forwardingRules: (vpc: string) => Promise<readonly ForwardingRule[]>;
}

/** What is asked of AWS about networks. Of ids that do not exist nothing is answered. */
export interface NetworkQuestions {
  readonly vpc: (id: string) => Promise<Vpc | undefined>;
  readonly vpcCount: () => Promise<number>;
  /** All of the region. */
  readonly subnets: () => Promise<readonly Subnet[]>;
  /** All of the region. */
  readonly internetGateways: () => Promise<readonly InternetGateway[]>;
  readonly natGateways: (ids: readonly string[]) => Promise<readonly NatGateway[]>;
  /** The subnet of each NAT gateway that counts towards the quota: pending, available or being deleted. */
  readonly natGatewaySubnets: () => Promise<readonly string[]>;
  /** Those of the VPC, and those of these ids wherever they are. */
  readonly routeTables: (vpc: string, ids: readonly string[]) => Promise<readonly RouteTable[]>;
  readonly securityGroups: (ids: readonly string[]) => Promise<readonly SecurityGroup[]>;
  /** All that have a tag with this key. */
  readonly interfacesTagged: (key: string) => Promise<readonly NetworkInterface[]>;
  readonly vpcEndpoints: (vpc: string) => Promise<readonly VpcEndpoint[]>;
  /** Undefined for a service that is not there, or may not be used by this account. */
  readonly endpointService: (name: string) => Promise<EndpointService | undefined>;
}
