/** Installs what the application with queues needs. */
import { installApplications } from '../support/install.ts';

export default function install(): void {
  installApplications((name) => name === 'queues');
}
