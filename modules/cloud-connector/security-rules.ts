import { anywhere, type SecurityRule } from "../security-group";

// Zscaler's package repository, as its published template allows it.
const packageRepository = { range: "167.103.95.222/32" };

const basicServices = [
  { id: "https", protocol: "tcp", port: 443, description: "HTTPS to the Zscaler cloud and AWS" },
  { id: "ntp", protocol: "udp", port: 123, description: "Time" },
  { id: "dns_udp", protocol: "udp", port: 53, description: "DNS" },
  { id: "dns_tcp", protocol: "tcp", port: 53, description: "DNS answers too large for UDP" },
] as const;

const basics: readonly SecurityRule[] = basicServices.map(({ id, protocol, port, description }) => ({
  id: `${id}_out`,
  direction: "out",
  protocol,
  ports: [port, port],
  peer: anywhere,
  description,
}));

/** What the management interface sends and takes. */
export const managementRules = (settings: {
  /** Ranges that may use SSH, by name. */
  readonly ssh: Readonly<Record<string, string>>;
  /** Address of Zscaler's support server, where support may log in by the connector's own tunnel to it. */
  readonly supportServer: string | undefined;
}): readonly SecurityRule[] => [
  ...Object.entries(settings.ssh).map(([name, range]): SecurityRule => ({
    id: `ssh_from_${name}`,
    direction: "in",
    protocol: "tcp",
    ports: [22, 22],
    peer: { range },
    description: `SSH from ${name}`,
  })),
  ...basics,
  {
    id: "packages_out",
    direction: "out",
    protocol: "tcp",
    ports: [0, 65535],
    peer: packageRepository,
    description: "Zscaler package repository",
  },
  ...(settings.supportServer === undefined
    ? []
    : [
        {
          id: "support_out",
          direction: "out",
          protocol: "tcp",
          ports: [12002, 12002],
          peer: { range: settings.supportServer },
          description: "Zscaler support tunnel",
        } as const,
      ]),
];

/** What the service interfaces send and take: all that the VPC's hosts send through them, and their own tunnels. */
export const serviceRules = (settings: {
  /** Ranges whose traffic the connector takes, by name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly healthProbePort: number;
  /** Whether forwarded traffic that goes to its destination directly may use any port. */
  readonly allPortsEgress: boolean;
}): readonly SecurityRule[] => [
  ...Object.entries(settings.sources).flatMap(([name, range]): readonly SecurityRule[] => [
    {
      id: `health_probe_from_${name}`,
      direction: "in",
      protocol: "tcp",
      ports: [settings.healthProbePort, settings.healthProbePort],
      peer: { range },
      description: `Health probes from ${name}`,
    },
    { id: `https_from_${name}`, direction: "in", protocol: "tcp", ports: [443, 443], peer: { range }, description: `HTTPS from ${name}` },
    { id: `all_from_${name}`, direction: "in", protocol: "all", peer: { range }, description: `Workload traffic from ${name}` },
  ]),
  ...basics,
  {
    id: "quic_out",
    direction: "out",
    protocol: "udp",
    ports: [443, 443],
    peer: anywhere,
    description: "DTLS tunnels to the Zscaler cloud",
  },
  ...(settings.allPortsEgress
    ? [{ id: "all_out", direction: "out", protocol: "all", peer: anywhere, description: "Traffic that policy sends out directly" } as const]
    : []),
];
