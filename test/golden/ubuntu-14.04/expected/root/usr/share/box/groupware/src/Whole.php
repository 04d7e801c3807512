<?php
/**
 * A change is made whole or not at all: an object, its place in the list of changes and the number that clients compare are
 * three tables. It begins before If-Match is looked at, so that of two changes of one object one is refused.
 */

namespace Box\Groupware;

// Not DAV\Server by its last name alone: there is one of ours, and old PHP takes them for the same.
use Sabre\DAV;
use Sabre\HTTP\RequestInterface;

class Whole extends DAV\ServerPlugin
{
    /** What changes nothing waits for nobody. */
    private static $reading = array('GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT');

    private static $open = false;
    private $pdo;

    public function __construct(\PDO $pdo)
    {
        $this->pdo = $pdo;
    }

    public function initialize(DAV\Server $server)
    {
        // After the log-in, which may take long.
        $server->on('beforeMethod', function (RequestInterface $request) {
            if (!in_array($request->getMethod(), self::$reading, true)) {
                $this->pdo->exec('BEGIN IMMEDIATE');
                self::$open = true;
            }
        }, 1000);
        // Before anything is answered.
        $server->on('afterMethod', function () {
            $this->end('COMMIT');
        }, 1000);
        $server->on('exception', function () {
            $this->end('ROLLBACK');
        });
    }

    /** One change of several steps, in the request's own where that has begun. */
    public static function change(\PDO $pdo, $steps)
    {
        if (self::$open) {
            return $steps();
        }
        $pdo->exec('BEGIN IMMEDIATE');
        try {
            $steps();
            $pdo->exec('COMMIT');
        } catch (\Exception $error) {
            $pdo->exec('ROLLBACK');
            throw $error;
        }
    }

    private function end($how)
    {
        if (self::$open) {
            self::$open = false;
            $this->pdo->exec($how);
        }
    }
}
