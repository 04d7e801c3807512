/** The owner's own DNS records, and the secondary name servers, in `dns/custom.yaml`: the box reads the same file. */
import { hostnamePattern } from '../../../contract/settings.ts';
import { judge, readCustom } from '../../dns/custom.ts';
import { zoneNames } from '../../dns/records.ts';
import { takeSecondaries } from '../../dns/secondaries.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { mailDomains } from '../../mail/required-aliases.ts';
import { readMailData } from '../../mail/users.ts';
import { counted, ofTheOldBox } from '../old-box.ts';
import type { Subject } from './subject.ts';

export const recordsSubject: Subject = {
  title: 'DNS records',
  async look({ folder, machine, accounts }, { settings: { hostname } }) {
    const text = await machine.read(paths.customRecords);
    if (text === undefined) return {};
    const written = await readCustom(text).catch((error) => ofTheOldBox(folder, error));
    if (written instanceof Failure)
      return { stays: [`${written.message}: the file comes, and takes effect once that is corrected`] };
    const { secondaries, refused, records } = takeSecondaries(written);
    const domains = mailDomains(hostname, await readMailData(accounts)).filter((domain) =>
      hostnamePattern.test(domain),
    );
    const zones = new Set(zoneNames({ hostname, mailDomains: domains }));
    const unpublishable = records
      .map((written) => judge(written, zones))
      .flatMap((it) => ('refused' in it ? [it.refused] : []));
    if (records.length + secondaries.length === 0) return {};
    return {
      comes: `${counted(records.length, 'record')} of your own, ${counted(secondaries.length, 'secondary name server')}${secondaries.length > 0 ? ': let them fetch from this box’s address' : ''}`,
      stays: [...refused, ...unpublishable].map(
        ({ name, type, value, why }) => `${name} ${type} ${value.slice(0, 60)} is not published: ${why}`,
      ),
    };
  },
  async lay({ machine }, _box, fresh) {
    const text = await machine.read(paths.customRecords);
    if (text === undefined) return;
    await fresh.putDirectory({ path: paths.dns, mode: 0o755 });
    await fresh.put({ path: paths.customRecords, mode: 0o644, text });
  },
};
