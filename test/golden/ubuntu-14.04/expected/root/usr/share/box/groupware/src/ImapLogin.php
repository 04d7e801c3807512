<?php
/**
 * Asks Dovecot whether a password is somebody's: one log-in by IMAP on loopback. The client's address goes before it, as
 * Dovecot believes loopback (login_trusted_networks): it counts wrong passwords, and slows down who guesses, by that.
 */

namespace Box\Groupware;

use Sabre\DAV\Exception\ServiceUnavailable;

class ImapLogin
{
    /** Dovecot lets somebody who guesses wait for up to 17 seconds. */
    const PATIENCE = 30;
    /** Longer than any that somebody has; Dovecot ends a connection that sends a long line. */
    const LONGEST = 1000;

    private $door;

    /** @param string $door ADDRESS:PORT */
    public function __construct($door)
    {
        $this->door = $door;
    }

    /**
     * @param string $client the client's address
     * @return bool
     * @throws ServiceUnavailable where Dovecot says neither yes nor no: no client should forget its password for that
     */
    public function accepts($name, $password, $client)
    {
        // A zero ends a part of what is sent; Dovecot would read something else than was typed.
        if ($name === '' || strpos($name . $password, "\0") !== false || strlen($name . $password) > self::LONGEST) {
            return false;
        }
        $socket = @stream_socket_client("tcp://$this->door", $number, $why, 5);
        if ($socket === false) {
            throw new ServiceUnavailable('Nobody can log in at the moment');
        }
        stream_set_timeout($socket, self::PATIENCE);
        $answer = $this->line($socket);
        if (filter_var($client, FILTER_VALIDATE_IP) !== false) {
            fwrite($socket, "a ID (\"x-originating-ip\" \"$client\")\r\n");
            $this->tagged($socket, 'a');
        }
        fwrite($socket, 'b AUTHENTICATE PLAIN ' . base64_encode("\0$name\0$password") . "\r\n");
        $answer = $this->tagged($socket, 'b');
        @fwrite($socket, "c LOGOUT\r\n");
        fclose($socket);
        if (strncmp($answer, 'b OK', 4) === 0) {
            return true;
        }
        if (strncmp($answer, 'b NO', 4) === 0 && strpos($answer, '[UNAVAILABLE]') === false) {
            return false;
        }
        throw new ServiceUnavailable('Nobody can log in at the moment');
    }

    private function tagged($socket, $tag)
    {
        do {
            $line = $this->line($socket);
        } while (strncmp($line, "$tag ", 2) !== 0);
        return $line;
    }

    private function line($socket)
    {
        $line = fgets($socket, 8192);
        if ($line === false) {
            throw new ServiceUnavailable('Nobody can log in at the moment');
        }
        return $line;
    }
}
