import { devNull } from "node:os";
import { CreateSecretCommand, ResourceExistsException, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** Keys that open no account. */
const emulatedCredentials = { accessKeyId: "emulator", secretAccessKey: "emulator" };

/** An emulated account, in one region. */
export interface Account {
  readonly endpoint: string;
  readonly region: string;
}

/** The configuration of an AWS SDK client that speaks to the emulator and to nothing else. */
export const clientConfiguration = ({ endpoint, region }: Account) => ({ endpoint, region, credentials: emulatedCredentials });

/** Variables that would change which account is reached, or what Terraform does there. */
const misleading = /^(AWS_|TF_CLI_ARGS|TF_CLI_CONFIG_FILE$|TF_WORKSPACE$|TF_DATA_DIR$|TF_PLUGIN_CACHE_)/;

/**
 * The environment of a process that can reach the emulator and no AWS account: every inherited AWS variable is left out, profiles and
 * credential files are empty, and the instance metadata service, which would give a role's keys on EC2, is off.
 */
export function accountEnvironment({ endpoint, region }: Account, inherited: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const harmless = Object.entries(inherited).filter(([name]) => !misleading.test(name));
  return {
    ...Object.fromEntries(harmless),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: emulatedCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulatedCredentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
  };
}

/** Makes what an account has before a deployment: the secret that connectors read, with placeholders. One that is there stays as it is. */
export async function seedAccount(account: Account, { secret }: { readonly secret: string }): Promise<void> {
  const client = new SecretsManagerClient(clientConfiguration(account));
  const placeholders = { api_key: "placeholder", username: "placeholder", password: "placeholder" };
  try {
    await client.send(new CreateSecretCommand({ Name: secret, SecretString: JSON.stringify(placeholders) }));
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error;
  } finally {
    client.destroy();
  }
}
