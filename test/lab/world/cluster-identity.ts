/** What must be one box's alone of its groupware's database cluster, as PostgreSQL's own program reads it. */
import type { TestedBox } from '../../rig/behaviour.ts';

export interface ClusterIdentity {
  readonly identifier: string;
  readonly nonce: string;
}

/** @throws where the cluster's control file is not whole, or has none of the two. */
export async function clusterIdentity(box: Pick<TestedBox, 'run'>): Promise<ClusterIdentity> {
  const said = await box.run(
    '/usr/lib/postgresql/*/bin/pg_controldata /home/user-data/groupware/postgresql 2>&1',
  );
  // It goes on after a wrong checksum.
  if (/WARNING/.test(said)) throw new Error(said);
  const [identifier = '0', nonce = ''] = ['Database system identifier', 'Mock authentication nonce'].map(
    (label) => new RegExp(`^${label}: +(\\w+)$`, 'm').exec(said)?.[1],
  );
  if (BigInt(identifier) >> 32n === 0n || !/[1-9a-f]/.test(nonce)) throw new Error(`no identity: ${said}`);
  return { identifier, nonce };
}
