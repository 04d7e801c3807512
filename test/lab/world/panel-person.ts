/** Somebody at the control panel's pages: finds things by their accessible names, and hears what the live region says. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { projectRoot } from '../../../builder/paths.ts';
import type { Account } from '../../rig/mail.ts';
import { hostname } from '../../rig/owner.ts';
import { waitFor } from '../../rig/wait.ts';
import { unlessLeaving } from './browser.ts';

const axe = readFileSync(path.join(projectRoot, 'node_modules/axe-core/axe.min.js'), 'utf8');
/** Kept, also where all went well. */
export const screenshots = path.join(projectRoot, 'test-artefacts', 'screenshots');

export class PanelPerson {
  /** What the browser complained of: a broken policy, an exception. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    mkdirSync(screenshots, { recursive: true });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      // An answer that refuses something is no fault of the page.
      if (message.type() === 'error' && !/the server responded with a status of 4/.test(text))
        this.complaints.push(text);
    });
  }

  /** Loads the panel anew. */
  async open(where = ''): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(`https://${hostname}/admin/${where}`, { waitUntil: 'networkidle0' });
  }

  /** What else this browser has open is logged in no more: the box still knows the session. */
  async forgetSession(): Promise<void> {
    const context = this.page.browserContext();
    await context.deleteCookie(...(await context.cookies()));
  }

  /** By the menu, as people go. */
  async go(title: string): Promise<void> {
    await this.named('link', title).click();
    await this.arrives(title);
  }

  /** Until a page has its heading and all of its data. */
  async arrives(title: string): Promise<void> {
    await this.sees('h1', new RegExp(`^${title}$`));
    await waitFor(`the page ${title} to be loaded`, async () =>
      (await unlessLeaving(() => this.page.$('.waiting'))) === null ? true : undefined,
    );
  }

  /** How many pixels a page is wider than a phone. */
  async widerThanPhone(): Promise<number> {
    await this.page.setViewport({ width: 390, height: 844, isMobile: false });
    return Number(await this.page.evaluate('document.documentElement.scrollWidth - innerWidth'));
  }

  named(role: string, name: string) {
    return this.page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
  }

  /** In the middle of the window, as a person would move it: what was said last stays at its top, over what is there. */
  async press(name: string): Promise<void> {
    const button = this.named('button', name);
    const found = await button.waitHandle();
    await found.evaluate((element) =>
      (element as unknown as { scrollIntoView(how: object): void }).scrollIntoView({ block: 'center' }),
    );
    await button.click();
  }

  async fill(name: string, text: string): Promise<void> {
    await this.named('textbox', name).fill(text);
  }

  /** Opens what is folded. */
  async unfold(words: RegExp): Promise<void> {
    await this.page.evaluate(
      `for (const s of document.querySelectorAll('summary')) if (${words}.test(s.textContent)) s.parentElement.open = true`,
    );
  }

  async logIn({ email, password }: Account): Promise<void> {
    await this.fill('Email address', email);
    await this.fill('Password', password);
    await this.press('Log in');
  }

  /** Waits until the live region says it. */
  said = (words: RegExp) => this.sees('#said', words);

  async sees(selector: string, words: RegExp): Promise<string> {
    let last = '';
    return waitFor(`“${words}” at ${selector}`, async () => {
      last = String(
        (await unlessLeaving(() =>
          this.page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`),
        )) ?? '',
      );
      return words.test(last) ? last : undefined;
    }).catch((error: Error) => {
      throw new Error(`${error.message}; it says: ${last}`);
    });
  }

  text = async (selector = 'main') =>
    String(await this.page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`));

  async colours(scheme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({
      path: path.join(screenshots, `${name}.png`),
      fullPage: (await this.page.$('dialog[open]')) === null,
    });
  }

  /** What axe-core calls serious or critical. */
  async barriers(): Promise<string[]> {
    // By the debugger: the page's own policy would let no script of this kind in.
    await this.page.evaluate(axe);
    const found = (await this.page.evaluate('axe.run(document)')) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
      passes: unknown[];
    };
    if (found.passes.length < 10) throw new Error(`axe looked at ${found.passes.length} rules only`);
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
  }
}
