/** The output of tape: tests with their assertions. */
import type { TestResult } from './run.ts';

/** A test for each heading; its verdict has the number of assertions, and the names of those that failed. */
export function readTap(text: string, file: string): TestResult[] {
  const tests: { name: string; passed: number; failed: string[]; skipped: boolean }[] = [];
  for (const line of text.split('\n')) {
    const [, heading] = /^# (.*)/.exec(line) ?? [];
    if (heading !== undefined) {
      const isSummary = /^(?:tests|pass|fail|todo|skip) +\d+$|^ok$/.test(heading);
      if (!isSummary)
        tests.push({ name: heading, passed: 0, failed: [], skipped: heading.startsWith('SKIP') });
    }
    const [, not, name = ''] = /^(not )?ok \d+ ?(.*)/.exec(line) ?? [];
    const test = tests.at(-1);
    if (test === undefined || !/^(?:not )?ok /.test(line)) continue;
    if (not === undefined) test.passed++;
    else test.failed.push(name);
  }
  return tests.map(({ name, passed, failed, skipped }) => ({
    file,
    path: [name],
    verdict: skipped
      ? 'skip'
      : failed.length > 0
        ? `fail (${passed} passed): ${failed.join(', ')}`
        : `pass (${passed})`,
  }));
}
