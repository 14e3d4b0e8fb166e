import { relative, resolve, sep } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  App,
  DataTerraformRemoteStateLocal,
  DataTerraformRemoteStateS3,
  Fn,
  LocalBackend,
  S3Backend,
  type S3BackendConfig,
  TerraformLocal,
  type TerraformRemoteState,
  type TerraformStack,
} from "cdktf";
import { clusterTag, stateName, type TerraformSettings } from "../config/terraform";
import { isToken, present } from "../modules/validation";
import { type ZscalerStack } from "./zscaler-stack";

/** The oldest Terraform that knows all that the stacks use. A lock file in S3 needs 1.10. */
const terraformVersion = (lockFile: boolean): string => (lockFile ? ">= 1.10" : ">= 1.7");

/** The tags of everything in a deployment. */
function defaultTags(stack: ZscalerStack, tags: TerraformSettings["tags"]): Record<string, string> {
  const ours = { ManagedBy: "terraform", Vendor: "Zscaler", [clusterTag(stack.resourceName)]: "shared" };
  if (!isToken(tags)) return { ...ours, ...tags };
  return Fn.merge([new TerraformLocal(stack, "own_tags", ours).asStringMap, tags]) as Record<string, string>;
}

/**
 * Sets a stack's provider, with its default tags, and its backend.
 *
 * @returns the default tags
 */
export function applyTerraformSettings(stack: ZscalerStack, settings: TerraformSettings): Readonly<Record<string, string>> {
  const name = stack.node.id;
  const tags = defaultTags(stack, settings.tags);
  const { profile, assumeRole, allowedAccountIds } = settings.provider;
  new AwsProvider(stack, "aws", {
    region: settings.region,
    ...present({
      profile,
      assumeRole: assumeRole && [present(assumeRole)],
      allowedAccountIds: allowedAccountIds && [...allowedAccountIds],
    }),
    defaultTags: [{ tags }],
  });

  const { s3 } = settings.backend;
  const place = placeOf(stack, name, settings.backend);
  if ("path" in place) new LocalBackend(stack, place);
  else new S3Backend(stack, place);
  if (s3?.lockFile) stack.addOverride("terraform.backend.s3.use_lockfile", true);
  stack.addOverride("terraform.required_version", terraformVersion(s3?.lockFile === true));
  return tags;
}

/** The state of another deployment, as a stack reads it. */
export function remoteState(stack: ZscalerStack, deployment: string, backend: TerraformSettings["backend"]): TerraformRemoteState {
  const place = placeOf(stack, deployment, backend);
  const id = deployment.replaceAll("-", "_");
  return "path" in place ? new DataTerraformRemoteStateLocal(stack, id, place) : new DataTerraformRemoteStateS3(stack, id, place);
}

/** Where the state of a deployment is, as Terraform sees it that works on a stack. */
function placeOf(
  stack: ZscalerStack,
  deployment: string,
  { s3, local }: TerraformSettings["backend"],
): S3BackendConfig | { readonly path: string } {
  if (!s3) return { path: fromStackFolder(stack, resolve(local?.path ?? stateName(deployment))) };
  const { bucket, region, key = stateName(deployment), profile, kmsKey } = s3;
  return { bucket, region, key, encrypt: true, ...present({ profile, kmsKeyId: kmsKey }) };
}

/** A path as Terraform sees it, which runs in the stack's folder of the output: relative, so that the output can be moved with its project. */
function fromStackFolder(stack: TerraformStack, path: string): string {
  const folder = resolve(App.of(stack).outdir, "stacks", stack.node.id);
  return relative(folder, path).split(sep).join("/");
}
