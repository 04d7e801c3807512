/** A browser beside a box: Debian's Chromium without a screen, which reaches that box alone and trusts nobody but its key. */
import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import puppeteer, { type Page, type Browser as Puppet } from 'puppeteer-core';
import type { Started } from '../../rig/artefacts.ts';
import type { TestedBox } from '../../rig/behaviour.ts';
import { hostname } from '../../rig/owner.ts';
import { patience } from '../../rig/wait.ts';

export class Browser implements Started {
  private constructor(private readonly browser: Puppet) {}

  static async of(box: TestedBox & { readonly folder: string }): Promise<Browser> {
    const home = path.join(box.folder, 'browser');
    mkdirSync(home, { recursive: true });
    const certificate = new X509Certificate(await box.run('cat /home/user-data/ssl/ssl_certificate.pem'));
    const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
    const [program = '', ...argv] = [...(box.prefix ?? []), 'chromium'];
    const browser = await puppeteer.launch({
      executablePath: { ip: '/usr/sbin/ip', chromium: '/usr/bin/chromium' }[program] ?? program,
      // It speaks to the test by a pipe: namespaces share no network.
      pipe: true,
      ignoreDefaultArgs: true,
      args: [
        ...argv,
        '--headless=new',
        '--remote-debugging-pipe',
        '--no-sandbox',
        '--no-first-run',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-extensions',
        '--disable-sync',
        '--hide-scrollbars',
        `--user-data-dir=${home}`,
        `--host-resolver-rules=MAP ${hostname} ${box.host}:${box.port(443)}`,
        // This one key, not any certificate: https counts as safe for the page.
        `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`,
        'about:blank',
      ],
      env: { ...process.env, HOME: home, LC_ALL: 'C.UTF-8' },
      timeout: 120_000,
      protocolTimeout: patience * 1000,
      handleSIGINT: false,
    });
    // A test reads what a button has put into the clipboard.
    const permissions = ['clipboard-read', 'clipboard-sanitized-write'] as const;
    await browser.defaultBrowserContext().overridePermissions(`https://${hostname}`, [...permissions]);
    return new Browser(browser);
  }

  async page(): Promise<Page> {
    const page = await this.browser.newPage();
    page.setDefaultTimeout(patience * 1000);
    return page;
  }

  /** A page of a browser that knows nothing of the first one's cookies. */
  async another(): Promise<Page> {
    const page = await (await this.browser.createBrowserContext()).newPage();
    page.setDefaultTimeout(patience * 1000);
    return page;
  }

  stop = async (): Promise<void> => {
    const child = this.browser.process();
    await this.browser.close().catch(() => child?.kill('SIGKILL'));
  };

  explain = (): string[] => [];
}

/** What a page answers, or nothing at the moment in which it goes somewhere else by itself. For polls. */
export async function unlessLeaving<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    // As puppeteer and Chromium put it, by what exactly the navigation ran into.
    if (/context was destroyed|find context|detached|does not belong to the document/i.test(String(error)))
      return undefined;
    throw error;
  }
}
