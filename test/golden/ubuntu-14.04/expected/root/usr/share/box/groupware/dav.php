<?php
/** Answers one request for calendars or contacts: nginx hands it everything below /dav/. */

require __DIR__ . '/autoload.php';

umask(0077);
date_default_timezone_set('UTC');
// A notice is a fault as well: a half-written answer would be believed.
set_error_handler(function ($kind, $words, $file, $line) {
    if (error_reporting() & $kind) {
        throw new ErrorException($words, 0, $kind, $file, $line);
    }
    return true;
});

$storage = getenv('BOX_STORAGE') ?: '/home/user-data';
Box\Groupware\Server::of(
    "$storage/mail/users.sqlite",
    "$storage/groupware/dav.sqlite",
    getenv('BOX_IMAP') ?: '127.0.0.1:10143',
    getenv('BOX_SUBMISSION') ?: '127.0.0.1:10587'
)->exec();
