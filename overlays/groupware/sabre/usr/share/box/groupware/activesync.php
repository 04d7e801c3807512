<?php
/** ActiveSync: the log-in is ours, as for calendars; what follows is Z-Push as its makers ship it, with our settings first. */

use Box\Groupware\Accounts;
use Box\Groupware\ImapLogin;
use Box\Groupware\Login;

require __DIR__ . '/autoload.php';

// Z-Push would ask Dovecot three times about a wrong password, and the DAV server after it, all as loopback. So it is asked once
// before, with the telephone's address, and Z-Push gets the account's own name. Who sends none is told by Z-Push to.
if (isset($_SERVER['PHP_AUTH_USER'], $_SERVER['PHP_AUTH_PW'])) {
    $login = new Login(new Accounts('/home/user-data/mail/users.sqlite'), new ImapLogin('127.0.0.1:10143'));
    $typed = $_SERVER['PHP_AUTH_USER'];
    try {
        $email = $login->who($typed, $_SERVER['PHP_AUTH_PW'], $_SERVER['REMOTE_ADDR']);
    } catch (Sabre\DAV\Exception\ServiceUnavailable $error) {
        header('HTTP/1.1 503 Service Unavailable');
        header('Retry-After: 60');
        exit;
    }
    if ($email === null) {
        header('HTTP/1.1 401 Unauthorized');
        header('WWW-Authenticate: Basic realm="box"');
        exit;
    }
    $_SERVER['PHP_AUTH_USER'] = $email;
    // The address names it as well, in one of two forms; in the other one it is not there.
    if (isset($_GET['User']) && $_GET['User'] === $typed) {
        $_GET['User'] = $email;
    }
    unset($login, $typed, $email);
}

umask(0077);
@mkdir('/home/user-data/groupware/telephones', 0700);
// It would ask git.
define('ZPUSH_VERSION', '2.6.4');
define('ZPUSH_CONFIG', __DIR__ . '/z-push/config.php');
// Each part of it asks for "backend/NAME/config.php": the first folder with one counts.
set_include_path(implode(PATH_SEPARATOR, array(__DIR__ . '/z-push', '/usr/share/z-push', '/usr/share/awl/inc')));
chdir('/usr/share/z-push');
// That this door has no TLS is known: it would be a line in the log at each request.
register_shutdown_function('imap_errors');

require '/usr/share/z-push/index.php';
