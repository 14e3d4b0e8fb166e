import { booleanToTerraform, stringToTerraform, type TerraformMetaArguments, TerraformResource } from "cdktf";
import { type Construct } from "constructs";
import { zpaVersions } from "./provider";

/** Attributes of a group, in the provider's own terms. */
export interface AppConnectorGroupConfig extends TerraformMetaArguments {
  readonly name: string;
  readonly description?: string;
  /** Two capital letters of ISO 3166. */
  readonly countryCode?: string;
  readonly cityCountry?: string;
  readonly location: string;
  /** Degrees, north positive. */
  readonly latitude: string;
  /** Degrees, east positive. */
  readonly longitude: string;
  /** A day of the week in capital letters. */
  readonly upgradeDay?: string;
  /** Seconds after midnight, a multiple of 900. */
  readonly upgradeTimeInSecs?: string;
  /** Whether `versionProfileId` counts, and not what the tenant has set. */
  readonly overrideVersionProfile?: boolean;
  /** 0 is the default profile, 1 the previous default, 2 new releases. */
  readonly versionProfileId?: string;
  /** `IPV4_IPV6`, `IPV4` or `IPV6`. */
  readonly dnsQueryType?: string;
}

/** A group of App Connectors in ZPA: `zpa_app_connector_group`. */
export class AppConnectorGroup extends TerraformResource {
  static readonly tfResourceType = "zpa_app_connector_group";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: AppConnectorGroupConfig,
  ) {
    super(scope, id, { ...config, terraformResourceType: AppConnectorGroup.tfResourceType, terraformGeneratorMetadata: zpaVersions });
  }

  /** The group's id in ZPA. */
  get id(): string {
    return this.getStringAttribute("id");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { config } = this;
    return {
      name: stringToTerraform(config.name),
      description: stringToTerraform(config.description),
      country_code: stringToTerraform(config.countryCode),
      city_country: stringToTerraform(config.cityCountry),
      location: stringToTerraform(config.location),
      latitude: stringToTerraform(config.latitude),
      longitude: stringToTerraform(config.longitude),
      upgrade_day: stringToTerraform(config.upgradeDay),
      upgrade_time_in_secs: stringToTerraform(config.upgradeTimeInSecs),
      override_version_profile: booleanToTerraform(config.overrideVersionProfile),
      version_profile_id: stringToTerraform(config.versionProfileId),
      dns_query_type: stringToTerraform(config.dnsQueryType),
    };
  }
}
