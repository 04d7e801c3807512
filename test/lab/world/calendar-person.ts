/** Somebody at the webmail's calendar in a browser: SOGo's page in a frame, without a log-in of its own. */
import type { Frame } from 'puppeteer-core';
import { waitFor } from '../../rig/wait.ts';
import { unlessLeaving } from './browser.ts';
import { WebmailPerson } from './webmail-person.ts';

export class CalendarPerson extends WebmailPerson {
  /** Presses the button of the task bar, which lies behind another one on a telephone. */
  async pressCalendar(): Promise<void> {
    const menu = await this.page.$('#layout-list .task-menu-button, #layout-content .task-menu-button');
    if (await menu?.isVisible()) await menu?.click();
    await Promise.all([
      this.page.waitForNavigation({ waitUntil: 'load' }),
      this.page.locator('#taskmenu a.calendar').click(),
    ]);
  }

  /** What SOGo's page in the frame shows, once these words are there. */
  async shown(words: string): Promise<string> {
    return waitFor(`${words} in the calendar`, async () => {
      const text = await unlessLeaving(() => this.inFrame('document.body.innerText'));
      return text?.includes(words) ? text : undefined;
    });
  }

  /** The addresses that can be pressed there. */
  links = async (): Promise<string> =>
    this.inFrame(
      '[...document.querySelectorAll("a[href]")].filter((it) => it.checkVisibility()).map((it) => it.href).join(" ")',
    );

  /** Makes an event now, as somebody does who presses the plus. */
  async add(title: string): Promise<void> {
    const frame = this.calendar();
    if (frame === undefined) throw new Error('no calendar is shown');
    await frame.locator('md-fab-trigger button').click();
    await frame.locator('md-fab-actions button[aria-label="Create a new event"]').click();
    await frame.locator('form[name="eventForm"] input.md-title').fill(title);
    await frame.locator('form[name="eventForm"] button[type="submit"]').click();
  }

  /** The page's own sentence, where there is no calendar to show. */
  said = (): Promise<string> =>
    waitFor(
      'words in the place of the calendar',
      async () => (await this.text('#calendar-words')) || undefined,
    );

  /** SOGo's cookies that the browser holds. */
  async cookies() {
    const all = await this.page.browserContext().cookies();
    return all.filter(({ path }) => path.startsWith('/SOGo'));
  }

  calendar = (): Frame | undefined => this.frame('calendar');

  private async inFrame(script: string): Promise<string> {
    return String((await this.calendar()?.evaluate(script)) ?? '');
  }
}
