import { z } from "zod";
import { namedSourceRanges, rangeName, sourceRange } from "../addressing/schema";
import { alarmSettings, topicSettings } from "../alarms/schema";
import { hookSeconds, judgeScaling, warmPoolSettings } from "../auto-scaling/schema";
import { kmsKey, secretName } from "../iam/schema";
import { lambdaSettings } from "../lambda/schema";
import { awsId, evenIfWrong, findingMessage, type Immutable, type Leaf, matching, oneOf, terraformRules, text } from "../validation/schema";
import { instanceTypeRule } from "./instance-types";
import { judgeAppConnectors } from "./judge-app-connectors";
import { mostInGroup } from "./sizing";

export { type AppConnectorCase, judgeAppConnectorFleet, warnAppConnectorFleet } from "./judge-fleet";
export { instanceTypeOf } from "./instance-types";
export { judgeProvisioningKey } from "./provisioning-key";
export { appConnectorGroupOf, fixedKeys, mostAppConnectors, mostEnrolled, sizeAppConnectors } from "./sizing";

/** Marketplace product code of the App Connector image. */
export const productCode = "by1wc5269g0048ix2nqvr0362";

const address = () =>
  matching(
    /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/,
    "IPv4 address",
    "give four numbers from 0 to 255, such as 10.1.0.2",
  );

const parameterName = () =>
  matching(
    /^([\w.-]+|(\/[\w.-]+)+|arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter\/[\w./-]+)$/,
    "parameter of Parameter Store",
    "give its name, which begins with / if it has more than one part, such as /zpa/provisioning-key, or its ARN",
  );

/** The name of what holds the provisioning key. The key itself, given by mistake, is not repeated to whoever reads the message. */
const holderOfKey = (name: z.ZodString): z.ZodString =>
  text((value) => {
    if (value.includes("|")) {
      return {
        problem: "this is a provisioning key itself",
        fix: "put it into Secrets Manager or Parameter Store, give the name of what holds it, and make a new key if the file has been shared",
      };
    }
    const [problem, fix] = name.safeParse(value).error?.issues[0]?.message.split("\n") ?? [];
    return problem === undefined ? undefined : { problem, fix: fix ?? "" };
  }, terraformRules.get(name));

/** Key of a JSON secret: it goes to the instances in a line of its own. */
const field = () => matching(/^[\w.-]{1,128}$/, "key of a secret", "use letters, digits, _, . and -");

const port = () => z.int().min(1).max(65535);

const portRange = () =>
  z.union([
    port(),
    matching(/^\d{1,5}-\d{1,5}$/, "range of ports", "give a port such as 443 without quotes, or a range such as 8000-8100"),
  ]);

const usesLeft = () =>
  z.int().min(1).optional().meta({
    description:
      "How many App Connectors the key still lets enroll, to have it compared with the most that can be there. Each replaced instance uses it again.",
  });

const location = (leaf: Leaf) => ({
  countryCode: leaf(matching(/^[A-Z]{2}$/, "country code", "give the two capital letters of ISO 3166, such as US")).meta({
    description: "Country, by ISO 3166.",
    examples: ["US"],
  }),
  cityCountry: leaf(z.string().min(1).max(255))
    .optional()
    .meta({ description: "City and country as the ZPA portal shows them, such as San Jose, US." }),
  location: leaf(z.string().min(1).max(255)).meta({ description: "Place as people write it.", examples: ["San Jose, CA, USA"] }),
  latitude: leaf(z.number().min(-90).max(90)).meta({ description: "Latitude in degrees, north positive.", examples: [37.33874] }),
  longitude: leaf(z.number().min(-180).max(180)).meta({ description: "Longitude in degrees, east positive.", examples: [-121.88525] }),
});

