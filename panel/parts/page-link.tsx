/** Leads to the page of the panel where something is mended. */
import type { PanelPage } from '../../contract/api.ts';
import { pageTitles } from '../words/page-titles.ts';

export function PageLink({ page }: { readonly page: PanelPage }) {
  return <a href={`#/${page}`}>Go to {pageTitles[page]}</a>;
}
