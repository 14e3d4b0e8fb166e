import { z } from "zod";
import { namedSourceRanges, sourceRange } from "../addressing/schema";
import { kmsKey, principalArn, secretName } from "../iam/schema";
import { awsId, evenIfWrong, findingMessage, type Immutable, type Leaf, matching, oneOf, terraformRules, text } from "../validation/schema";
import { judgeIdleSettings } from "./idle-settings";
import { judgeProvisioningUrl, provisioningUrlRule } from "./provisioning-url";
import { judgeInstanceType, sizeNames, sizes } from "./sizes";

export { connectorZones, judgeServedBy, placeConnectors } from "./placement";
export { instanceTypeOf, sizes } from "./sizes";
export { judgeSourceNames } from "./source-ranges";

/** Marketplace product codes of the Cloud Connector image. */
export const productCodes = { commercial: "2l8tfysndbav4tv2nfjwak3cu", china: "axnpwhsb4facossmbm1h9yad6" } as const;

const securityGroupId = () => awsId("sg", "a security group");

/** The security groups of the connectors' interfaces. */
const securityGroupSettings = (leaf: Leaf) =>
  oneOf({
    create: z
      .strictObject({})
      .meta({ description: "Make one for service interfaces and one for management interfaces, with their rules." }),
    existing: z
      .strictObject({
        service: leaf(securityGroupId()).meta({
          description:
            "Id of the security group of service interfaces. Let in all traffic of workloads and health probes, and let everything out.",
        }),
        management: leaf(securityGroupId()).meta({
          description: "Id of the security group of management interfaces. Let out TCP 443, UDP 123 and DNS.",
        }),
      })
      .meta({ description: "Security groups of the VPC that exist. Their rules are yours: none is added." }),
  })
    .prefault({ create: {} })
    .meta({ description: "Security groups of the connectors." });

/** What the connectors may do in AWS. IAM takes these names of an instance profile (IAM API reference, "CreateInstanceProfile"). */
const instanceProfileSettings = (leaf: Leaf) =>
  oneOf({
    create: z.strictObject({}).meta({ description: "Make a role with the policies that the connectors need, and its instance profile." }),
    existing: z
      .strictObject({
        name: leaf(
          matching(
            /^[\w+=,.@-]{1,128}$/,
            "name of an instance profile",
            "give the name alone, without path and ARN, such as cloud-connectors",
          ),
        ).meta({ description: "Name of the connectors' instance profile, without its path." }),
      })
      .meta({ description: "An instance profile that exists. The policies of its role are yours: it must at least read the secret." }),
  })
    .prefault({ create: {} })
    .meta({ description: "Instance profile of the connectors." });

const supportServerRule = "give the address of remotesupport.<your Zscaler cloud> with /32, such as 199.168.148.101/32";

const supportServer = () =>
  text(
    (value) =>
      /^\d{1,3}(\.\d{1,3}){3}\/32$/.test(value) && sourceRange().safeParse(value).success
        ? undefined
        : {
            problem: `${value} is no single address`,
            fix: supportServerRule,
          },
    {
      condition: (value) => `can(cidrhost(${value}, 0)) && endswith(${value}, "/32")`,
      message: `This is no single address: ${supportServerRule}.`,
    },
  );

