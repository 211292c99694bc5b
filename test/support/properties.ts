/**
 * fast-check, from a seed that stays: whether a change may land must not hang on the day's luck. `FAST_CHECK_SEED=random` looks
 * for what no one has seen yet, and prints the seed of what it finds.
 */
import fc from 'fast-check';

const wanted = process.env['FAST_CHECK_SEED'];
if (wanted !== 'random')
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted ?? 20_261_126) });

export default fc;
