import { expectFixture } from "./fixture";
import { allSamples, samples, zpaProviderSamples } from "./samples";
import { asText, synthesize } from "./synthesize";

// An address is a promise: under another one Terraform destroys what stands and makes it anew. So is a subnet's range.
describe.each(Object.entries({ ...allSamples, ...zpaProviderSamples }))("%s", (name, settings) => {
  const stack = synthesize(settings);

  test("keeps its Terraform addresses", () => {
    expectFixture(`addresses/${name}.txt`, stack.addresses);
  });

  test("keeps its subnets' ranges", () => {
    const ranges = Object.entries(stack.ofType("aws_subnet")).map(([address, { cidr_block }]) => `${address} ${asText(cidr_block)}`);
    expectFixture(`addresses/${name}.subnets.txt`, ranges.sort());
  });
});

test("an appended zone leaves the addresses and ranges of the others as they are", () => {
  const two = synthesize({ ...samples["three-zones"], zones: ["a", "b"] });
  const three = synthesize(samples["three-zones"]);
  expect(two.addresses.filter((address) => !three.addresses.includes(address))).toEqual([]);
  for (const [address, block] of Object.entries(two.elements)) expect(three.at(address)).toEqual(block);
});
