/** Somebody at the webmail's contacts in a browser: what people do there, one step each. */
import type { Frame } from 'puppeteer-core';
import { waitFor } from '../../rig/wait.ts';
import { unlessLeaving } from './browser.ts';
import { WebmailPerson } from './webmail-person.ts';

/** Fields of the form by their names: `_firstname`, `_email[]`. */
export type Form = Readonly<Record<string, string>>;

export class ContactsPerson extends WebmailPerson {
  /** The page of all contacts, as it stands when the list has come. */
  async contacts(): Promise<string[]> {
    await this.open('?_task=addressbook');
    return this.listed();
  }

  listed = async (): Promise<string[]> => {
    await this.page.waitForFunction('!rcmail.busy');
    const names = await this.page.evaluate(
      `[...document.querySelectorAll('#contacts-table tbody tr td.name')].map((cell) => cell.innerText.trim())`,
    );
    return names as string[];
  };

  async search(words: string): Promise<string[]> {
    await this.page.evaluate(
      `document.querySelector('#searchform').value = ${JSON.stringify(words)}; rcmail.command('search')`,
    );
    await this.page.waitForNetworkIdle();
    return this.listed();
  }

  /** Gives what the page then says. */
  async add(form: Form): Promise<string> {
    await this.contacts();
    await this.page.evaluate("rcmail.command('add')");
    const frame = await this.form();
    await this.fill(frame, form);
    return this.save(frame);
  }

  /** The text of a contact that is clicked at. */
  async look(name: string): Promise<string> {
    await this.page
      .locator(`::-p-xpath(//table[@id="contacts-table"]//td[contains(., ${JSON.stringify(name)})])`)
      .click();
    const frame = await this.shown('#contactpic, .contactfield, fieldset', name);
    // Also of the tabs that are not in front.
    return String(await frame.evaluate('document.body.textContent'));
  }

  /** Opens the form of the contact that is shown. */
  async edit(): Promise<Frame> {
    await this.page.evaluate("rcmail.command('edit')");
    return this.form();
  }

  async fill(frame: Frame, form: Form): Promise<void> {
    for (const [name, value] of Object.entries(form)) await frame.locator(`[name="${name}"]`).fill(value);
  }

  async save(frame: Frame): Promise<string> {
    await frame.evaluate("rcmail.command('save')");
    return this.said();
  }

  /** Deletes the contact that is shown. */
  async remove(): Promise<string> {
    await this.page.evaluate("rcmail.command('delete')");
    await this.page.locator('.ui-dialog button.delete, .ui-dialog button.mainaction').click();
    return this.said();
  }

  /** What the page offers for the beginning of an address in a new mail. */
  async offered(beginning: string): Promise<string> {
    await this.open('?_task=mail&_action=compose');
    await this.page.locator('#compose_to input, .recipient-input input').click();
    await this.page.keyboard.type(beginning);
    return waitFor(
      'addresses that are offered',
      async () => (await unlessLeaving(() => this.text('#rcmKSearchpane'))) || undefined,
    );
  }

  form = (): Promise<Frame> => this.shown('form[name="editform"], #ff_firstname');

  /** The frame beside the list, once it shows what it should. */
  private shown(selector: string, words = ''): Promise<Frame> {
    return waitFor(`${selector} with ${words}`, async () => {
      const frame = this.frame('contact-frame');
      if (frame === undefined || !(await unlessLeaving(() => frame.$(selector)))) return undefined;
      const text = await unlessLeaving(() => frame.evaluate('document.body.innerText'));
      return String(text ?? '').includes(words) ? frame : undefined;
    });
  }

  /** The page's messages stand in the whole window or in the frame. */
  said(): Promise<string> {
    return this.toldIn(() => this.page.frames());
  }
}
