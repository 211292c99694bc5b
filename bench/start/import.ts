/** Imports a module and prints the milliseconds of CPU that this took, those of V8's threads included. */
import { pathToFileURL } from 'node:url';

const before = process.cpuUsage();
await import(pathToFileURL(process.argv[2] ?? '').href);
const { user, system } = process.cpuUsage(before);
console.info((user + system) / 1000);
process.exit();
