<?php
/** Asks the groupware's own code, and where the libraries are its server, and prints what they say as JSON. Run in the test's chroot. */

error_reporting(E_ALL);
set_error_handler(function ($kind, $words, $file, $line) {
    if (error_reporting() & $kind) {
        throw new ErrorException($words, 0, $kind, $file, $line);
    }
    return true;
});
spl_autoload_register(function ($class) {
    $file = '/usr/share/box/groupware/src/' . basename(strtr($class, '\\', '/')) . '.php';
    if (strncmp($class, 'Box\\Groupware\\', 14) === 0) {
        require $file;
    }
});

$accounts = new Box\Groupware\Accounts('/home/user-data/mail/users.sqlite');
$said = array();
foreach (array('me@example.com', 'ME@Example.com', "me\u{ff20}example.com", 'me@alias.example', 'alias@example.com', 'nobody@example.com') as $name) {
    $said['meant'][$name] = $accounts->meant($name);
    $said['owner'][$name] = $accounts->owner($name);
}
$said['aliases'] = $accounts->aliases('me@example.com');

$imap = new Box\Groupware\ImapLogin('127.0.0.1:10143');
foreach (array(
    array('me@example.com', 'secret "\\ ä me'),
    array('me@example.com', 'wrong'),
    array('nobody@example.com', 'secret "\\ ä me'),
    array("me@example.com\0x", 'secret "\\ ä me'),
    array('me@example.com', "x\r\nb OK\r\n"),
) as $try) {
    $said['accepts'][] = $imap->accepts($try[0], $try[1], '192.0.2.77');
}

umask(0077);
for ($i = 0; $i < 2; $i++) {
    $pdo = Box\Groupware\Database::open('/home/user-data/groupware/dav.sqlite');
}
$said['tables'] = $pdo->query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")->fetchAll(PDO::FETCH_COLUMN);
$said['mode'] = decoct(fileperms('/home/user-data/groupware/dav.sqlite') & 0777);
$pdo = null;

function ask($method, $path, $as, array $headers, $body = '')
{
    $login = $as === null ? array() : array('Authorization: Basic ' . base64_encode($as));
    $context = stream_context_create(array('http' => array(
        'method' => $method,
        'header' => array_merge($login, $headers),
        'content' => $body,
        'ignore_errors' => true,
    )));
    $text = file_get_contents("http://127.0.0.1:8081$path", false, $context);
    return array((int) substr($http_response_header[0], 9, 3), $text);
}

if (is_dir('/usr/share/sabre/dav')) {
    $me = 'me@example.com:secret "\\ ä me';
    $you = 'you@example.com:secret you';
    $event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:e\r\nDTSTAMP:20270101T000000Z\r\n"
        . "DTSTART:20270301T090000Z\r\nSUMMARY:One\r\nORGANIZER:mailto:me@example.com\r\nATTENDEE:mailto:me@example.com\r\n"
        . "ATTENDEE:mailto:you@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    $place = '/dav/calendars/me@example.com/personal/e.ics';
    $ics = array('Content-Type: text/calendar');
    foreach (array(
        'nobody' => array('PROPFIND', '/dav/', null, array('Depth: 0')),
        'wrong' => array('PROPFIND', '/dav/', 'me@example.com:wrong', array('Depth: 0')),
        'me' => array('PROPFIND', '/dav/calendars/me@example.com/', $me, array('Depth: 1')),
        'all' => array('PROPFIND', '/dav/principals/', $me, array('Depth: 1')),
        'put' => array('PUT', $place, $me, $ics, $event),
        'put again' => array('PUT', $place, $me, array_merge($ics, array('If-None-Match: *')), $event),
        'put garbage' => array('PUT', '/dav/calendars/me@example.com/personal/g.ics', $me, $ics, 'garbage'),
        'put theirs' => array('PUT', '/dav/calendars/me@example.com/personal/t.ics', $you, $ics, $event),
        'get theirs' => array('GET', $place, $you, array()),
        'invited' => array('PROPFIND', '/dav/calendars/you@example.com/inbox/', $you, array('Depth: 1')),
        'delete stale' => array('DELETE', $place, $me, array('If-Match: "x"')),
        'delete' => array('DELETE', $place, $me, array()),
    ) as $what => $question) {
        $said['server'][$what] = call_user_func_array('ask', $question);
    }
}
echo json_encode($said);
