/** The documents that say what is in an image, by the names under which they lie beside it. */

export const cyclonedxFile = 'bom.cdx.json';
export const spdxFile = 'bom.spdx.json';
/** Whose each file of the image is, and of those of nobody why they are there. */
export const unownedFile = 'unowned.json';
export const billFiles = [cyclonedxFile, spdxFile, unownedFile] as const;
