/**
 * What masking costs: texts made to be slow, whose time must grow no faster than their length; and payloads, as a ratio to
 * JSON.stringify, which a sender without masking would have to call anyway.
 *
 *     npm run bench -- mask [--json]
 */
import { parseArgs } from 'node:util';
import { createMasker } from '../../runtime/masking/mask.ts';
import { serialise } from '../../runtime/masking/serialise.ts';
import { median } from '../figures.ts';
import { markdown } from '../markdown.ts';
import { BASKET_PATHS, baskets, hostileTexts, payloads } from './inputs.ts';

const ROUNDS = 9;
const SIZES = [128, 256, 512, 1024].map((kib) => kib * 1024);
const MAX_BYTES = 16 * 1024 * 1024;
const masker = createMasker([], true);

/** Milliseconds that a task takes: the least of several runs, as everything else on the machine only adds to it. */
function time(task: () => unknown, rounds = ROUNDS): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    task();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** How often the time of a text doubles when its length does: 1 is linear, 2 is quadratic. */
function exponent(times: readonly number[]): number {
  const [first = NaN, last = NaN] = [times.at(0), times.at(-1)];
  return Math.log2(last / first) / (times.length - 1);
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const hostile = hostileTexts.map(({ name, seed }) => {
  const times = SIZES.map((size) => {
    const text = seed.repeat(size / seed.length);
    return time(() => [masker.text(text), masker.url(text), serialise(text, masker, MAX_BYTES)], 5);
  });
  return {
    name,
    times,
    exponent: exponent(times),
    nsPerCharacter: ((times.at(-1) ?? NaN) * 1e6) / (SIZES.at(-1) ?? NaN),
  };
});

/** A masker that is told where secrets are, and compiles what it has to do. */
const peer = 'fast-redact';
type FastRedact = (options: { paths: string[]; censor: string }) => (value: unknown) => string;
const { default: fastRedact } = (await import(peer)) as { default: FastRedact };
const redact = fastRedact({ paths: BASKET_PATHS, censor: '[MASKED]' });

const masked = payloads.map((payload) => ({
  ...payload,
  mask: (value: unknown) => serialise(value, masker, MAX_BYTES),
}));
const redacted = baskets.map(({ name, value }) => ({ name: `${name}, fast-redact`, value, mask: redact }));

const payloadRatios = [...masked, ...redacted].map(({ name, value, mask }) => {
  const repeat = Math.ceil(2e6 / (JSON.stringify(value).length + 1));
  const many = (task: () => unknown) => (): void => {
    for (let index = 0; index < repeat; index++) task();
  };
  const ratios = Array.from({ length: ROUNDS }, () => {
    const masked = time(
      many(() => mask(value)),
      3,
    );
    return (
      masked /
      time(
        many(() => JSON.stringify(value)),
        3,
      )
    );
  });
  return {
    name,
    bytes: JSON.stringify(value).length,
    min: Math.min(...ratios),
    median: median(ratios),
    max: Math.max(...ratios),
  };
});

if (values.json) {
  for (const row of [...hostile, ...payloadRatios]) console.info(JSON.stringify(row));
} else {
  console.info(
    markdown([
      ['a text of many', ...SIZES.map((size) => `${size / 1024} KiB, ms`), 'exponent', 'ns a character'],
      ...hostile.map(({ name, times, exponent, nsPerCharacter }) => [
        name,
        ...times.map((ms) => ms.toFixed(2)),
        exponent.toFixed(2),
        nsPerCharacter.toFixed(0),
      ]),
    ]),
  );
  console.info('');
  console.info(
    markdown([
      ['payload', 'bytes', 'masked and written, × JSON.stringify, bar 1.8, goal 1.3: min', 'median', 'max'],
      ...payloadRatios.map(({ name, bytes, min, median, max }) => [
        name,
        `${bytes}`,
        min.toFixed(1),
        median.toFixed(1),
        max.toFixed(1),
      ]),
    ]),
  );
}
