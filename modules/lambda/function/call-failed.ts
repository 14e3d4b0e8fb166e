/** A call that failed: for now (too many calls, no answer), because it is refused, or because what it names is not there. */
export class CallFailed extends Error {
  constructor(
    message: string,
    readonly kind: "transient" | "refused" | "missing",
  ) {
    super(message);
  }
}
