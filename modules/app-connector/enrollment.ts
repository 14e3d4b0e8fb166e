import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { type z } from "zod";
import { explain } from "../explanation";
import { existingKeyArn, parameterArn, secretArn, type Statement } from "../iam";
import { asText, present } from "../validation";
import { type BootSettings } from "./boot/boot-settings";
import { type appConnectorSettings, type GroupSettings } from "./schema";
import { AppConnectorGroup, DataEnrollmentCertificate, ProvisioningKey, ZpaProvider } from "./zpa";

type Settings = z.output<ReturnType<typeof appConnectorSettings>>["enrollment"];

/** How instances become App Connectors of ZPA. */
export interface Enrollment {
  /** What the instances are told. */
  readonly boot: BootSettings["enrollment"];
  /** What their role needs for it. */
  readonly statements: readonly Statement[];
  /** Id of the group of App Connectors, where a function registers codes. */
  readonly oauthGroupId: string | undefined;
  /** The group in ZPA, where it is made. */
  readonly appConnectorGroup: AppConnectorGroup | undefined;
  /** The key in ZPA, where it is made. */
  readonly provisioningKey: ProvisioningKey | undefined;
  /** The secret with the key, where that is made. */
  readonly keySecret: SecretsmanagerSecret | undefined;
  /** What must stand before the first boot. */
  readonly ready: readonly ITerraformDependable[];
}

/** What is read from where a customer's key may encrypt it. */
const reading = (action: string, arn: string, keyArn: string | undefined): readonly Statement[] => [
  { Effect: "Allow", Action: action, Resource: arn },
  ...(keyArn === undefined ? [] : [{ Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn } as const]),
];

/** Makes in the scope what enrollment needs and is to be made: in ZPA a group and a provisioning key, and a secret for the key. */
export function enrollmentOf(scope: Construct, { key, oauth }: Settings, { name }: { readonly name: string }): Enrollment {
  const nothing = {
    oauthGroupId: undefined,
    appConnectorGroup: undefined,
    provisioningKey: undefined,
    keySecret: undefined,
    ready: [],
  } as const;
  const kmsKeyArn = (kmsKey: string | undefined) => (kmsKey === undefined ? undefined : existingKeyArn(scope, "enrollment", kmsKey));

  if (key?.secretsManager) {
    const { secret, field, kmsKey } = key.secretsManager;
    return {
      ...nothing,
      boot: { secretsManager: { secret, field } },
      statements: reading("secretsmanager:GetSecretValue", secretArn(scope, secret), kmsKeyArn(kmsKey)),
    };
  }
  if (key?.parameterStore) {
    const { parameter, kmsKey } = key.parameterStore;
    return {
      ...nothing,
      boot: { parameterStore: { parameter } },
      statements: reading("ssm:GetParameter", parameterArn(scope, parameter), kmsKeyArn(kmsKey)),
    };
  }
  if (key?.create) return { ...nothing, ...makeKey(scope, key.create, name) };
  const appConnectorGroup = oauth?.group.create && makeGroup(scope, oauth.group.create, name);
  return {
    ...nothing,
    boot: { oauth: {} },
    statements: [],
    oauthGroupId: appConnectorGroup?.id ?? oauth?.group.existing?.id,
    appConnectorGroup,
  };
}

function makeKey(scope: Construct, settings: NonNullable<NonNullable<Settings["key"]>["create"]>, name: string) {
  const appConnectorGroup = makeGroup(scope, settings.group, name);
  // Zscaler's own, which signs the certificates of App Connectors.
  const certificate = new DataEnrollmentCertificate(scope, "enrollment_cert", { name: "Connector" });
  const provisioningKey = new ProvisioningKey(scope, "provisioning_key", {
    name: settings.name ?? settings.group.name ?? name,
    maxUsage: asText(settings.uses),
    enrollmentCertId: certificate.id,
    zcomponentId: appConnectorGroup.id,
  });
  explain(provisioningKey, "The provider keeps the key in the state: whoever reads the state can enroll App Connectors.");
  const within = new Construct(scope, "key");
  const keySecret = new SecretsmanagerSecret(within, "secretsmanager_secret", {
    name: `zscaler/app-connectors/${name}/provisioning-key`,
    description: `Provisioning key of the App Connectors of ${name}`,
    // The key stands in ZPA and can be read there again: nothing is lost, and the name is free at once.
    recoveryWindowInDays: 0,
  });
  const version = new SecretsmanagerSecretVersion(within, "secretsmanager_secret_version", {
    secretId: keySecret.id,
    secretString: provisioningKey.provisioningKey,
  });
  return {
    boot: { secretsManager: { secret: keySecret.arn } },
    statements: reading("secretsmanager:GetSecretValue", keySecret.arn, undefined),
    appConnectorGroup,
    provisioningKey,
    keySecret,
    ready: [version],
  };
}

/** Ids of Zscaler's version profiles (provider zscaler/zpa, `zpa_app_connector_group`). */
const versionProfiles = { default: "0", previousDefault: "1", newRelease: "2" } as const;

function makeGroup(scope: Construct, settings: GroupSettings, name: string): AppConnectorGroup {
  const stack = TerraformStack.of(scope);
  // A stack has one provider of a kind.
  if (!stack.node.findAll().some((made) => made instanceof ZpaProvider)) new ZpaProvider(stack, "zpa_provider");
  const { versionProfile, latitude, longitude, upgradeTimeSeconds, name: groupName = name, ...same } = settings;
  return new AppConnectorGroup(scope, "app_connector_group", {
    ...present(same),
    name: groupName,
    latitude: asText(latitude),
    longitude: asText(longitude),
    upgradeTimeInSecs: asText(upgradeTimeSeconds),
    ...(versionProfile === undefined ? {} : { overrideVersionProfile: true, versionProfileId: versionProfiles[versionProfile] }),
  });
}
