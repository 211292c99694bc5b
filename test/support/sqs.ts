/** As much of SQS as a consumer asks for, in its protocol: JSON over HTTP, the operation in a header. */
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Message {
  MessageId: string;
  Body: string;
  received: number;
  /** Until when it is in somebody's hands. */
  hiddenUntil: number;
}

export interface Sqs extends AsyncDisposable {
  url: string;
}

type Input = {
  QueueUrl: string;
  MessageBody: string;
  ReceiptHandle: string;
  MaxNumberOfMessages?: number;
} & {
  Entries?: { Id: string; ReceiptHandle: string }[];
  VisibilityTimeout?: number;
};

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** How long a message that is not deleted stays away, unless its receiver says otherwise. */
const VISIBILITY_MS = 300;

export async function startSqs(): Promise<Sqs> {
  const queues = new Map<string, Message[]>();
  const queueOf = ({ QueueUrl }: Input): Message[] => {
    const queue = queues.get(QueueUrl) ?? [];
    queues.set(QueueUrl, queue);
    return queue;
  };
  const remove = (queue: Message[], handle: string): void => {
    const at = queue.findIndex(({ MessageId }) => MessageId === handle);
    if (at >= 0) queue.splice(at, 1);
  };
  const operations: Record<string, (input: Input) => unknown> = {
    SendMessage(input) {
      const message = { MessageId: randomUUID(), Body: input.MessageBody, received: 0, hiddenUntil: 0 };
      queueOf(input).push(message);
      return { MessageId: message.MessageId, MD5OfMessageBody: md5(message.Body) };
    },
    ReceiveMessage(input) {
      const now = Date.now();
      const free = queueOf(input).filter(({ hiddenUntil }) => hiddenUntil <= now);
      const taken = free.slice(0, input.MaxNumberOfMessages ?? 1);
      for (const message of taken) {
        message.received++;
        message.hiddenUntil = now + VISIBILITY_MS;
      }
      const Messages = taken.map(({ MessageId, Body, received }) => ({
        MessageId,
        ReceiptHandle: MessageId,
        Body,
        MD5OfBody: md5(Body),
        Attributes: { ApproximateReceiveCount: String(received) },
      }));
      return Messages.length > 0 ? { Messages } : {};
    },
    DeleteMessage(input) {
      remove(queueOf(input), input.ReceiptHandle);
      return {};
    },
    DeleteMessageBatch(input) {
      const { Entries = [] } = input;
      for (const { ReceiptHandle } of Entries) remove(queueOf(input), ReceiptHandle);
      return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
    ChangeMessageVisibility: () => ({}),
  };
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const answer = operations[operation]?.(JSON.parse(text) as Input);
      const answerIt = (): void => {
        response.writeHead(answer === undefined ? 400 : 200, {
          'content-type': 'application/x-amz-json-1.0',
        });
        response.end(JSON.stringify(answer ?? { __type: 'InvalidAction' }));
      };
      // Who asks in vain asks again at once.
      if (operation === 'ReceiveMessage' && !('Messages' in (answer as object))) setTimeout(answerIt, 20);
      else answerIt();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
