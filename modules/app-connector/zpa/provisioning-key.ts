import { stringToTerraform, type TerraformMetaArguments, TerraformResource } from "cdktf";
import { type Construct } from "constructs";
import { zpaVersions } from "./provider";

/** Attributes of a provisioning key, in the provider's own terms. */
export interface ProvisioningKeyConfig extends TerraformMetaArguments {
  readonly name: string;
  /** How many App Connectors it lets enroll. */
  readonly maxUsage: string;
  /** Id of the certificate that signs those of its App Connectors. */
  readonly enrollmentCertId: string;
  /** Id of the group of its App Connectors. */
  readonly zcomponentId: string;
}

/** A provisioning key for App Connectors: `zpa_provisioning_key`. The provider keeps the key itself in the state. */
export class ProvisioningKey extends TerraformResource {
  static readonly tfResourceType = "zpa_provisioning_key";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: ProvisioningKeyConfig,
  ) {
    super(scope, id, { ...config, terraformResourceType: ProvisioningKey.tfResourceType, terraformGeneratorMetadata: zpaVersions });
  }

  get id(): string {
    return this.getStringAttribute("id");
  }

  /** The key itself, which is sensitive. */
  get provisioningKey(): string {
    return this.getStringAttribute("provisioning_key");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { config } = this;
    return {
      name: stringToTerraform(config.name),
      association_type: "CONNECTOR_GRP",
      max_usage: stringToTerraform(config.maxUsage),
      enrollment_cert_id: stringToTerraform(config.enrollmentCertId),
      zcomponent_id: stringToTerraform(config.zcomponentId),
    };
  }
}
