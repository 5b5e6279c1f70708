import {
  type Attributes,
  type BatchObservableResult,
  type Histogram,
  type Meter,
  metrics,
  type ObservableGauge,
} from '@opentelemetry/api';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200];

export function meter(name: string): Meter {
  return metrics.getMeter(name);
}

/** A histogram of seconds, from a fast query to a run that waits. */
export function durations(meterName: string, name: string, description: string): Histogram {
  return metrics
    .getMeter(meterName)
    .createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries: SECONDS } });
}

export interface GaugeDescription {
  description: string;
  /** UCUM, such as `s` or `{run}`. */
  unit: string;
}

export interface Reading<Name extends string> {
  name: Name;
  value: number;
  /** Few values each: no ids of runs, people or keys. */
  attributes?: Attributes;
}

/**
 * Gauges that are read when somebody scrapes, all by one `read`. One that fails leaves its gauges out of this scrape. Returns the
 * function that ends it.
 */
export function onScrape<Name extends string>(
  meterName: string,
  descriptions: Readonly<Record<Name, GaugeDescription>>,
  read: () => Promise<readonly Reading<Name>[]>,
): () => void {
  const meter = metrics.getMeter(meterName);
  const gauges = new Map<string, ObservableGauge>();
  for (const [name, options] of Object.entries<GaugeDescription>(descriptions)) {
    gauges.set(name, meter.createObservableGauge(name, options));
  }
  const observe = async (result: BatchObservableResult): Promise<void> => {
    for (const { name, value, attributes = {} } of await read()) {
      const gauge = gauges.get(name);
      if (gauge !== undefined) result.observe(gauge, value, attributes);
    }
  };
  const observed = [...gauges.values()];
  meter.addBatchObservableCallback(observe, observed);
  return () => meter.removeBatchObservableCallback(observe, observed);
}
