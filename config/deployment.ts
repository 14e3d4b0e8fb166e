import { z } from "zod";
import { deploymentName } from "../modules/naming/schema";
import { evenIfWrong, findingMessage, known } from "../modules/validation/schema";
import { appConnectorsDeployment } from "./app-connectors";
import { baseDeployment } from "./base";
import { gwlbDeployment } from "./gwlb";
import { haDeployment } from "./ha";
import { judgeHosts } from "./judge-hosts";
import { judgeHubs } from "./judge-hubs";
import { networkDeployment } from "./network";
import { spokeDeployment } from "./spoke";
import { stateName } from "./terraform";
import { zpaDeployment } from "./zpa";
import { zpaHaDeployment } from "./zpa-ha";

/** The schema of each template's deployments, for a kind of leaf. */
export const schemaOf = {
  base: baseDeployment,
  zpa: zpaDeployment,
  ha: haDeployment,
  "zpa-ha": zpaHaDeployment,
  network: networkDeployment,
  gwlb: gwlbDeployment,
  spoke: spokeDeployment,
  "app-connectors": appConnectorsDeployment,
} as const;

/** The schema of each template's deployments in a file. */
export const templates = {
  base: baseDeployment(known),
  zpa: zpaDeployment(known),
  ha: haDeployment(known),
  "zpa-ha": zpaHaDeployment(known),
  network: networkDeployment(known),
  gwlb: gwlbDeployment(known),
  spoke: spokeDeployment(known),
  "app-connectors": appConnectorsDeployment(known),
} as const;

export type Template = keyof typeof templates;

/** A deployment with all defaults filled. */
export type Deployment = { readonly [Name in Template]: z.output<(typeof templates)[Name]> }[Template];

const templatesToCome = ["transit"] as const;

const toCome = (name: (typeof templatesToCome)[number]) =>
  z.looseObject({ template: z.literal(name) }).superRefine((_, context) => {
    const available = Object.keys(templates).join(", ");
    const message = findingMessage({ problem: `the template ${name} is not there yet`, fix: `use one of ${available}` });
    context.addIssue({ code: "custom", path: ["template"], message });
  });

/** One deployment, of any template. */
export const deploymentSchema = z.discriminatedUnion("template", [
  templates.base,
  templates.zpa,
  templates.ha,
  templates["zpa-ha"],
  templates.network,
  templates.gwlb,
  templates.spoke,
  templates["app-connectors"],
  ...templatesToCome.map(toCome),
]);

/** A deployment that is right by itself, with its defaults. */
const rightDeployment = (deployment: unknown): Deployment | undefined =>
  deploymentSchema.safeParse(deployment).data as Deployment | undefined;

/** Where a deployment's state is, in words that differ for different places. */
const stateOf = (name: string, { backend }: Pick<Deployment, "backend">): string =>
  backend.s3 ? `s3://${backend.s3.bucket}/${backend.s3.key ?? stateName(name)}` : `file ${backend.local?.path ?? `of ${name}`}`;

/** The whole file, once `defaults` are merged into its deployments. */
export const fileSchema = z.strictObject({
  defaults: z.record(z.string(), z.unknown()).optional(),
  deployments: z
    .record(deploymentName(), deploymentSchema)
    .refine((deployments) => Object.keys(deployments).length > 0, {
      error: () =>
        findingMessage({ problem: "there is no deployment", fix: "add one: a name, and below it template: base and its settings" }),
    })
    .superRefine((deployments, context) => {
      const owners = new Map<string, string>();
      for (const [name, deployment] of Object.entries(deployments)) {
        if (!("backend" in deployment)) continue;
        const state = stateOf(name, deployment as Deployment);
        const owner = owners.get(state);
        owners.set(state, name);
        if (owner === undefined) continue;
        const message = findingMessage({
          problem: `the state of ${name} is also that of ${owner}`,
          fix: "leave the key or path out of `defaults`, or give each deployment its own: one would destroy the other's resources",
        });
        context.addIssue({ code: "custom", path: [name, "backend"], message });
      }
    })
    .superRefine((deployments, context) => {
      for (const { path, ...finding } of [
        ...judgeHubs(deployments),
        ...judgeHosts(deployments, (deployment) => rightDeployment(deployment)),
      ]) {
        context.addIssue({ code: "custom", path: [...path], message: findingMessage(finding) });
      }
    }, evenIfWrong),
});
