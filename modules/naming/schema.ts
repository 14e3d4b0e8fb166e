import { z } from "zod";
import { findingMessage, type Leaf, text } from "../validation/schema";

/** The longest deployment name: the longest IAM name prefix made of it, `<name>-test-hosts-`, must stay within 38 characters. */
export const longestDeploymentName = 26;

/** The name of a deployment: of its stack, and the first word of every AWS name in it. */
export const deploymentName = (): z.ZodString =>
  text((name) => {
    if (!/^[a-z][a-z0-9-]*$/.test(name) || name.endsWith("-")) {
      return {
        problem: `${name} is no deployment name`,
        fix: "use lower-case letters, digits and hyphens, a letter first and no hyphen last",
      };
    }
    if (/^sg(-|$)/.test(name)) {
      return { problem: `${name} begins with sg`, fix: "use another name: EC2 keeps security group names that begin with sg- to itself" };
    }
    if (name.length > longestDeploymentName) {
      return {
        problem: `${name} has ${name.length} characters`,
        fix: `use ${longestDeploymentName} at the most: AWS limits the IAM names that begin with it`,
      };
    }
    return undefined;
  });

const tagText = (what: string, longest: number) =>
  text((value) => {
    if (value.length > longest) return { problem: `this ${what} has ${value.length} characters`, fix: `AWS takes ${longest} at the most` };
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(value)) {
      return { problem: `${value} has characters that a ${what} does not take`, fix: "use letters, digits, spaces and _.:/=+-@" };
    }
    return undefined;
  });

/** AWS tags by key: at most 40, so that with our own the 50 of AWS are kept. */
export const tags = (leaf: Leaf) =>
  z
    .record(
      tagText("tag key", 128).refine((key) => key !== "" && !/^aws:/i.test(key), {
        error: ({ input }) =>
          findingMessage({
            problem: `${input === "" ? "an empty tag key" : String(input)} is not allowed`,
            fix: "AWS keeps keys that begin with aws: to itself",
          }),
      }),
      leaf(tagText("tag value", 256)),
    )
    .refine((value) => Object.keys(value).length <= 40, {
      error: ({ input }) =>
        findingMessage({
          problem: `${Object.keys(input as object).length} tags are given`,
          fix: "give 40 at the most: AWS takes 50 a resource, of which ten are kept for ours",
        }),
    });
