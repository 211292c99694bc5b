/** What the event of a job must be, whole. */
import { expect } from 'vitest';
import type { Expected } from './e2e-event.ts';
import { note } from './e2e-event.ts';
import type { Project } from './e2e-project.ts';

/** The event of a run, given what is its own; whatever is not mentioned must not be there. */
export function jobEvent(project: Project, own: Expected): object {
  const { breadcrumbs = [], ...rest } = own;
  const { name, version } = JSON.parse(project.read('package.json')) as { name: string; version: string };
  const failed = own.errorMessage !== undefined;
  const milliseconds: unknown = expect.any(Number);
  return {
    traceId: expect.stringMatching(/^[\da-f-]{36}$/),
    status: failed ? 'failed' : 'success',
    executionTimeMs: milliseconds,
    serviceName: name.replace(/^@.*\//, ''),
    environment: 'production',
    appVersion: version,
    commitHash: project.commit,
    ...rest,
    ...(failed && { stackTrace: expect.any(String), stackFrames: expect.any(Array) }),
    breadcrumbs: [
      note('Job started', 'job', 'info', {}),
      ...(breadcrumbs as unknown[]),
      ...(failed ? [note('Unhandled exception captured', 'exception', 'error', {})] : []),
      note('Job finished', 'job', 'info', { executionTimeMs: milliseconds }),
    ],
  };
}
