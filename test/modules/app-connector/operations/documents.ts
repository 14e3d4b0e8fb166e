import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { OperationsDocuments, type OperationsDocumentsProps } from "../../../../modules/app-connector/operations";
import { ZscalerStack } from "../../../../stacks/zscaler-stack";
import { asText, type SynthesizedStack, synthesizeApp } from "../../../stacks/synthesize";

const props: OperationsDocumentsProps = { name: "apps", enrollSeconds: 1800, drainSeconds: 600 };

/** A stack with the documents by the id `operations`. */
export const synthesizeOperations = (
  more: object | ((stack: ZscalerStack) => object) = {},
  look: (documents: OperationsDocuments) => void = () => {},
): SynthesizedStack =>
  synthesizeApp((app) => {
    const stack = new ZscalerStack(app, "apps");
    new AwsProvider(stack, "aws", { region: "us-west-2" });
    const given = (typeof more === "function" ? more(stack) : more) as Partial<OperationsDocumentsProps>;
    look(new OperationsDocuments(stack, "operations", { ...props, ...given }));
  })("apps");

/** What a document of a stack says, by its procedure. */
export const contentOf = (stack: SynthesizedStack, procedure: string): unknown =>
  JSON.parse(asText(stack.at(`aws_ssm_document.operations_${procedure.replaceAll("-", "_")}`)["content"])) as unknown;
