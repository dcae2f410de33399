import { appendFileSync } from 'node:fs';

/** What a proof has counted and measured, as `npm run test:long` prints it at its end. */
export type Figures = Readonly<Record<string, number | string>>;

/** Where figures are collected; unset: nobody wants them. */
export const FIGURES_FILE = 'FIGURES_FILE';

/** Hands figures over for the table at the end of `npm run test:long`; elsewhere it does nothing. */
export function recordFigures(proof: string, figures: Figures): void {
  const file = process.env[FIGURES_FILE];
  if (file) appendFileSync(file, `${JSON.stringify({ proof, figures })}\n`);
}
