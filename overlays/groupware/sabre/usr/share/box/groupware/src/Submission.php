<?php
/** Hands one mail to Postfix with a person's own log-in, so that whatever holds for mail programs holds for it. */

namespace Box\Groupware;

class Submission
{
    private $door;

    /** @param string $door ADDRESS:PORT, on loopback and without TLS */
    public function __construct($door)
    {
        $this->door = $door;
    }

    /** @throws \RuntimeException with Postfix's words, where it does not take the mail */
    public function send($name, $password, $from, $to, $text)
    {
        $socket = @stream_socket_client("tcp://$this->door", $number, $why, 5);
        if ($socket === false) {
            throw new \RuntimeException($why);
        }
        stream_set_timeout($socket, 60);
        $this->expect($socket, '220');
        $this->say($socket, 'EHLO localhost', '250');
        $this->say($socket, 'AUTH PLAIN ' . base64_encode("\0$name\0$password"), '235');
        $this->say($socket, "MAIL FROM:<$from>", '250');
        $this->say($socket, "RCPT TO:<$to>", '250');
        $this->say($socket, 'DATA', '354');
        $this->say($socket, preg_replace('/^\./m', '..', $text) . "\r\n.", '250');
        fwrite($socket, "QUIT\r\n");
        fclose($socket);
    }

    private function say($socket, $line, $code)
    {
        fwrite($socket, "$line\r\n");
        $this->expect($socket, $code);
    }

    private function expect($socket, $code)
    {
        do {
            $line = fgets($socket, 4096);
        } while ($line !== false && isset($line[3]) && $line[3] === '-');
        if ($line === false || strncmp($line, $code, 3) !== 0) {
            throw new \RuntimeException($line === false ? 'no answer' : trim($line));
        }
    }
}
