import { type Finding } from "../validation/schema";

interface IdleSetting extends Finding {
  readonly at: readonly string[];
}

/** Settings as they were given: each may be of any kind. */
type Given = Readonly<Record<string, unknown>>;

const given = (value: unknown): Given => (typeof value === "object" && value !== null ? (value as Given) : {});

const isFilled = (value: unknown): boolean => Object.keys(given(value)).length > 0;

const isKnownText = (value: unknown): boolean => typeof value === "string" && !value.includes("${");

/** Whether a part that exists is named in place of one that is made. */
const exists = (choice: unknown): boolean => given(choice)["existing"] !== undefined && given(choice)["create"] === undefined;

/** Settings that only write rules of security groups or policies of a role, where these exist: they would do nothing. */
export function judgeIdleSettings(settings: Given): readonly IdleSetting[] {
  const { securityGroups, instanceProfile, ssh, supportServer, sourceRanges, allPortsEgress, secretKmsKey, cloudTags } = settings;
  const rules = [
    { at: ["ssh", "allowFrom"], isGiven: isFilled(given(ssh)["allowFrom"]) },
    { at: ["supportServer"], isGiven: isKnownText(supportServer) },
    { at: ["sourceRanges"], isGiven: isFilled(sourceRanges) },
    { at: ["allPortsEgress"], isGiven: allPortsEgress === false },
  ];
  const policies = [
    { at: ["secretKmsKey"], isGiven: isKnownText(secretKmsKey) },
    { at: ["cloudTags"], isGiven: cloudTags === true },
  ];
  const idle = (written: typeof rules, what: string, owner: string): readonly IdleSetting[] =>
    written
      .filter(({ isGiven }) => isGiven)
      .map(({ at }) => ({
        at,
        problem: `${at.join(".")} would write no ${what}`,
        fix: `the ${owner} are yours: write it there, and leave ${at.join(".")} out`,
      }));
  return [
    ...(exists(securityGroups) ? idle(rules, "rule", "rules of a security group that exists") : []),
    ...(exists(instanceProfile) ? idle(policies, "policy", "policies of an instance profile that exists") : []),
  ];
}
