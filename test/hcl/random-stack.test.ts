import fc from "fast-check";
import { writeStack } from "../../hcl";
import { normalize, parseHcl } from "./normalize";
import { randomStacks } from "./random-stack";
import { jsonOf } from "./samples";

test("any stack means in HCL what it means in JSON", async () => {
  await fc.assert(
    fc.asyncProperty(randomStacks, async (stack) => {
      const parsed = await parseHcl(Object.values(writeStack(stack, { providers: "included", backend: "included" })).join("\n"));
      expect(parsed).toEqual(normalize(jsonOf(stack), parsed));
    }),
    { numRuns: 60 },
  );
});
