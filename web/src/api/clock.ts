/**
 * The server's clock as this browser sees it. Ages and running durations are computed against it,
 * because a self-hosted server and the laptop in front of it often disagree by minutes.
 */

/** Differences up to this are the Date header's own resolution plus the network: not worth a jump. */
const toleratedSkewMs = 3_000;

let skewMs = 0;

/** Learns from the `Date` header of a response that arrived at `receivedAtMs` of the local clock. */
export function noteServerDate(header: string | null, receivedAtMs: number): void {
  if (header === null) return;
  const serverMs = Date.parse(header);
  if (Number.isNaN(serverMs)) return;
  const difference = serverMs - receivedAtMs;
  // The header counts whole seconds: following each wobble would make running durations jump.
  if (Math.abs(difference - skewMs) <= toleratedSkewMs) return;
  skewMs = Math.abs(difference) <= toleratedSkewMs ? 0 : difference;
}

/** Milliseconds since the epoch, by the server's clock. */
export function serverNow(localNowMs: number = Date.now()): number {
  return localNowMs + skewMs;
}
