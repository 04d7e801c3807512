<?php
/** The DAV server as a box has it: which places there are, and which of sabre/dav's parts serve them. */

namespace Box\Groupware;

use Sabre\CalDAV;
use Sabre\CardDAV;
use Sabre\DAV;
use Sabre\DAVACL;

class Server
{
    /**
     * @param string $accounts   users.sqlite, which is only read
     * @param string $database   where calendars and contacts are kept
     * @param string $imap       Dovecot, which knows the passwords
     * @param string $submission Postfix, by which invitations leave
     * @return DAV\Server
     */
    public static function of($accounts, $database, $imap, $submission)
    {
        $accounts = new Accounts($accounts);
        $login = new Login($accounts, new ImapLogin($imap));
        $principals = new Principals($accounts);
        $pdo = Database::open($database);

        $places = array(
            new CalDAV\Principal\Collection($principals),
            new CalDAV\CalendarRoot($principals, new Calendars($pdo)),
            new CardDAV\AddressBookRoot($principals, new AddressBooks($pdo)),
        );
        // Nobody is told who else has an account.
        foreach ($places as $place) {
            $place->disableListing = true;
        }
        DAV\Server::$exposeVersion = false;
        $server = new DAV\Server($places);
        $server->setBaseUri('/dav/');

        $acl = new DAVACL\Plugin();
        $acl->allowUnauthenticatedAccess = false;
        // What has no owner is a folder of the tree: to be looked at, and nothing else.
        $acl->setDefaultAcl(array(
            array('principal' => '{DAV:}authenticated', 'privilege' => '{DAV:}read', 'protected' => true),
        ));
        // No browser, no sharing, no locks: nothing that a calendar does not need.
        foreach (array(
            new DAV\Auth\Plugin($login),
            $acl,
            new DAV\Sync\Plugin(),
            new CalDAV\Plugin(),
            new CalDAV\Schedule\Plugin(),
            new CardDAV\Plugin(),
            new Whole($pdo),
            new Invitations($login, $accounts, new Submission($submission)),
        ) as $plugin) {
            $server->addPlugin($plugin);
        }
        $server->on('exception', function ($error) {
            // What a client did wrong is told to it alone.
            if (!$error instanceof DAV\Exception) {
                error_log('groupware: ' . get_class($error) . ': ' . $error->getMessage()
                    . " at {$error->getFile()}:{$error->getLine()}");
            }
        });
        return $server;
    }
}
