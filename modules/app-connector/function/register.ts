import { subjectOf } from "./parameters";
import { type Portal, type PortalSession, type Ports, type SeenParameter } from "./ports";
import { CallFailed } from "../../lambda/function/call-failed";
import { reasonOf } from "../../lambda/function/reason";

/** A code that cannot be registered is given up after so long. */
const lifetime = 30 * 60_000;

interface PortalPorts extends Pick<Ports, "now" | "report"> {
  readonly portal: Portal;
}

/** What became of codes. */
export interface Registration {
  readonly registered: readonly SeenParameter[];
  /** To be tried again. */
  readonly failed: readonly SeenParameter[];
  /** Never to be registered: their instances show others. */
  readonly expired: readonly SeenParameter[];
}

/**
 * Registers the codes that instances show, in one call: each by itself if that is refused, so that a bad one does not stop the others. Never fails.
 *
 * @param group id of the App Connector group that the App Connectors become part of
 */
export async function register(codes: readonly SeenParameter[], group: string, ports: PortalPorts): Promise<Registration> {
  const registered = codes.length === 0 ? [] : await registerAll(codes, group, ports);
  const others = codes.filter((code) => !registered.includes(code));
  const isExpired = ({ modified }: SeenParameter): boolean => ports.now() - modified > lifetime;
  return { registered, failed: others.filter((code) => !isExpired(code)), expired: others.filter(isExpired) };
}

/** @returns those that are registered */
async function registerAll(
  codes: readonly SeenParameter[],
  group: string,
  { portal, report }: PortalPorts,
): Promise<readonly SeenParameter[]> {
  let session: PortalSession | undefined;
  const tried = async (some: readonly SeenParameter[]): Promise<CallFailed["kind"] | "registered"> => {
    try {
      session ??= await portal.open();
      await session.register(
        some.map(({ value }) => value),
        group,
      );
      return "registered";
    } catch (error) {
      const instances = some.map(({ name }) => subjectOf(name));
      report.log("error", "codes could not be registered in ZPA", { instances, why: reasonOf(error) });
      return error instanceof CallFailed ? error.kind : "refused";
    }
  };
  const outcome = await tried(codes);
  if (outcome === "registered") return codes;
  if (session === undefined || outcome === "transient" || codes.length === 1) return [];
  const registered: SeenParameter[] = [];
  for (const code of codes) if ((await tried([code])) === "registered") registered.push(code);
  return registered;
}
