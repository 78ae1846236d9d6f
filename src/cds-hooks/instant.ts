// RFC 3339, section 5.6: `date-time`. The zone is required; letters may be small.
const DATE_TIME =
  /^(?<date>\d{4}-\d{2}-\d{2})T(?<hourMinute>\d{2}:\d{2}):(?<second>\d{2})(?:\.(?<fraction>\d+))?(?:Z|(?<sign>[+-])(?<zoneHour>[01]\d|2[0-3]):(?<zoneMinute>[0-5]\d))$/i;

const MS_PER_MINUTE = 60_000;

/**
 * Reads an RFC 3339 instant, be its zone `Z` or a numeric offset (CH-146), as UTC: `2026-11-22T10:00:00.000Z`, finer fractions
 * cut off. `undefined` if it is none, or a day or time that does not exist.
 */
export function readInstant(value: unknown): string | undefined {
  const parts = typeof value === 'string' ? DATE_TIME.exec(value)?.groups : undefined;
  if (parts === undefined) return undefined;
  const { date, hourMinute, second, fraction = '', sign, zoneHour = '0', zoneMinute = '0' } = parts;

  // A leap second exists at the end of a UTC day alone; it becomes the second after it.
  const isLeapSecond = second === '60';
  const written = `${date}T${hourMinute}:${isLeapSecond ? '59' : second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const asUtc = new Date(written);
  // 30 February would silently be 2 March.
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString() !== written) return undefined;

  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1);
  const instant = new Date(asUtc.getTime() - offset * MS_PER_MINUTE);
  if (isLeapSecond) {
    if (!instant.toISOString().includes('T23:59:59')) return undefined;
    instant.setTime(instant.getTime() + 1000);
  }
  // Beyond the years 0000 to 9999 the form is another one.
  const text = instant.toISOString();
  return text.length === written.length ? text : undefined;
}
