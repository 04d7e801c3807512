/** Somebody at the webmail in a browser: what people do there, one step each. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'puppeteer-core';
import type { Account } from '../../rig/mail.ts';
import { hostname } from '../../rig/owner.ts';
import { waitFor } from '../../rig/wait.ts';
import { unlessLeaving } from './browser.ts';
import { screenshots } from './panel-person.ts';

/** Of Roundcube's messages those of a work that goes on ("Loading...", "Refreshing...") left out. */
const saidAtLast = (messages: string): string =>
  messages
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !line.endsWith('...'))
    .join('\n')
    .trim();

export class WebmailPerson {
  /** What the browser complained of: a broken policy, an exception, a file that is not there. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    mkdirSync(screenshots, { recursive: true });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // A refused log-in is a 401 by Roundcube's own choice.
      if (message.type() === 'error' && !/status of 401/.test(message.text()))
        this.complaints.push(message.text());
    });
  }

  /** `?_task=settings`: one of its pages. */
  async open(query = ''): Promise<void> {
    await this.page.goto(`https://${hostname}/mail/${query}`, { waitUntil: 'networkidle0' });
  }

  async logIn({ email, password }: Account): Promise<void> {
    await this.open();
    if (!(await this.isOut())) throw new Error(`no log-in page: ${await this.text('body')}`);
    await this.page.locator('input[name="_user"]').fill(email);
    await this.page.locator('input[name="_pass"]').fill(password);
    await Promise.all([
      this.page.waitForNavigation({ waitUntil: 'networkidle0' }),
      this.page.locator('#rcmloginsubmit').click(),
    ]);
  }

  /** Whether the log-in page is shown. */
  isOut = async () => (await this.page.$('#rcmloginsubmit')) !== null;

  /** Until the page has gone back to the log-in by itself. */
  async comesOut(): Promise<void> {
    await waitFor('the log-in page', async () => ((await unlessLeaving(this.isOut)) ? true : undefined));
  }

  async logOut(): Promise<void> {
    await Promise.all([
      this.page.waitForNavigation({ waitUntil: 'networkidle0' }),
      this.page.evaluate("rcmail.command('switch-task', 'logout')"),
    ]);
  }

  /** Opens a mail by its subject, and gives its text. */
  async read(subject: string): Promise<string> {
    await this.open('?_task=mail&_mbox=INBOX');
    await waitFor(`the mail ${subject} in the list`, async () => {
      if ((await unlessLeaving(() => this.text('#messagelist')))?.includes(subject)) return true;
      await this.page.evaluate("rcmail.command('checkmail')");
      return undefined;
    });
    await this.page.locator(`::-p-xpath(//table[@id="messagelist"]//a[contains(., "${subject}")])`).click();
    const text = await waitFor('the mail’s text', async () => {
      const frame = this.frame('messagecontframe');
      const words = "document.querySelector('#messagebody')?.innerText";
      return frame === undefined ? undefined : unlessLeaving(() => frame.evaluate(words));
    });
    return String(text);
  }

  async compose({
    to,
    subject,
    body,
  }: {
    readonly to: string;
    readonly subject: string;
    readonly body: string;
  }): Promise<void> {
    await this.open('?_task=mail&_action=compose');
    await this.page.locator('#compose_to input, .recipient-input input').fill(to);
    await this.page.locator('#compose-subject').fill(subject);
    await this.page.locator('#composebody').fill(body);
  }

  /** Sends what is written. Gives what the page then says. */
  async send(): Promise<string> {
    await this.page.locator('button.send').click();
    const words = await this.told();
    // It goes back to the list by itself; whoever leads it elsewhere meanwhile is turned away.
    if (/success/.test(words))
      await waitFor('the list of mails', async () =>
        this.page.url().includes('_action=compose') ? undefined : true,
      );
    return words;
  }

  /** Turns the answer of somebody who is away on. */
  async goAway(subject: string, reason: string): Promise<string> {
    await this.open('?_task=settings&_action=plugin.managesieve-vacation');
    await this.page.locator('#vacation_subject').fill(subject);
    await this.page.locator('#vacation_reason').fill(reason);
    await this.page.select('#vacation_status', 'on');
    await this.page.locator('button.submit').click();
    return this.told();
  }

  async changePassword(now: string, next: string): Promise<string> {
    await this.open('?_task=settings&_action=plugin.password');
    await this.page.locator('#curpasswd').fill(now);
    await this.page.locator('#newpasswd').fill(next);
    await this.page.locator('#confpasswd').fill(next);
    await this.page.locator('button.submit').click();
    return this.told();
  }

  /** What stands in the message that the page shows, once it is no word of patience. */
  told(): Promise<string> {
    return this.toldIn(() => [this.page.mainFrame()]);
  }

  /** The same, of the first of these frames that says something. */
  protected toldIn(frames: () => readonly Frame[]): Promise<string> {
    const read = "document.querySelector('#messagestack')?.innerText ?? ''";
    return waitFor('a message of the page', async () => {
      for (const frame of frames()) {
        const words = saidAtLast(String((await unlessLeaving(() => frame.evaluate(read))) ?? ''));
        if (words !== '') return words;
      }
      return undefined;
    });
  }

  text = async (selector: string) =>
    String(
      await this.page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`),
    ).trim();

  frame = (name: string): Frame | undefined => this.page.frames().find((one) => one.name() === name);

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }
}
