/** A moment on the reader's clock, to the minute, with the distance of that clock from UTC: "2026-11-22 13:05 (UTC+01:00)". */
export function momentInWords(moment: Date, minutesAheadOfUtc = -moment.getTimezoneOffset()): string {
  const local = new Date(moment.getTime() + minutesAheadOfUtc * 60_000).toISOString();
  const [hours, minutes] = [Math.floor(Math.abs(minutesAheadOfUtc) / 60), Math.abs(minutesAheadOfUtc) % 60];
  const zone = minutesAheadOfUtc === 0 ? '' : `${minutesAheadOfUtc < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
  return `${local.slice(0, 10)} ${local.slice(11, 16)} (UTC${zone})`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
