/** Calendar texts (RFC 5545), as telephones and calendar programs send them. */

export const icalendar = (component: 'VEVENT' | 'VTODO', uid: string, lines: readonly string[]): string =>
  [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//lab//EN', `BEGIN:${component}`, `UID:${uid}`],
    'DTSTAMP:20260101T000000Z',
    ...lines,
    ...[`END:${component}`, 'END:VCALENDAR', ''],
  ].join('\r\n');

/** An event of half an hour; `hour`: when it begins, by UTC, as `20270301T09`. */
export const event = (uid: string, summary: string, hour: string, more: readonly string[] = []): string =>
  icalendar('VEVENT', uid, [`DTSTART:${hour}0000Z`, `DTEND:${hour}3000Z`, `SUMMARY:${summary}`, ...more]);
