import { type FailoverDocument, failoverDocument } from "../../modules/route-failover/function/document";
import { asText, type Block, type SynthesizedStack } from "./synthesize";

/** What a stack tells its function, with Terraform's references in it: from the function's environment, or from its parameters. */
export function documentOf(stack: SynthesizedStack): FailoverDocument {
  const { variables } = stack.at("aws_lambda_function.failover")["environment"] as { readonly variables: Block };
  const whole = variables["FAILOVER_DOCUMENT"];
  if (whole !== undefined) return failoverDocument.parse(parsed(whole));
  const path = `${asText(variables["FAILOVER_DOCUMENT_PATH"])}/`;
  const parts = Object.values(stack.ofType("aws_ssm_parameter"))
    .filter(({ name }) => asText(name).startsWith(path))
    .map(({ value }) => parsed(value));
  const { parts: count, ...settings } = parts.find((part) => "parts" in part) ?? {};
  expect(parts).toHaveLength(Number(count));
  return failoverDocument.parse({
    ...settings,
    connectors: Object.assign({}, ...parts.map((part) => part["connectors"] ?? {})) as unknown,
    routes: parts.flatMap((part) => part["routes"] ?? []),
  });
}

/** JSON with a port that may be a reference: a number to Terraform, and no JSON until then. */
const parsed = (text: Block[string] | undefined): Block => JSON.parse(asText(text).replace(/:(\$\{[^}]*\})/g, ':"$1"')) as Block;
