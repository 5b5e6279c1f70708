interface RunningTelemetry {
  renderMetrics(): Promise<string>;
  stop(): Promise<unknown>;
}

/** One per process: OpenTelemetry's providers are global. */
let running: RunningTelemetry | undefined;

export function keepRunning(started: RunningTelemetry): void {
  running = started;
}

/** All metrics in Prometheus' text format; empty where telemetry was not started. */
export async function renderMetrics(): Promise<string> {
  return (await running?.renderMetrics()) ?? '';
}

export async function stopTelemetry(): Promise<void> {
  const stopping = running;
  running = undefined;
  await stopping?.stop();
}
