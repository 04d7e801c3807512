/** The text of each document that says what is in an image. */
import type { Component, Subject } from './component.ts';
import { cyclonedxText } from './cyclonedx.ts';
import { cyclonedxFile, spdxFile, unownedFile } from './files.ts';
import type { Ownership } from './owners.ts';
import { spdxText } from './spdx.ts';

/** `owners`: undefined where nobody could look at the files. */
export function billTexts(
  subject: Subject,
  components: readonly Component[],
  owners: Ownership | undefined,
): Readonly<Record<string, string>> {
  return {
    [cyclonedxFile]: cyclonedxText(subject, components),
    [spdxFile]: spdxText(subject, components),
    ...(owners === undefined ? {} : { [unownedFile]: `${JSON.stringify(owners, null, 2)}\n` }),
  };
}
