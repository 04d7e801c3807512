/** NoCloud meta-data: which instance this is. */
import { createHash } from 'node:crypto';
import { dump } from 'js-yaml';

/** A new user-data is a new instance to cloud-init, which then writes the settings again. The box keeps its keys. */
export function metaData(hostname: string, userData: string): string {
  const digest = createHash('sha256').update(userData).digest('hex').slice(0, 12);
  return dump({ 'instance-id': `letterbox-${digest}`, 'local-hostname': hostname });
}
