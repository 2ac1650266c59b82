// The IPv4 address of an attached line, from the range that carriers use for themselves (RFC 6598).

/**
 * 100.64.0.1 to 100.127.255.254, by the end of the IMSI, or of the ICCID where that is not known: the same for a line each time, and another one for each line
 * as long as the numbers of an operator's IMSIs span fewer than four million.
 */
export function ipV4Of({ imsi, iccid }: { imsi: string | null; iccid: string }): string {
  const host = 1 + (Number((imsi ?? iccid).slice(-10)) % (2 ** 22 - 2));
  return [100, 64 + (host >> 16), (host >> 8) & 255, host & 255].join('.');
}
