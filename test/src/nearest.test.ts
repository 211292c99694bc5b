import { expect, test } from 'vitest';
import { nearest } from '../../src/nearest.ts';

const known = ['include', 'exclude', 'routes', 'jobs', 'sourcemap', 'captureArguments'];

test.each([
  ['route', 'routes'],
  ['jbos', 'jobs'],
  ['Exclude', 'exclude'],
  ['sourceMaps', 'sourcemap'],
  ['source-map', 'sourcemap'],
  ['capture_arguments', 'captureArguments'],
])('%s is near %s', (name, match) => {
  expect(nearest(name, known)).toBe(match);
});

test.each(['', 'x', 'verbose', 'plugins', 'log', 'constructor'])('%j is near nothing', (name) => {
  expect(nearest(name, known)).toBeUndefined();
});
