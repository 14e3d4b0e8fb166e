import { TerraformProvider, type TerraformProviderGeneratorMetadata } from "cdktf";
import { type Construct } from "constructs";

/** The versions that have every attribute that is emitted here. */
export const zpaVersions: TerraformProviderGeneratorMetadata = { providerName: "zpa", providerVersionConstraint: ">= 4.4.8, < 5" };

/**
 * The Terraform provider zscaler/zpa. Nothing is set: it takes `ZSCALER_CLIENT_ID`, `ZSCALER_CLIENT_SECRET`, `ZSCALER_VANITY_DOMAIN` and
 * `ZPA_CUSTOMER_ID`, and where there is one `ZSCALER_CLOUD` and `ZPA_MICROTENANT_ID`, from the environment, so that no secret is written.
 */
export class ZpaProvider extends TerraformProvider {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      terraformResourceType: "zpa",
      terraformGeneratorMetadata: zpaVersions,
      terraformProviderSource: "zscaler/zpa",
    });
  }
}
