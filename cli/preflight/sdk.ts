import type { KMS } from "@aws-sdk/client-kms";
import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import type { ServiceQuotas } from "@aws-sdk/client-service-quotas";
import type { SSM } from "@aws-sdk/client-ssm";
import type { STS } from "@aws-sdk/client-sts";
import { ask, askFor, once } from "./asking";
import { type Aws, AwsRefusal } from "./aws";
import { storedKeyOf } from "./provisioning-key";
import { errorCode, errorMessage, refusal } from "./refusal";
import { type KeySource } from "./request";
import { ec2Questions } from "./sdk-ec2";
import { resolverQuestions } from "./sdk-resolver";
import { stateOf } from "./secret";

/** How AWS is reached. Credentials come from where the AWS CLI finds them. */
export interface AwsConnection {
  readonly region: string;
  readonly profile?: string;
  readonly assumeRole?: { readonly arn: string; readonly externalId?: string };
  /** Address of what answers in place of AWS. By default `AWS_ENDPOINT_URL`, if it is set. */
  readonly endpoint?: string;
  /** Milliseconds to wait for a connection (3000 by default) and for an answer (10000 by default). Each question is put at most twice. */
  readonly patience?: { readonly connection: number; readonly answer: number };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number; readonly throwOnRequestTimeout: boolean };
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: () => Promise<Credentials>;
}

const clientSettings = ({ region, profile, endpoint, patience = { connection: 3000, answer: 10000 } }: AwsConnection): ClientSettings => ({
  region,
  maxAttempts: 2,
  // Without throwOnRequestTimeout the SDK only warns when the time is up.
  requestHandler: { connectionTimeout: patience.connection, requestTimeout: patience.answer, throwOnRequestTimeout: true },
  ...(profile === undefined ? {} : { profile }),
  ...(endpoint === undefined ? {} : { endpoint }),
});

const connectSts = async (settings: ClientSettings): Promise<STS> => new (await import("@aws-sdk/client-sts")).STS(settings);

/** Credentials of the role that a provider assumes, asked for once. They outlive a preflight: AWS gives them for an hour. */
const roleCredentials = (settings: ClientSettings, role: NonNullable<AwsConnection["assumeRole"]>): (() => Promise<Credentials>) =>
  once(async () => {
    const sts = await connectSts(settings);
    const { Credentials: given } = await ask("sts:AssumeRole", () =>
      sts.assumeRole({
        RoleArn: role.arn,
        RoleSessionName: "zscaler-aws-preflight",
        ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
      }),
    );
    return {
      accessKeyId: given?.AccessKeyId ?? "",
      secretAccessKey: given?.SecretAccessKey ?? "",
      sessionToken: given?.SessionToken ?? "",
    };
  });

/** What is known of a secret that cannot be read, and may be there. */
type Unreadable = { readonly is: "absent" | "without a value" | "about to be deleted" };

/** Reads a secret and lets nothing of it out but what it is reduced to. Messages of errors are not passed on, since they may quote the answer. */
async function readSecret<State>(
  client: () => Promise<SecretsManager>,
  id: string,
  reduced: (text: string | undefined) => State,
): Promise<State | Unreadable> {
  try {
    const { SecretString } = await (await client()).getSecretValue({ SecretId: id });
    return reduced(SecretString);
  } catch (error) {
    if (error instanceof AwsRefusal) throw error;
    const code = errorCode(error);
    const message = errorMessage(error);
    if (code === "ResourceNotFoundException") return { is: /staging label/.test(message) ? "without a value" : "absent" };
    if (code === "InvalidRequestException" && /marked (for deletion|deleted)/.test(message)) return { is: "about to be deleted" };
    throw refusedRead("secretsmanager:GetSecretValue", error);
  }
}

/** Reads a parameter likewise. */
async function readParameter<State>(
  client: () => Promise<SSM>,
  name: string,
  reduced: (text: string | undefined, store: "encrypted" | "clear") => State,
): Promise<State | Unreadable> {
  try {
    const { Parameter } = await (await client()).getParameter({ Name: name, WithDecryption: true });
    return reduced(Parameter?.Value, Parameter?.Type === "SecureString" ? "encrypted" : "clear");
  } catch (error) {
    if (error instanceof AwsRefusal) throw error;
    if (errorCode(error) === "ParameterNotFound") return { is: "absent" };
    throw refusedRead("ssm:GetParameter", error);
  }
}

