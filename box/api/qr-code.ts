/** A text as a QR code, for a telephone's camera. What draws it is loaded when one is asked for. */

/** PNG, in base64. */
export async function qrCode(text: string): Promise<string> {
  const { toBuffer } = await import('qrcode');
  return (await toBuffer(text, { type: 'png' })).toString('base64');
}
