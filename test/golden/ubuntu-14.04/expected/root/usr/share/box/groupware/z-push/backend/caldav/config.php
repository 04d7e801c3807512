<?php
/** Z-Push's calendars: the box's own DAV server, on loopback. */

define('CALDAV_PROTOCOL', 'http');
define('CALDAV_SERVER', '127.0.0.1');
define('CALDAV_PORT', '20000');
define('CALDAV_PATH', '/dav/calendars/%u/');
define('CALDAV_PERSONAL', 'personal');
// What has changed since is asked for, and not the whole calendar each time.
define('CALDAV_SUPPORTS_SYNC', true);
define('CALDAV_MAX_SYNC_PERIOD', 2147483647);
