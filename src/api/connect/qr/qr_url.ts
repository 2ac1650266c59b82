// Where the picture of an activation code is: a public URL that holds the code itself, as the vendor writes it.

/** All after the host, before the code. The first is the documented one; the second leads to the same. */
export const qrPaths = ['/connect/qrcode/v1/esim/', '/qrcode/v1/esim/'] as const;

/** `https://host/connect/qrcode/v1/esim/LPA:1$smdp.example.com$MATCHING-ID`. */
export function writeQrUrl(base: string, activationCode: string): string {
  // These two mean nothing in a path, and clients of the vendor look for them.
  const code = encodeURIComponent(activationCode).replaceAll('%24', '$').replaceAll('%3A', ':');
  return `${base}${qrPaths[0]}${code}`;
}
