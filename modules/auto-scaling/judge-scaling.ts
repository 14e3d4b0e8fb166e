import { type Finding } from "../validation/schema";

type PlacedFinding = Finding & { readonly at: readonly string[] };

const given = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/**
 * What is wrong with the settings of a group together. What is wrong by itself is somebody else's to tell.
 *
 * @param enrolled what its instances are
 */
export function judgeScaling(
  settings: Readonly<Record<string, unknown>>,
  enrolled: "connectors" | "App Connectors",
): readonly PlacedFinding[] {
  const { min, max, warmPool, launchHook } = settings;
  return [
    ...(typeof min === "number" && typeof max === "number" && min > max
      ? [{ at: ["min"], problem: `${min} is more than the maximum, ${max}`, fix: "give a minimum that is not above max" }]
      : []),
    ...(warmPool !== undefined && given(launchHook)["none"] !== undefined
      ? [
          {
            at: ["warmPool"],
            problem: `a warm pool stops instances without waiting for their ${enrolled}`,
            fix: "leave launchHook.none out: only a launch hook lets them enroll first",
          },
        ]
      : []),
  ];
}
