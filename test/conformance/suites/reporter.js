/** A reporter for `node --test` that writes down each test with the names of what it is part of, one JSON object a line. */
export default async function* report(events) {
  /** By depth, what waits for the test that it is part of, which is reported behind it. */
  const waiting = [];
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, nesting, file = '', skip, todo, details } = data;
    const inner = waiting[nesting + 1] ?? [];
    waiting[nesting + 1] = [];
    for (const test of inner) test.path.unshift(name);
    const error = details?.error?.cause ?? details?.error;
    const verdict = skip !== undefined ? 'skip' : todo !== undefined ? 'todo' : type.slice('test:'.length);
    const own = { file, path: [name], verdict, ...(verdict === 'fail' && { why: text(error) }) };
    (waiting[nesting] ??= []).push(...inner, own);
    if (nesting > 0) continue;
    for (const test of waiting[0]) yield `${JSON.stringify(test)}\n`;
    waiting[0] = [];
  }
}

/** What went wrong, as far as it can be told. */
function text(error) {
  return String(error?.stack ?? error?.message ?? error).slice(0, 2000);
}
