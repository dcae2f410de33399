/** One value of one metric, with the dimensions that it is counted by. */
export type Sample = {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
};

type EmbeddedLine = {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
};

/** What CloudWatch would read out of a function's log: each value once for each set of dimensions that its line names. */
export function samplesIn(log: string): Sample[] {
  // The last line of a log that is being written may end anywhere.
  const lines = log.split('\n').filter((line) => line.startsWith('{"_aws"') && line.endsWith('}'));
  return lines.flatMap((line) => {
    const embedded = JSON.parse(line) as EmbeddedLine & Record<string, never>;
    return embedded._aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
      Metrics.flatMap(({ Name: name, Unit: unit }) =>
        Dimensions.flatMap((names) =>
          [embedded[name] ?? []].flat().map((value: number) => ({
            namespace,
            name,
            unit,
            dimensions: Object.fromEntries(names.map((dimension) => [dimension, String(embedded[dimension])])),
            value,
          })),
        ),
      ),
    );
  });
}

/** What is written to the log while it goes on. Powertools hold on to a console of their own, so it is taken there. */
export async function logOf(work: () => unknown): Promise<string> {
  const { write } = process.stdout;
  let log = '';
  process.stdout.write = (chunk: unknown) => {
    log += String(chunk);
    return true;
  };
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  return log;
}
