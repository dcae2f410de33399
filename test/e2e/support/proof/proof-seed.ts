/** Of what a proof does at random: that of `PROOF_SEED`, or one of its own, which is told. */
export function proofSeed(): number {
  const seed = Number(process.env.PROOF_SEED ?? Math.floor(Math.random() * 1_000_000));
  process.stderr.write(`PROOF_SEED=${seed}\n`);
  return seed;
}
