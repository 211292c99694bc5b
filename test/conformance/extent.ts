/** `npm run conformance` tries everything, which takes its time; `npm run test:conformance` a slice of it, before a change lands. */
export const isWhole: boolean = process.env['CONFORMANCE'] === 'whole';
