/** What AWS Lambda calls a function with: requests of several gateways, messages, and all else. */
import type { EventType } from '../protocol.ts';

/** A request, in the form that all gateways share. */
export interface LambdaRequest {
  method: string;
  path: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  sourceIp: string | undefined;
}

export interface LambdaEvent {
  eventType: EventType;
  /** The path of a request, else the name of the queue, of the schedule or of the function. */
  endpoint: string;
  metadata: Record<string, unknown>;
  request?: LambdaRequest;
}

/** The parts of Lambda's context that are read here. */
export interface LambdaContext {
  awsRequestId: string;
  functionName?: string;
  getRemainingTimeInMillis(): number;
}

type Data = Record<string, unknown>;

export function isLambdaContext(value: unknown): value is LambdaContext {
  if (typeof value !== 'object' || value === null) return false;
  const { awsRequestId, getRemainingTimeInMillis } = value as Partial<LambdaContext>;
  return typeof awsRequestId === 'string' && typeof getRemainingTimeInMillis === 'function';
}

/** Tells events apart by their shapes, as they carry no type. */
export function readLambdaEvent(value: unknown, { awsRequestId, functionName }: LambdaContext): LambdaEvent {
  const event = data(value);
  const metadata: Data = { awsRequestId, ...(functionName !== undefined && { functionName }) };
  const request = readRequest(event);
  if (request !== undefined) {
    const route = routeOf(event);
    if (route !== undefined) metadata['route'] = route;
    return { eventType: 'api', endpoint: request.path, metadata, request };
  }
  const records: unknown[] = Array.isArray(event['Records']) ? event['Records'] : [];
  return { metadata, ...(readRecords(records, metadata) ?? readBusEvent(event) ?? unknownEvent()) };

  function unknownEvent(): Omit<LambdaEvent, 'metadata'> {
    return { eventType: 'custom', endpoint: functionName ?? 'lambda' };
  }
}

function data(value: unknown): Data {
  return typeof value === 'object' && value !== null ? (value as Data) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Of API Gateway in both of its formats, of a function URL, and of a load balancer. */
function readRequest(event: Data): LambdaRequest | undefined {
  const context = data(event['requestContext']);
  const http = data(context['http']);
  const method = text(event['httpMethod']) ?? text(http['method']);
  const path = text(event['path']) ?? text(event['rawPath']);
  // An authoriser is asked about a request, and answers with a policy.
  if (method === undefined || path === undefined || 'methodArn' in event || 'routeArn' in event)
    return undefined;
  const headers = readHeaders(event);
  if (Array.isArray(event['cookies'])) headers['cookie'] ??= event['cookies'].join('; ');
  const protocol = headers['x-forwarded-proto'] ?? 'https';
  const host = headers['host'] ?? text(context['domainName']) ?? 'localhost';
  const forwarded = headers['x-forwarded-for']?.split(',')[0]?.trim();
  return {
    method,
    path,
    // A stage is part of the URL, and not of the path that routes are found by.
    url:
      text(event['rawUrl']) ??
      `${protocol}://${host}${text(context['path']) ?? path}${readQuery(event, context)}`,
    headers,
    body: readBody(event),
    sourceIp: text(data(context['identity'])['sourceIp']) ?? text(http['sourceIp']) ?? forwarded,
  };
}

function readHeaders({ headers, multiValueHeaders }: Data): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...data(headers), ...data(multiValueHeaders) })) {
    read[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return read;
}

function readQuery(event: Data, context: Data): string {
  const raw = text(event['rawQueryString']);
  if (raw !== undefined) return raw && `?${raw}`;
  const query = {
    ...data(event['queryStringParameters']),
    ...data(event['multiValueQueryStringParameters']),
  };
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, String(value)]),
  );
  if (pairs.length === 0) return '';
  // A load balancer hands on what it was sent, in its encoding.
  const isEncoded = 'elb' in context;
  return `?${isEncoded ? pairs.map((pair) => pair.join('=')).join('&') : new URLSearchParams(pairs).toString()}`;
}

function readBody({ body, isBase64Encoded }: Data): string | undefined {
  if (typeof body !== 'string' || isBase64Encoded !== true) return text(body);
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/** `/orders/{id}`, or `GET /orders/{id}`; `$default` takes all that have no route. */
function routeOf({ resource, routeKey }: Data): string | undefined {
  const route = text(resource) ?? text(routeKey)?.replace(/^[A-Z]+ /, '');
  return route?.startsWith('/') === true ? route : undefined;
}

/** Messages, and what storages tell of changes. */
function readRecords(records: readonly unknown[], metadata: Data): Omit<LambdaEvent, 'metadata'> | undefined {
  if (records.length === 0) return undefined;
  const first = data(records[0]);
  const source = text(first['eventSource']) ?? text(first['EventSource']) ?? '';
  metadata['source'] = source;
  metadata['records'] = records.length;
  if (source === 'aws:sqs' || source === 'aws:sns') {
    metadata['messageIds'] = records.map((record) => {
      return data(record)['messageId'] ?? data(data(record)['Sns'])['MessageId'];
    });
    const arn = text(first['eventSourceARN']) ?? text(data(first['Sns'])['TopicArn']);
    return { eventType: 'queue', endpoint: arn?.split(':').at(-1) ?? source };
  }
  const bucket = text(data(data(first['s3'])['bucket'])['name']);
  if (bucket !== undefined) metadata['eventName'] = first['eventName'];
  const table = /table\/([^/]+)|stream\/([^/]+)/.exec(text(first['eventSourceARN']) ?? '');
  return { eventType: 'custom', endpoint: bucket ?? table?.[1] ?? table?.[2] ?? source };
}

/** EventBridge; its schedules send an event as well. */
function readBusEvent(event: Data): Omit<LambdaEvent, 'metadata'> | undefined {
  const type = text(event['detail-type']);
  if (type === undefined) return undefined;
  if (type !== 'Scheduled Event') return { eventType: 'custom', endpoint: type };
  const [arn] = Array.isArray(event['resources']) ? event['resources'] : [];
  return { eventType: 'cron', endpoint: text(arn)?.split('/').at(-1) ?? type };
}