/** A group of App Connectors in ZPA: who is nearest, and when their software is updated. */
const groupSettings = (leaf: Leaf) =>
  z
    .strictObject({
      name: leaf(z.string().min(1).max(255)).optional().meta({ description: "Name of the group. By default the deployment's." }),
      description: leaf(z.string().max(255)).optional().meta({ description: "What the ZPA portal says of the group." }),
      ...location(leaf),
      upgradeDay: leaf(z.enum(["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"]))
        .default("SUNDAY")
        .meta({ description: "Day of the week on which Zscaler updates the software, one App Connector after the other." }),
      upgradeTimeSeconds: leaf(
        z
          .int()
          .min(0)
          .max(85_500)
          .refine((seconds) => seconds % 900 === 0, {
            error: ({ input }) =>
              findingMessage({
                problem: `${String(input)} is no quarter of an hour`,
                fix: "give a multiple of 900, such as 66600 for 18:30",
              }),
          })
          .register(terraformRules, {
            condition: (value) => `${value} % 900 == 0`,
            message: "This is no quarter of an hour: give a multiple of 900, such as 66600 for 18:30.",
          }),
      )
        .default(66_600)
        .meta({ description: "Seconds after midnight, local time of the group, at which the update begins: a multiple of 900." }),
      versionProfile: z
        .enum(["default", "previousDefault", "newRelease"])
        .optional()
        .meta({ description: "Which versions the group gets. By default what the tenant has set." }),
      dnsQueryType: leaf(z.enum(["IPV4_IPV6", "IPV4", "IPV6"]))
        .default("IPV4_IPV6")
        .meta({ description: "Addresses for which applications are looked up." }),
    })
    .meta({ description: "Make a group of App Connectors in ZPA, with the provider zscaler/zpa." });

const keySettings = (leaf: Leaf) =>
  oneOf({
    secretsManager: z
      .strictObject({
        secret: leaf(holderOfKey(secretName())).meta({
          description: "Name or ARN of the secret with the provisioning key. It may come after the deployment.",
          examples: ["ZS/AC/provisioning-key"],
        }),
        field: field()
          .optional()
          .meta({ description: "Key of the secret, if it is JSON. By default its whole text is the provisioning key." }),
        kmsKey: leaf(kmsKey())
          .optional()
          .meta({ description: "KMS key that encrypts the secret (id, ARN or alias), if it is not the account's default." }),
        usesLeft: usesLeft(),
      })
      .meta({ description: "A provisioning key in Secrets Manager." }),
    parameterStore: z
      .strictObject({
        parameter: leaf(holderOfKey(parameterName())).meta({
          description: "Name or ARN of the SecureString parameter with the provisioning key. It may come after the deployment.",
          examples: ["/zpa/provisioning-key"],
        }),
        kmsKey: leaf(kmsKey())
          .optional()
          .meta({ description: "KMS key that encrypts the parameter (id, ARN or alias), if it is not the account's default." }),
        usesLeft: usesLeft(),
      })
      .meta({ description: "A provisioning key in Parameter Store." }),
    create: z
      .strictObject({
        group: groupSettings(leaf),
        name: leaf(z.string().min(1).max(255))
          .optional()
          .meta({ description: "Name of the key, and first words of its App Connectors' names." }),
        uses: z.int().min(1).default(100).meta({ description: "How many App Connectors the key lets enroll." }),
        keyInState: z.literal("accepted").meta({
          description: "That the provider keeps the key in Terraform's state, where whoever reads the state reads it.",
          examples: ["accepted"],
        }),
      })
      .meta({ description: "Make a provisioning key, and a group for it, with the provider zscaler/zpa." }),
  }).meta({ description: "The provisioning key with which instances enroll." });

const enrollment = (leaf: Leaf) =>
  oneOf({
    key: keySettings(leaf),
    oauth: z
      .strictObject({
        group: oneOf({
          existing: z
            .strictObject({
              id: leaf(matching(/^\d{1,20}$/, "id of an App Connector group", 'give its digits in quotes: "72058304855015425"')).meta({
                description: "Id of the group in ZPA.",
              }),
            })
            .meta({ description: "A group that exists." }),
          create: groupSettings(leaf),
        }).meta({ description: "The group of App Connectors in ZPA." }),
      })
      .meta({ description: "No key: each instance shows a code, which a function registers in ZPA. Needs portal." }),
  }).meta({
    description: "How instances become App Connectors of ZPA.",
    examples: [{ key: { secretsManager: { secret: "ZS/AC/provisioning-key" } } }],
  });

