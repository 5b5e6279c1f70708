/** The same for everybody, so that a red spec can be played again; `FUZZ_SEED` explores others, and `test:again` takes one for each round. */
export const fuzzSeed = Number(process.env['FUZZ_SEED'] ?? 20_261_201);
