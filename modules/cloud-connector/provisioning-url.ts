import { type Finding, formRule } from "../validation/schema";

const shape = /^connector\.[a-z0-9-]+(\.[a-z0-9-]+)+\/api\/v1\/provUrl\?name=[^\s&?]+$/;
const fix = "copy it from the provisioning template in the portal: connector.<cloud>/api/v1/provUrl?name=<template>";

/** The form of a provisioning URL, where it is a variable. */
export const provisioningUrlRule = formRule(shape, `This is no provisioning URL: ${fix}.`);

/** What is wrong with a provisioning URL, if anything: the portal gives it without a scheme. */
export function judgeProvisioningUrl(url: string): Finding | undefined {
  if (/^[a-z]+:\/\//i.test(url)) {
    const bare = url.replace(/^[a-z]+:\/\//i, "");
    return { problem: `${url} carries a scheme`, fix: shape.test(bare) ? `leave it out: ${bare}` : fix };
  }
  if (!url.includes("/api/v1/provUrl?name=")) return { problem: `${url} lacks /api/v1/provUrl?name=`, fix };
  return shape.test(url) ? undefined : { problem: `${url} is no provisioning URL`, fix };
}
