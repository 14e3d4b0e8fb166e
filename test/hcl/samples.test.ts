import { writeStack } from "../../hcl";
import { normalize, parseHcl } from "./normalize";
import { jsonOf, sampleNames, sampleStack } from "./samples";

const everything = { providers: "included", backend: "included" } as const;

test.each(sampleNames)("%s means in HCL what it means in JSON", async (name) => {
  const stack = sampleStack(name);
  const parsed = await parseHcl(Object.values(writeStack(stack, everything)).join("\n"));
  expect(parsed).toEqual(normalize(jsonOf(stack), parsed));
});
