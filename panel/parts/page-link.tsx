/** Leads to the page of the panel where something is mended. */
import type { PanelPage } from '../../contract/api.ts';
import { filled, words } from '../words/spoken.ts';

export function PageLink({ page }: { readonly page: PanelPage }) {
  const { frame, titles } = words();
  return <a href={`#/${page}`}>{filled(frame.goTo, { page: titles[page] })}</a>;
}
