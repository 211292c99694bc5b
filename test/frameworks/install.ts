/** Installs what the larger frameworks' applications need. */
import { installApplications } from '../support/install.ts';

export default function install(): void {
  // Queues are for test:services.
  installApplications((name) => name !== 'queues');
}
