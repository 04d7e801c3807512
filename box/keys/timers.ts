/** How long the world may remember what a zone said, in seconds. */

/** For answers and, in the SOA's last field, for "there is none". docs/dns.md says why an hour. */
export const hour = 3600;

export const timers = { refresh: 4 * hour, retry: hour, expire: 14 * 24 * hour, negative: hour };

/** Seconds after which nobody has the version before: a secondary's next look, a second try, then the caches. */
export const forgotten = timers.refresh + timers.retry + hour;
