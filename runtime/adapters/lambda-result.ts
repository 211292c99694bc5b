/** What a function of AWS Lambda answers a request with. */

type Data = Record<string, unknown>;

/** A copy with the trace id among its headers, where it has a form that allows for it; else the very value. */
export function withTraceId(value: unknown, traceId: string, isRequest: boolean): unknown {
  try {
    if (!isRequest || !isPlain(value) || value['statusCode'] === undefined) return value;
    const { headers = {}, multiValueHeaders } = value;
    // A load balancer takes either these or those.
    if (multiValueHeaders !== undefined || !isPlain(headers)) return value;
    const isSet = Object.keys(headers).some((name) => name.toLowerCase() === 'x-trace-id');
    return isSet ? value : { ...value, headers: { ...headers, 'x-trace-id': traceId } };
  } catch {
    // It does not let itself be looked at.
    return value;
  }
}

function isPlain(value: unknown): value is Data {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
