<?php
/**
 * Invitations and answers to people elsewhere, as mail (RFC 6047) in the name of the person who asks, by the person's own
 * log-in: what one may not send as mail, one can't send this way either.
 */

namespace Box\Groupware;

// Not DAV\Server by its last name alone: there is one of ours, and old PHP takes them for the same.
use Sabre\DAV;
use Sabre\VObject\ITip\Message;

class Invitations extends DAV\ServerPlugin
{
    /** At one change; Postfix has limits of its own. */
    const MOST = 100;

    private $login;
    private $accounts;
    private $submission;
    private $server;
    private $waiting = array();

    public function __construct(Login $login, Accounts $accounts, Submission $submission)
    {
        $this->login = $login;
        $this->accounts = $accounts;
        $this->submission = $submission;
    }

    public function initialize(DAV\Server $server)
    {
        $this->server = $server;
        // After the delivery to accounts of this box.
        $server->on('schedule', array($this, 'schedule'), 120);
        // After the change is made: nobody else waits for Postfix.
        $server->on('afterResponse', array($this, 'send'));
    }

    public function schedule(Message $message)
    {
        $done = (string) $message->scheduleStatus;
        if ($done !== '' && strncmp($done, '3.7', 3) !== 0) {
            return;
        }
        // A telephone by ActiveSync mails its invitations itself; it comes by loopback.
        $client = (string) $this->server->httpRequest->getRawServerValue('REMOTE_ADDR');
        $to = $this->address($message->recipient);
        if ($to === null || strncmp($client, '127.', 4) === 0 || count($this->waiting) >= self::MOST) {
            return;
        }
        if (!$message->significantChange) {
            $message->scheduleStatus = '1.0;Not worth a mail';
            return;
        }
        $this->waiting[] = array($to, clone $message);
        $message->scheduleStatus = '1.0;Will be mailed';
    }

    public function send()
    {
        foreach ($this->waiting as $one) {
            list($to, $message) = $one;
            $sender = $this->address($message->sender);
            $from = $sender !== null && $this->accounts->owner($sender) === $this->login->email
                ? $sender
                : $this->login->email;
            try {
                $this->submission->send($this->login->email, $this->login->password, $from, $to, Letter::of($message, $from, $to));
            } catch (\Exception $error) {
                error_log('groupware: an invitation was not mailed: ' . $error->getMessage());
            }
        }
        $this->waiting = array();
    }

    /** @return string|null of mailto:, where it can stand in a mail's header as it is */
    private function address($uri)
    {
        return preg_match('/^mailto:([!-9;=?-~]{1,250})$/iD', rawurldecode((string) $uri), $match)
            && preg_match('/^[^@,<>"()\[\]\\\\]+@[A-Za-z0-9.-]+$/D', $match[1]) ? $match[1] : null;
    }
}
