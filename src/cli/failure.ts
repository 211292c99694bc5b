/** What a command could not do, as its user is told. */
export class Failure extends Error {
  /** 2 where the command line is wrong, 1 where what it names is. */
  readonly exitCode: 1 | 2;

  /** @param message one sentence */
  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The reason that an error gives, as a part of a sentence: in one line, without the full stop. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error))
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}