const applicationRange = (leaf: Leaf) =>
  z.strictObject({
    range: leaf(sourceRange()).meta({ description: "Range of the applications' addresses." }),
    tcp: z.array(portRange()).default([]).meta({ description: "TCP ports, or ranges of them, such as 443 and 8000-8100." }),
    udp: z.array(portRange()).default([]).meta({ description: "UDP ports, or ranges of them." }),
    icmp: z.boolean().default(false).meta({ description: "Whether ICMP may leave too, by which ZPA finds some applications." }),
  });

const applications = (leaf: Leaf) =>
  oneOf({
    ranges: z.record(rangeName(), applicationRange(leaf)).meta({
      description: "Where the applications are, by a name of your own.",
      examples: [{ crm: { range: "10.1.0.0/20", tcp: [443] } }],
    }),
    any: z.strictObject({}).meta({ description: "Everything: the security group lets all traffic out." }),
  }).meta({
    description: "What the App Connectors may reach besides ZPA and DNS.",
    examples: [{ ranges: { crm: { range: "10.1.0.0/20", tcp: [443] } } }],
  });

const certificate = (leaf: Leaf) =>
  oneOf({
    parameter: z
      .strictObject({ name: leaf(parameterName()).meta({ description: "Name of the parameter with the certificate, as PEM." }) })
      .meta({ description: "In Parameter Store." }),
    s3: z
      .strictObject({
        bucket: leaf(
          matching(
            /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
            "bucket name",
            "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens",
          ),
        ).meta({
          description: "Bucket of the object.",
        }),
        key: leaf(matching(/^[\w!.'()/-]{1,512}$/, "key of an object", "use letters, digits, / and - _ . alone")).meta({
          description: "Object with the certificate, as PEM.",
        }),
      })
      .meta({ description: "In S3." }),
  });

const image = (leaf: Leaf) => {
  const ami = (newest: string) =>
    leaf(awsId("ami", "an image"))
      .optional()
      .meta({ description: `Image of the App Connectors. By default ${newest}.` });
  return oneOf({
    zscaler: z
      .strictObject({ ami: ami("the newest of the AWS Marketplace, looked up once") })
      .meta({ description: "Zscaler's image, with the App Connector on it." }),
    rhel: z
      .strictObject({ ami: ami("the newest Red Hat Enterprise Linux 9 of Red Hat's, looked up once") })
      .meta({ description: "Red Hat Enterprise Linux 9, on which the App Connector is installed from Zscaler's repository." }),
  })
    .prefault({ zscaler: {} })
    .meta({ description: "What the instances are started from. Never an image of an instance that has enrolled." });
};

const appConnectorShape = (leaf: Leaf) =>
  z.strictObject({
    enrollment: enrollment(leaf),
    applications: applications(leaf),
    // What other settings demand of it is judged with them.
    instanceType: leaf(z.string().register(terraformRules, instanceTypeRule))
      .optional()
      .meta({
        description:
          "Instance type: x86_64, at least 4 vCPUs, 8 with AppProtection. By default m5a.xlarge, with AppProtection m5a.2xlarge; t3.xlarge will do to try.",
        examples: ["m5a.xlarge"],
      }),
    appProtection: z
      .boolean()
      .default(false)
      .meta({ description: "Whether ZPA inspects the applications' traffic by AppProtection, which needs 8 vCPUs and 8 GB." }),
    allowUndersized: z
      .boolean()
      .default(false)
      .meta({ description: "Allow instance types that are smaller than Zscaler supports, for a laboratory." }),
    image: image(leaf),
    updatePackages: z
      .boolean()
      .default(true)
      .meta({ description: "Whether an instance updates its packages before it enrolls, as Zscaler advises." }),
    disk: z
      .strictObject({
        sizeGb: leaf(z.int().min(64).max(16_384)).default(64).meta({ description: "Size of the root disk in GB: Zscaler asks for 64." }),
        type: leaf(z.enum(["gp3", "gp2"]))
          .default("gp3")
          .meta({ description: "Volume type of the root disk." }),
        kmsKey: leaf(kmsKey())
          .optional()
          .meta({ description: "KMS key of the root disk (id, ARN or alias). By default the account's key for EBS." }),
      })
      .prefault({})
      .meta({ description: "Root disk, always encrypted." }),
    proxy: z
      .strictObject({
        host: leaf(matching(/^[A-Za-z0-9.-]{1,253}$/, "host", "give a name or an address alone, without scheme and port")).meta({
          description: "Name or address of the HTTP proxy.",
        }),
        port: leaf(port()).meta({ description: "Its port." }),
        bypass: z
          .array(
            matching(
              /^(\*\.)?[A-Za-z0-9./:-]+$/,
              "entry of a proxy bypass",
              "give an address, a range, a domain or one such as *.internal.local",
            ),
          )
          .default([])
          .meta({ description: "Addresses, ranges and domains that are reached past the proxy." }),
        secret: leaf(secretName()).optional().meta({
          description: "Name or ARN of the secret with `username` and `password`, with which packages are fetched through the proxy.",
        }),
      })
      .optional()
      .meta({ description: "HTTP proxy between the App Connectors and ZPA. What AWS answers is never asked for through it." }),
    dns: z
      .strictObject({
        servers: z
          .array(leaf(address()))
          .min(1)
          .max(3)
          .meta({ description: "Addresses of resolvers that know the applications' own names." }),
      })
      .optional()
      .meta({ description: "Resolvers in place of the VPC's." }),
    routes: z
      .record(
        rangeName(),
        z.strictObject({
          range: leaf(sourceRange()).meta({ description: "Destination." }),
          gateway: leaf(address()).meta({ description: "Address of the next hop." }),
        }),
      )
      .default({})
      .meta({ description: "Static routes of the instances, by a name of your own." }),
    tcpKeepalive: z
      .strictObject({
        timeSeconds: leaf(z.int().min(1).max(32_767)).default(60).meta({ description: "Seconds of silence until the first probe." }),
        intervalSeconds: leaf(z.int().min(1).max(32_767)).default(10).meta({ description: "Seconds between probes." }),
        probes: leaf(z.int().min(1).max(127))
          .default(6)
          .meta({ description: "Probes without an answer after which a connection is dead." }),
      })
      .optional()
      .meta({ description: "TCP keepalive towards applications whose segment group has it. By default the system's." }),
    certificates: z
      .record(rangeName(), certificate(leaf))
      .default({})
      .meta({ description: "Certificates of further authorities that the instances trust, by a name of your own." }),
    addresses: z
      .record(z.string(), leaf(address()))
      .default({})
      .meta({ description: "Addresses of fixed App Connectors, by zone and number.", examples: [{ "a-1": "10.1.200.10" }] }),
    ssh: z
      .strictObject({
        keyName: leaf(z.string().min(1).max(255))
          .optional()
          .meta({ description: "Name of an EC2 key pair that exists. Later changes do not touch App Connectors that run." }),
        allowFrom: namedSourceRanges(leaf).default({}).meta({ description: "Ranges that may use SSH, by a name of your own." }),
      })
      .optional()
      .meta({ description: "SSH to the App Connectors. Session Manager works without." }),
    securityGroup: oneOf({
      create: z.strictObject({}).meta({ description: "Make one with its rules." }),
      existing: z
        .strictObject({ id: leaf(awsId("sg", "a security group")).meta({ description: "Id of the security group." }) })
        .meta({ description: "A security group of the VPC that exists. Its rules are yours: none is added." }),
    })
      .prefault({ create: {} })
      .meta({ description: "Security group of the App Connectors." }),
    instanceProfile: oneOf({
      create: z
        .strictObject({})
        .meta({ description: "Make a role with the policies that the App Connectors need, and its instance profile." }),
      existing: z
        .strictObject({
          name: leaf(
            matching(
              /^[\w+=,.@-]{1,128}$/,
              "name of an instance profile",
              "give the name alone, without path and ARN, such as app-connectors",
            ),
          ).meta({ description: "Name of the instance profile, without its path." }),
        })
        .meta({ description: "An instance profile that exists. The policies of its role are yours." }),
    })
      .prefault({ create: {} })
      .meta({ description: "Instance profile of the App Connectors." }),
  });

/** Settings of the App Connectors of a deployment. */
export const appConnectorSettings = (leaf: Leaf) =>
  appConnectorShape(leaf).superRefine((settings: Readonly<Record<string, unknown>>, context) => {
    for (const { at, ...finding } of judgeAppConnectors(settings)) {
      context.addIssue({ code: "custom", path: [...at], message: findingMessage(finding) });
    }
  }, evenIfWrong);

const scaling = (leaf: Leaf) =>
  z
    .strictObject({
      min: z
        .int()
        .min(1)
        .max(mostInGroup)
        .optional()
        .meta({ description: "The fewest App Connectors. By default one for each zone, two at least." }),
      max: z.int().min(1).max(mostInGroup).optional().meta({ description: "The most App Connectors. By default twice the fewest." }),
      target: oneOf({
        cpuPercent: leaf(z.int().min(10).max(90)).meta({ description: "Average CPU of the group in percent. Zscaler advises 50." }),
        networkInBytes: leaf(z.int().min(1)).meta({ description: "Average bytes that an instance receives in a minute." }),
        networkOutBytes: leaf(z.int().min(1)).meta({ description: "Average bytes that an instance sends in a minute." }),
      })
        .prefault({ cpuPercent: 50 })
        .meta({ description: "What the group is kept at." }),
      graceSeconds: leaf(z.int().min(0).max(7200))
        .default(300)
        .meta({ description: "Seconds after an App Connector enters service in which its health does not count." }),
      warmUpSeconds: leaf(z.int().min(0).max(3600))
        .default(120)
        .meta({ description: "Seconds in service after which a new App Connector counts in the group's metrics." }),
      launchHook: oneOf({
        wait: z
          .strictObject({
            timeoutSeconds: leaf(hookSeconds().min(600))
              .default(1800)
              .meta({ description: "Seconds that an instance has to enroll. One that does not is replaced." }),
          })
          .meta({ description: "An instance is in service once its App Connector is connected to ZPA." }),
        none: z.strictObject({}).meta({ description: "An instance is in service as soon as it runs." }),
      })
        .prefault({ wait: {} })
        .meta({ description: "What a launch waits for." }),
      drainMinutes: leaf(z.int().min(0).max(1440)).default(10).meta({
        description:
          "Minutes for which an App Connector that ends keeps its sessions and gets no new ones. Needs portal. Zscaler advises a day for planned replacements.",
      }),
      // One that goes back is not drained.
      warmPool: warmPoolSettings(leaf, mostInGroup, false).optional(),
      protectFromScaleIn: leaf(z.boolean())
        .default(false)
        .meta({ description: "Whether the group never ends an App Connector to shrink." }),
      notifications: topicSettings(leaf, "notifications", "Auto Scaling")
        .optional()
        .meta({ description: "Who is told of each launch and end, by SNS. By default nobody." }),
    })
    .superRefine((settings: Readonly<Record<string, unknown>>, context) => {
      for (const { at, ...finding } of judgeScaling(settings, "App Connectors")) {
        context.addIssue({ code: "custom", path: [...at], message: findingMessage(finding) });
      }
    }, evenIfWrong);

/** How many App Connectors a deployment has: a fixed number, or as many as Auto Scaling finds right. */
export const appConnectorFleetSettings = (leaf: Leaf) =>
  oneOf({
    fixed: z
      .strictObject({ perZone: z.int().min(1).max(20).default(1).meta({ description: "App Connectors in each zone." }) })
      .meta({ description: "A fixed number of App Connectors." }),
    autoScaling: scaling(leaf).meta({ description: "An Auto Scaling group over all zones." }),
  })
    .prefault({ fixed: {} })
    .meta({ description: "How many App Connectors there are." });

/** How the ZPA API is reached, by OneAPI with OAuth 2.0 client credentials. */
export const portalSettings = (leaf: Leaf) =>
  z
    .strictObject({
      vanityDomain: leaf(matching(/^[A-Za-z0-9-]{1,63}$/, "vanity domain", "give what stands before .zslogin.net, such as acme")).meta({
        description: "The tenant's vanity domain: what stands before .zslogin.net.",
        examples: ["acme"],
      }),
      cloud: matching(/^[a-z0-9]{1,20}$/, "cloud of Zscaler's", "give one such as beta, in small letters")
        .optional()
        .meta({ description: "Zscaler's cloud, if it is not the production one: beta, for example." }),
      customerId: leaf(matching(/^\d{1,20}$/, "ZPA customer id", 'give its digits in quotes: "72058304855015424"')).meta({
        description: "The tenant's customer id in ZPA.",
      }),
      microtenantId: leaf(matching(/^\d{1,20}$/, "id of a microtenant", "give its digits in quotes"))
        .optional()
        .meta({ description: "Id of the microtenant, where there are some." }),
      secret: leaf(secretName()).meta({
        description:
          "Name or ARN of the secret with `client_id` and `client_secret` of an API client that may edit App Connectors. It must exist.",
        examples: ["ZS/ZPA/api"],
      }),
      secretKmsKey: leaf(kmsKey())
        .optional()
        .meta({ description: "KMS key that encrypts the secret (id, ARN or alias), if it is not the account's default." }),
    })
    .meta({ description: "The ZPA API, by which App Connectors that end are removed, and OAuth codes registered." });

/** How App Connectors are watched and worked on. */
export const operationsSettings = (leaf: Leaf) =>
  z
    .strictObject({
      enrollMinutes: z
        .int()
        .min(10)
        .max(1440)
        .default(30)
        .meta({ description: "Minutes after its start after which an instance that has not enrolled raises an alarm." }),
      agentMinutes: z
        .int()
        .min(10)
        .max(1440)
        .default(30)
        .meta({ description: "Minutes after its start after which an instance that Session Manager does not know raises an alarm." }),
      cpuPercent: leaf(z.int().min(10).max(100)).default(85).meta({ description: "CPU of an App Connector that is high." }),
      cpuMinutes: z.int().min(5).max(1440).default(30).meta({ description: "Minutes for which it must be high to raise an alarm." }),
      logBucket: leaf(
        matching(
          /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
          "bucket name",
          "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens",
        ),
      )
        .optional()
        .meta({ description: "Bucket to which logs that are collected go. By default only their end is shown." }),
      alarms: alarmSettings(leaf),
      ...lambdaSettings(leaf, 5),
    })
    .prefault({})
    .meta({ description: "Alarms, documents of Systems Manager, and the function that looks after the App Connectors." });

export type AppConnectorSettings = Immutable<z.input<ReturnType<typeof appConnectorSettings>>>;
export type AppConnectorFleetSettings = Immutable<z.input<ReturnType<typeof appConnectorFleetSettings>>>;
export type AppConnectorFleet = Immutable<z.output<ReturnType<typeof appConnectorFleetSettings>>>;
export type GroupSettings = Immutable<z.output<ReturnType<typeof groupSettings>>>;
export type PortalSettings = Immutable<z.input<ReturnType<typeof portalSettings>>>;
export type OperationsSettings = Immutable<z.input<ReturnType<typeof operationsSettings>>>;
