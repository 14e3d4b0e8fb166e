import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type LambdaFunctionConfig } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, TerraformAsset } from "cdktf";
import { type Construct } from "constructs";

/**
 * The code of the function of a module, as it was built into its `dist/function.zip`.
 *
 * @param module folder of the module among the modules
 * @throws When it is not built.
 */
export function functionCode(scope: Construct, module: string): Pick<LambdaFunctionConfig, "filename" | "sourceCodeHash"> {
  const zip = join(__dirname, "..", module, "dist", "function.zip");
  if (!existsSync(zip))
    throw new Error(`${scope.node.path} needs its function's code, modules/${module}/dist/function.zip: run npm run build`);
  const { path } = new TerraformAsset(scope, "code", { path: zip, type: AssetType.FILE });
  return {
    // Terraform compares the text: another spelling of the same path would update the function in every plan.
    filename: `\${path.module}/${path}`,
    sourceCodeHash: createHash("sha256").update(readFileSync(zip)).digest("base64"),
  };
}
