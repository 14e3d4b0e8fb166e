import { type IConstruct } from "constructs";

const kind = "explanation";

/** Says what a reader of the generated configuration needs to know of a resource: it stands above it as a comment. */
export const explain = (resource: IConstruct, text: string): void => resource.node.addMetadata(kind, text);

/** What was said of a resource. */
export const explanationOf = (resource: IConstruct): string | undefined => {
  const texts = resource.node.metadata.filter(({ type }) => type === kind).map(({ data }) => String(data));
  return texts.length === 0 ? undefined : texts.join("\n");
};
