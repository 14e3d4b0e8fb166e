import { type RequestListener } from "node:http";
import { type Operation } from "../portal-server";
import { status } from "../tls-server";
import { type Stage } from "../stage";

export const seconds = (count: number): number => 1000 * count;

/** An answer that comes some seconds late. */
export const slow =
  (late: number, answer: RequestListener): RequestListener =>
  (request, response) =>
    void setTimeout(() => answer(request, response), seconds(late));

export const countOf = ({ portal }: Stage, operation: Operation): number =>
  portal.calls.filter((call) => call.operation === operation).length;

/** An answer of a portal that has ended all sessions. */
export const endsSession =
  (portal: Stage["portal"]): RequestListener =>
  (request, response) => {
    portal.expireSessions();
    status(401, { code: "SESSION_NOT_VALID" })(request, response);
  };
