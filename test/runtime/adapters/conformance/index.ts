/** What every framework's adapter has to do: one list, run for each of them. */
import { afterEach, beforeEach, describe, vi } from 'vitest';
import type { Driver } from '../../../support/application.ts';
import { aborts } from './aborts.ts';
import { answers } from './answers.ts';
import { events } from './events.ts';
import { failures } from './failures.ts';
import { options } from './options.ts';
import { scopes } from './scopes.ts';

export function describeAdapter(driver: Driver): void {
  // Frameworks print the errors that nobody handles.
  beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  describe(`answers of ${driver.name}`, () => answers(driver));
  describe(`events of ${driver.name}`, () => events(driver));
  describe(`failures in ${driver.name}`, () => failures(driver));
  describe(`clients that leave ${driver.name}`, () => aborts(driver));
  describe(`scopes in ${driver.name}`, () => scopes(driver));
  describe(`options with ${driver.name}`, () => options(driver));
}
