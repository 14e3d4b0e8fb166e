import fc from "fast-check";
import { olderThan, without } from "../../../../modules/app-connector/function/overdue";

const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }));

test("an instance is overdue from its minute on", () => {
  const instances = [600_000, 600_001, 599_999, 0].map((since) => ({ id: String(since), since }));
  expect(olderThan(instances, 10, 1_200_000)).toEqual(["600000", "599999", "0"]);
});

test("a clock that is behind makes nobody overdue", () => {
  expect(olderThan([{ id: "i-1", since: 2_000_000 }], 1, 0)).toEqual([]);
});

test("those without what others have are told apart", () => {
  fc.assert(
    fc.property(ids, ids, (some, others) => {
      const left = without(some, new Set(others));
      expect(some.filter((id) => left.includes(id))).toEqual(left);
      expect(left.filter((id) => others.includes(id))).toEqual([]);
      expect(some.filter((id) => !left.includes(id) && !others.includes(id))).toEqual([]);
    }),
  );
});
