/** Sends the requests of the demo, one after the other. */
import type { Memory, Step } from './step.ts';
import { SECRETS } from './steps.ts';

/** A step and how the application answered. */
export interface Visit {
  step: Step;
  /** With the query. */
  path: string;
  status: number;
  /** The answer's `x-trace-id`. */
  traceId: string | undefined;
}

function headersOf(step: Step, memory: Memory): Record<string, string> {
  const headers: Record<string, string> = { ...step.headers };
  if (step.as === 'customer') {
    headers['authorization'] = `Bearer ${memory.token}`;
    headers['cookie'] = `session=${memory.token}`;
  }
  if (step.as === 'administrator') headers['x-api-key'] = SECRETS.adminKey;
  if (step.body !== undefined) headers['content-type'] = 'application/json';
  return headers;
}

function bodyOf({ body }: Step): { body?: string } {
  if (body === undefined) return {};
  return { body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** Reads the answer to its end, or its first piece where the step leaves then. */
async function readAnswer(response: Response, step: Step, memory: Memory): Promise<void> {
  if (step.leave === true) {
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    return;
  }
  const text = await response.text();
  if (response.ok && response.headers.get('content-type')?.includes('json') === true) {
    Object.assign(memory, JSON.parse(text));
  }
}

/**
 * Walks through the steps.
 *
 * @param url the application's
 * @param memory takes the fields of each answer that went well
 */
export async function walk(url: string, steps: Step[], memory: Memory): Promise<Visit[]> {
  const visits: Visit[] = [];
  for (const step of steps) {
    const path = step.path.replace(':id', memory.id ?? '');
    const response = await fetch(url + path, {
      method: step.method,
      headers: headersOf(step, memory),
      ...bodyOf(step),
    });
    await readAnswer(response, step, memory);
    visits.push({
      step,
      path,
      status: response.status,
      traceId: response.headers.get('x-trace-id') ?? undefined,
    });
  }
  return visits;
}