function refusedRead(of: string, error: unknown): AwsRefusal {
  const code = errorCode(error);
  // The key that encrypts it refused, not the service that keeps it.
  const ofKey = code === "DecryptionFailure" || (code === "AccessDeniedException" && /KMS/.test(errorMessage(error)));
  const { action, reason } = refusal(ofKey ? "kms:Decrypt" : of, error);
  return new AwsRefusal(action, reason, code);
}

/** AWS as the SDK reaches it. Nothing is loaded or sent before the first question. */
export function connectAws(connection: AwsConnection): Aws {
  const own = clientSettings(connection);
  const settings: ClientSettings =
    connection.assumeRole === undefined ? own : { ...own, credentials: roleCredentials(own, connection.assumeRole) };
  const sts = once(() => connectSts(settings));
  const quotas = once(async (): Promise<ServiceQuotas> => new (await import("@aws-sdk/client-service-quotas")).ServiceQuotas(settings));
  const secrets = once(async (): Promise<SecretsManager> => new (await import("@aws-sdk/client-secrets-manager")).SecretsManager(settings));
  const parameters = once(async (): Promise<SSM> => new (await import("@aws-sdk/client-ssm")).SSM(settings));
  const kms = once(async (): Promise<KMS> => new (await import("@aws-sdk/client-kms")).KMS(settings));

  return {
    ...ec2Questions(settings),
    ...resolverQuestions(sts, settings),

    async caller() {
      const { Account, Arn } = await ask("sts:GetCallerIdentity", async () => (await sts()).getCallerIdentity({}));
      return { account: Account ?? "", arn: Arn ?? "" };
    },

    async quota(service, code) {
      const quota = { ServiceCode: service, QuotaCode: code };
      const applied = await askFor("servicequotas:GetServiceQuota", "NoSuchResourceException", async () =>
        (await quotas()).getServiceQuota(quota),
      );
      if (applied?.Quota?.Value !== undefined) return applied.Quota.Value;
      // A quota that was never changed for the account may have no value of the account's own.
      const standard = await ask("servicequotas:GetAWSDefaultServiceQuota", async () => (await quotas()).getAWSDefaultServiceQuota(quota));
      if (standard.Quota?.Value !== undefined) return standard.Quota.Value;
      throw new AwsRefusal("servicequotas:GetAWSDefaultServiceQuota", "other", `no value of quota ${code}`);
    },

    secretState: (id, keys) => readSecret(secrets, id, (text) => stateOf(text, keys)),

    storedKey: (source: KeySource) =>
      "secret" in source
        ? readSecret(secrets, source.secret, (text) => storedKeyOf(text, source.field, "encrypted"))
        : readParameter(parameters, source.parameter, (text, store) => storedKeyOf(text, undefined, store)),

    async secretEncryption(id) {
      const secret = await askFor("secretsmanager:DescribeSecret", "ResourceNotFoundException", async () =>
        (await secrets()).describeSecret({ SecretId: id }),
      );
      return secret && { key: secret.KmsKeyId };
    },

    async key(id) {
      const answer = await askFor("kms:DescribeKey", "NotFoundException", async () => (await kms()).describeKey({ KeyId: id }));
      const key = answer?.KeyMetadata;
      return (
        key && {
          arn: key.Arn ?? "",
          account: key.AWSAccountId ?? "",
          state: key.KeyState ?? "in a state that AWS does not tell",
          spec: key.KeySpec ?? "",
          usage: key.KeyUsage ?? "",
          ofAws: key.KeyManager === "AWS",
        }
      );
    },

    async keyPolicy(arn) {
      const { Policy } = await ask("kms:GetKeyPolicy", async () => (await kms()).getKeyPolicy({ KeyId: arn, PolicyName: "default" }));
      return Policy ?? "";
    },
  };
}
