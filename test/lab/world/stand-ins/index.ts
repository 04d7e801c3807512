/** Every cloud that the lab stands in for, by the name that people have for it. */
import type { Cloud } from '../cloud.ts';
import { azure, azureByImds } from './azure.ts';
import { ec2 } from './ec2.ts';
import { hosters } from './hosters.ts';
import { digitalocean, nocloudByHttp, ovf, vmware } from './machines.ts';

export const standIns: Readonly<Record<string, Cloud>> = {
  ...hosters,
  'Amazon EC2': ec2,
  'Microsoft Azure': azure,
  'Microsoft Azure without its CD': azureByImds,
  DigitalOcean: digitalocean,
  'VMware by guestinfo': vmware,
  'an OVF with properties': ovf,
  'NoCloud by HTTP': nocloudByHttp,
};