const connectorShape = (leaf: Leaf) =>
  z.strictObject({
    provisioningUrl: leaf(text(judgeProvisioningUrl, provisioningUrlRule)).meta({
      description: "Provisioning URL from the Zscaler portal, without a scheme.",
      examples: ["connector.zscaler.net/api/v1/provUrl?name=aws-prod"],
    }),
    secret: leaf(secretName()).meta({
      description: "Name or ARN of the Secrets Manager secret with the keys `api_key`, `username` and `password`. It must exist.",
      examples: ["ZS/CC/credentials"],
    }),
    secretKmsKey: leaf(kmsKey())
      .optional()
      .meta({ description: "KMS key that encrypts the secret (id, ARN or alias), if it is not the account's default." }),
    size: z.enum(sizeNames).default("small").meta({ description: "Size of the connectors, as in the provisioning template." }),
    instanceType: leaf(z.string())
      .optional()
      .meta({
        description: `Instance type, of those that the size allows. By default ${sizeNames.map((size) => `${sizes[size].instanceType} for ${size}`).join(", ")}.`,
        examples: ["m6i.large"],
      }),
    perZone: z.int().min(1).max(20).default(1).meta({ description: "Connectors in each zone." }),
    servedBy: z
      .record(z.string(), z.string())
      .default({})
      .meta({ description: "Zones without connectors, each with the zone whose connectors serve it." }),
    ami: leaf(awsId("ami", "an image"))
      .optional()
      .meta({ description: "Image of the connectors. By default the newest of the AWS Marketplace, looked up once for each instance." }),
    disk: z
      .strictObject({
        type: leaf(z.enum(["gp3", "gp2"]))
          .default("gp3")
          .meta({ description: "Volume type of the root disk." }),
        kmsKey: leaf(kmsKey())
          .optional()
          .meta({ description: "KMS key of the root disk (id, ARN or alias). By default the account's key for EBS." }),
        grantTo: leaf(principalArn()).optional().meta({
          description: "ARN of the role that launches the connectors, to be granted the use of `kmsKey` where the key's policy does not.",
        }),
      })
      .prefault({})
      .superRefine(({ kmsKey, grantTo }, context) => {
        if (grantTo === undefined || kmsKey !== undefined) return;
        context.addIssue({
          code: "custom",
          path: ["grantTo"],
          message: findingMessage({ problem: "there is no key to grant", fix: "name the key in kmsKey, or leave grantTo out" }),
        });
      }, evenIfWrong)
      .meta({ description: "Root disk, always encrypted." }),
    hostnames: z
      .strictObject({
        type: z
          .enum(["resource-name", "ip-name"])
          .default("resource-name")
          .meta({ description: "Host names made of the instance's id or its address." }),
        aRecord: z.boolean().default(false).meta({ description: "Whether a host name resolves to the address." }),
      })
      .prefault({})
      .meta({ description: "Names of the connectors in the VPC's DNS. Later changes do not touch connectors that run." }),
    ssh: z
      .strictObject({
        keyName: leaf(z.string().min(1).max(255))
          .optional()
          .meta({ description: "Name of an EC2 key pair that exists. Later changes do not touch connectors that run." }),
        allowFrom: namedSourceRanges(leaf).default({}).meta({ description: "Ranges that may use SSH, by a name of your own." }),
      })
      .optional()
      .meta({ description: "SSH to the management interfaces. Session Manager works without." }),
    supportServer: leaf(supportServer()).optional().meta({
      description: "Address of Zscaler's support server, to let support in when you start a tunnel. It differs by Zscaler cloud.",
    }),
    managementTier: z
      .enum(["shared", "separate"])
      .default("shared")
      .meta({ description: "Whether management interfaces share the connector subnets or get subnets of their own." }),
    managementSecurityGroups: z
      .array(leaf(securityGroupId()))
      // An interface takes five security groups, of which one is that of all management interfaces.
      .max(4)
      .default([])
      .meta({ description: "Further security groups of the management interfaces." }),
    securityGroups: securityGroupSettings(leaf),
    instanceProfile: instanceProfileSettings(leaf),
    sourceRanges: namedSourceRanges(leaf)
      .default({})
      .meta({ description: "Ranges outside the VPC whose traffic the connectors take, by a name of your own." }),
    healthProbePort: leaf(
      z
        .int()
        .refine((port) => port === 80 || (port >= 1024 && port <= 65535), {
          error: ({ input }) =>
            findingMessage({ problem: `${String(input)} is no port for health probes`, fix: "use 80, or 1024 to 65535" }),
        })
        .register(terraformRules, {
          condition: (value) => `${value} == 80 || (${value} >= 1024 && ${value} <= 65535)`,
          message: "This is no port for health probes: use 80, or 1024 to 65535.",
        }),
    )
      .default(50000)
      .meta({ description: "Port on which connectors answer health probes: 80, or 1024 to 65535." }),
    allPortsEgress: z
      .boolean()
      .default(true)
      .meta({ description: "Whether forwarded traffic may leave on any port. Without it only 443, 123 and 53 leave." }),
    cloudTags: z.boolean().default(false).meta({ description: "Permissions for Zscaler's discovery of workload tags." }),
  });

/** @param used settings that others than the connectors need too */
const judged = <Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape, z.core.$strict>, used: readonly string[] = []) =>
  schema.superRefine((settings: unknown, context) => {
    const idle = judgeIdleSettings(settings as Parameters<typeof judgeIdleSettings>[0]).filter(
      ({ at: [name = ""] }) => !used.includes(name),
    );
    for (const { at, ...finding } of idle) {
      context.addIssue({ code: "custom", path: [...at], message: findingMessage(finding) });
    }
    const { size, instanceType } = settings as { readonly size: unknown; readonly instanceType?: unknown };
    if (typeof instanceType !== "string" || instanceType.includes("${")) return;
    const finding = judgeInstanceType(size, instanceType);
    if (finding) context.addIssue({ code: "custom", path: ["instanceType"], message: findingMessage(finding) });
  }, evenIfWrong);

/** Settings of the Cloud Connectors of a deployment, a fixed number in each zone. */
export const connectorSettings = (leaf: Leaf) => judged(connectorShape(leaf));

/** Settings of the Cloud Connectors of a deployment whose fleet says how many there are. */
export const fleetConnectorSettings = (leaf: Leaf) =>
  // The fleet function reads the secret too.
  judged(connectorShape(leaf).omit({ perZone: true }), ["secretKmsKey"]);

export type ConnectorSettings = Immutable<z.input<ReturnType<typeof connectorSettings>>>;
export type FleetConnectorSettings = Immutable<z.input<ReturnType<typeof fleetConnectorSettings>>>;
