/** The store that a target names, spoken to from this box. */
import { Failure } from '../../../machine/failure.ts';
import type { Machine } from '../../../machine/machine.ts';
import { paths } from '../../../machine/paths.ts';
import type { Bucket, DavFolder, Store } from './store.ts';

/** The system's own authorities count, as they are now. @throws Failure where it has none */
export async function openStore(machine: Machine, target: Bucket | DavFolder): Promise<Store> {
  const ca = await machine.read(paths.authorities);
  if (ca === undefined)
    throw new Failure(`${paths.authorities} is missing`, 'apt-get install --reinstall ca-certificates');
  // Each start of the program would load an XML parser with them.
  if (target.kind === 's3') return (await import('./s3.ts')).s3Store(target, ca);
  return (await import('./webdav.ts')).webdavStore(target, ca);
}
