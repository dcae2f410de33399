/** Sort keys of a wrapper's items: padded, so that they sort as the numbers and instants they hold. */
export const itemKeys = {
  state: 'state',
  definition: (id: string) => `definition#${id}`,
  run: (epoch: number) => `run#${pad(epoch)}`,
  log: (at: number, key: string) => `log#${new Date(at).toISOString()}#${key}`,
  checkpoint: (seq: number) => `checkpoint#${pad(seq)}`,
  plan: (lineage: number) => `plan#${pad(lineage)}`,
  remembered: (lineage: number, seq: number) => `remembered#${pad(lineage)}#${pad(seq)}`,
  rememberedOf: (lineage: number) => `remembered#${pad(lineage)}#`,
  quarantine: (epoch: number, seq: number, row: number) => `quarantine#${pad(epoch)}#${pad(seq)}#${pad(row)}`,
  quarantineOf: (epoch: number) => `quarantine#${pad(epoch)}#`,
  /** Sorts before all rows of the batch, and after those of the batches before it. */
  quarantineFrom: (epoch: number, seq: number) => `quarantine#${pad(epoch)}#${pad(seq)}`,
  idempotency: (hash: string) => `idempotency#${hash}`,
} as const;

const DIGITS = 12;

function pad(value: number): string {
  return String(value).padStart(DIGITS, '0');
}
