import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { namedSourceRanges } from "../addressing/schema";
import { findingMessage, type Immutable, type Leaf, text } from "../validation/schema";

const certificate = () =>
  text((pem) => {
    const fix = "paste the root certificate as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----";
    if (pem.includes("PRIVATE KEY")) return { problem: "a private key is given", fix: `${fix}, and treat the key as known to others` };
    try {
      new X509Certificate(pem);
      return undefined;
    } catch {
      return { problem: "this is no certificate", fix };
    }
  });

/** Settings of the hosts that try out a deployment. */
export const testHostSettings = (leaf: Leaf) =>
  z.strictObject({
    instanceType: leaf(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/))
      .default("t3.micro")
      .meta({ description: "Instance type of every test host; x86_64." }),
    rootCertificate: certificate().optional().meta({
      description:
        "PEM of the root CA that signs inspected traffic, trusted by the workload hosts. HTTPS through inspection fails without it.",
    }),
    bastion: z
      .strictObject({
        allowFrom: namedSourceRanges(leaf)
          .refine((ranges) => Object.keys(ranges).length > 0, {
            error: () => findingMessage({ problem: "no range is allowed", fix: "name at least one, such as office: 203.0.113.0/24" }),
          })
          .meta({ description: "Ranges that may use SSH to the bastion, by a name of your own." }),
        keyName: leaf(z.string().min(1).max(255)).meta({ description: "Name of an EC2 key pair that exists." }),
      })
      .optional()
      .meta({ description: "A host with a public address, from which SSH reaches the workload hosts." }),
  });

export type TestHostSettings = Immutable<z.input<ReturnType<typeof testHostSettings>>>;
