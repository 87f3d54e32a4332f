/** How many random searches are tried over each population; more for a soak: OPENWARD_ORACLE_RUNS=100000. */
export const RUNS = Number(process.env['OPENWARD_ORACLE_RUNS'] ?? 400)
/** What the made resources are drawn from; another number makes others: OPENWARD_ORACLE_SEED=7. */
export const SEED = Number(process.env['OPENWARD_ORACLE_SEED'] ?? 1)
