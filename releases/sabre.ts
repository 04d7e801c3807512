/** sabre/dav and its libraries in the last versions that run on PHP 5.5, for a release whose archive has none of them. */
import type { Download } from './release.ts';

export const sabreForPhp55: readonly Download[] = [
  sabre('dav', '3.2.3', 'a45d61d939a7db7d1f566bc553f27ad4c6e77f1d115455c4ecbbea83f41d5d61'),
  sabre('vobject', '4.2.2', 'e9a1ddc5ab0c7692eda3d40dcfac411407b8c36c91e9fadf4bd1d19c3093ffac'),
  sabre('http', '4.2.4', '0131df731b6a0817f5e69a5dfd328293171de69f65eb68f391ee176b3bce2ed1'),
  sabre('event', '3.0.0', '7406c850398d35164edd896b74bf92419d81ffa6030f05cd887d87a18d6ff6f0'),
  sabre('uri', '1.2.1', '65845425283b0f2029ea2349fee422988c48c4fd45f8d28dada0710be2ac2ea4'),
  sabre('xml', '1.5.1', '30631f7805242e95468cf2e99b5fe2e39e321525e9ec26ac3d2b214589755964'),
  {
    name: 'php-fig-log',
    version: '1.1.4',
    url: 'https://github.com/php-fig/log/archive/1.1.4.tar.gz',
    sha256: '34d4c2a226a3794c11ad45b2b11e6ec8f3bc6dcee7a7d2e4f8a7a2adae83bef3',
    licence: 'MIT',
    folder: 'log-1.1.4',
    to: '/usr/share/sabre/log',
  },
];

/** What is there for its makers alone stays out. */
function sabre(name: string, version: string, sha256: string): Download {
  return {
    name: `sabre-${name}`,
    version,
    url: `https://github.com/sabre-io/${name}/archive/${version}.tar.gz`,
    sha256,
    licence: 'BSD-3-Clause',
    folder: `${name}-${version}`,
    to: `/usr/share/sabre/${name}`,
    without: ['bin', 'examples', 'tests'],
  };
}
