/** What a function of AWS Lambda answers a request with. */

import type { HeaderRecord } from '../protocol.ts';

type Data = Record<string, unknown>;

/** A copy with the trace id among its headers, where it has a form that allows for it; else the very value. */
export function withTraceId(value: unknown, traceId: string, isRequest: boolean): unknown {
  try {
    if (!isRequest || !isPlain(value) || value['statusCode'] === undefined) return value;
    const { headers, multiValueHeaders } = value;
    const lists = multiValueHeaders === undefined ? undefined : data(multiValueHeaders);
    const names = Object.keys({ ...data(headers), ...lists });
    if (names.some((name) => name.toLowerCase() === 'x-trace-id')) return value;
    return {
      ...value,
      // A load balancer takes either these or those, and REST takes both.
      ...((headers !== undefined || lists === undefined) && {
        headers: { ...data(headers), 'x-trace-id': traceId },
      }),
      ...(lists && { multiValueHeaders: { ...lists, 'x-trace-id': [traceId] } }),
    };
  } catch {
    // It does not let itself be looked at.
    return value;
  }
}

/** The headers of an answer, whichever of its forms they have, with names in lower case as everywhere. */
export function headersOf({ headers, multiValueHeaders, cookies }: Data): HeaderRecord | undefined {
  if (!isPlain(headers) && !isPlain(multiValueHeaders) && !Array.isArray(cookies)) return undefined;
  const all: Record<string, unknown> = {};
  for (const [name, value] of Object.entries({ ...Object(headers), ...Object(multiValueHeaders) } as Data)) {
    all[name.toLowerCase()] = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
  }
  if (Array.isArray(cookies)) all['set-cookie'] = cookies;
  return all as HeaderRecord;
}

/** Throws if these are no headers. */
function data(headers: unknown): Data {
  if (headers !== undefined && !isPlain(headers)) throw new TypeError('No headers');
  return headers ?? {};
}

function isPlain(value: unknown): value is Data {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
