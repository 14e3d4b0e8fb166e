import { stringToTerraform, TerraformDataSource, type TerraformMetaArguments } from "cdktf";
import { type Construct } from "constructs";
import { zpaVersions } from "./provider";

export interface DataEnrollmentCertificateConfig extends TerraformMetaArguments {
  /** Its name in ZPA. Zscaler's own for App Connectors is `Connector`. */
  readonly name: string;
}

/** Looks up a certificate that signs those of App Connectors, by its name: `zpa_enrollment_cert`. */
export class DataEnrollmentCertificate extends TerraformDataSource {
  static readonly tfResourceType = "zpa_enrollment_cert";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: DataEnrollmentCertificateConfig,
  ) {
    super(scope, id, {
      ...config,
      terraformResourceType: DataEnrollmentCertificate.tfResourceType,
      terraformGeneratorMetadata: zpaVersions,
    });
  }

  get id(): string {
    return this.getStringAttribute("id");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { name: stringToTerraform(this.config.name) };
  }
}
