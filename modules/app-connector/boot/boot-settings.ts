import { asText } from "../../validation";

/** What an instance enrolls with. */
type Enrollment =
  | {
      readonly secretsManager: {
        /** Name or ARN of the secret with the provisioning key. */
        readonly secret: string;
        /** Key of the secret, if it is JSON. @default the whole text is the provisioning key */
        readonly field?: string | undefined;
      };
    }
  | {
      readonly parameterStore: {
        /** Name or ARN of the parameter with the provisioning key. */
        readonly parameter: string;
      };
    }
  /** A code that the App Connector shows, published in Parameter Store. */
  | { readonly oauth: object };

/** Where the certificate of a further authority is, as PEM. */
type CertificateSource =
  { readonly parameter: { readonly name: string } } | { readonly s3: { readonly bucket: string; readonly key: string } };

/** What an instance is told for all of its boots. No secret is in it. Values may be tokens. */
export interface BootSettings {
  /** Path in Parameter Store below which the instance publishes its App Connector's id and its code. */
  readonly parameters: string;
  /** Zscaler's image, with the App Connector on it, or Red Hat Enterprise Linux 9, on which it is installed. */
  readonly image: "zscaler" | "rhel";
  readonly enrollment: Enrollment;
  /** Auto Scaling group whose launch hook `launch` the instance completes. @default none waits */
  readonly group?: string | undefined;
  /** Seconds after which a boot has failed to enroll. */
  readonly enrollSeconds: number;
  /** Whether packages are updated before the App Connector starts for the first time. */
  readonly updatePackages: boolean;
  readonly proxy?:
    | {
        readonly host: string;
        readonly port: number;
        /** Addresses, ranges and domains that the App Connector reaches past the proxy. */
        readonly bypass: readonly string[];
        /** Name or ARN of the secret with `username` and `password`, for yum alone: the App Connector knows no password. */
        readonly secret?: string | undefined;
      }
    | undefined;
  /** IPv4 addresses of resolvers in place of the VPC's. */
  readonly dnsServers: readonly string[];
  /** Static IPv4 routes. */
  readonly routes: readonly { readonly range: string; readonly gateway: string }[];
  readonly tcpKeepalive?: { readonly timeSeconds: number; readonly intervalSeconds: number; readonly probes: number } | undefined;
  readonly certificates: readonly CertificateSource[];
}

const enrollmentLines = (enrollment: Enrollment): Readonly<Record<string, string | undefined>> => {
  if ("oauth" in enrollment) return { ENROLLMENT: "oauth" };
  if ("parameterStore" in enrollment) return { ENROLLMENT: "parameterstore", KEY_SOURCE: enrollment.parameterStore.parameter };
  const { secret, field } = enrollment.secretsManager;
  return { ENROLLMENT: "secretsmanager", KEY_SOURCE: secret, KEY_FIELD: field };
};

const certificateText = (certificate: CertificateSource): string =>
  "s3" in certificate ? `s3://${certificate.s3.bucket}/${certificate.s3.key}` : `parameter:${certificate.parameter.name}`;

/** The settings file of the boot script: a line `KEY=value` for each thing that is wanted, lists with a space between. */
export function settingsFile(settings: BootSettings): string {
  const { proxy, tcpKeepalive: keepalive } = settings;
  const lines: Readonly<Record<string, string | undefined>> = {
    PARAMETERS: settings.parameters,
    IMAGE: settings.image,
    ...enrollmentLines(settings.enrollment),
    GROUP: settings.group,
    ENROLL_SECONDS: asText(settings.enrollSeconds),
    UPDATE: settings.updatePackages ? "yes" : undefined,
    PROXY: proxy && `${proxy.host}:${asText(proxy.port)}`,
    PROXY_BYPASS: proxy?.bypass.join(" "),
    PROXY_SECRET: proxy?.secret,
    DNS_SERVERS: settings.dnsServers.join(" "),
    ROUTES: settings.routes.map(({ range, gateway }) => `${range}@${gateway}`).join(" "),
    TCP_KEEPALIVE: keepalive && [keepalive.timeSeconds, keepalive.intervalSeconds, keepalive.probes].map(asText).join(" "),
    CERTIFICATES: settings.certificates.map(certificateText).join(" "),
  };
  return Object.entries(lines)
    .filter(([, value]) => value)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}
