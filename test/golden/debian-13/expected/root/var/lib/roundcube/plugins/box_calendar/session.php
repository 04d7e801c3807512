<?php
/** What went wrong with the calendar, in words for the person. */
class box_calendar_trouble extends Exception
{
}

/**
 * A person's session at the groupware, opened with the log-in of the webmail's session. It is kept there, encrypted as
 * the password is, so that it can be used again, and ended.
 */
class box_calendar_session
{
    private const KEPT_AS = 'box_calendar';
    /** The session, and the proof that a request is of SOGo's own page, whose script reads it. */
    private const COOKIES = ['0xHIGHFLYxSOGo' => true, 'XSRF-TOKEN' => false];

    private $rcmail;
    private $groupware;

    public function __construct($rcmail)
    {
        $this->rcmail = $rcmail;
        $this->groupware = new box_groupware($rcmail->config->get('box_groupware_port'));
    }

    /** The session that is open and still works, or a new one; the browser has it then. */
    public function open()
    {
        $cookies = $this->kept();
        if (!$this->works($cookies)) {
            $cookies = $this->begin();
            $_SESSION[self::KEPT_AS] = $this->rcmail->encrypt(json_encode($cookies));
        }
        // Each time: the browser may hold another one, which somebody opened at /SOGo.
        foreach ($cookies as $name => $value) {
            $this->give($name, $value, 0);
        }
    }

    /** Ends it at the groupware and in the browser. */
    public function end()
    {
        $cookies = $this->kept();
        unset($_SESSION[self::KEPT_AS]);
        if ($cookies !== []) {
            $this->groupware->ask('GET', $this->home() . 'logoff', [$this->header($cookies)], '', 5);
        }
        $this->forget();
    }

    /** The browser has none from now on. */
    public function forget()
    {
        foreach (array_keys(self::COOKIES) as $name) {
            $this->give($name, '', 1);
        }
    }

    public function home()
    {
        return '/SOGo/so/' . rawurlencode((string) $this->rcmail->get_user_name()) . '/';
    }

    private function begin()
    {
        $question = json_encode([
            'userName' => (string) $this->rcmail->get_user_name(),
            'password' => (string) $this->rcmail->decrypt($_SESSION['password'] ?? ''),
        ]);
        $answer = $this->groupware->ask('POST', '/SOGo/connect', ['Content-Type: application/json'], (string) $question);
        [$status, $headers] = $answer ?? [0, ''];
        if ($status === 403) {
            throw new box_calendar_trouble('Your calendar does not take the password of this session. It knows a new'
                . ' one half a minute after it is set; if this message stays, log out and in again.');
        }
        $cookies = [];
        preg_match_all('/^set-cookie:[ \t]*([^=;\s]+)=([^;\s]+)/mi', $headers, $all, PREG_SET_ORDER);
        foreach ($all as [, $name, $value]) {
            if (isset(self::COOKIES[$name])) {
                $cookies[$name] = $value;
            }
        }
        if ($status !== 200 || count($cookies) !== count(self::COOKIES)) {
            rcube::write_log('errors', "the groupware answered $status to a log-in for the calendar");
            throw new box_calendar_trouble('Your calendar can’t be reached at the moment. Nothing is lost; try again later.');
        }
        return $cookies;
    }

    /** Without a session the answer is the page that asks for a password. */
    private function works($cookies)
    {
        if ($cookies === []) {
            return false;
        }
        $headers = [$this->header($cookies), 'X-XSRF-TOKEN: ' . $cookies['XSRF-TOKEN']];
        $answer = $this->groupware->ask('GET', $this->home() . 'Calendar/calendarslist', $headers);
        return $answer !== null && $answer[0] === 200 && strpos($answer[2], '{"calendars"') === 0;
    }

    private function kept()
    {
        $text = isset($_SESSION[self::KEPT_AS]) ? $this->rcmail->decrypt($_SESSION[self::KEPT_AS]) : '';
        $cookies = json_decode((string) $text, true);
        return is_array($cookies) && count($cookies) === count(self::COOKIES) ? $cookies : [];
    }

    private function header($cookies)
    {
        return 'Cookie: ' . implode('; ', array_map(function ($name, $value) {
            return "$name=$value";
        }, array_keys($cookies), $cookies));
    }

    private function give($name, $value, $expires)
    {
        // As SOGo's own but for what it leaves out, so that either takes the other's place.
        setrawcookie($name, $value, [
            'expires' => $expires,
            'path' => '/SOGo/',
            'secure' => true,
            'httponly' => self::COOKIES[$name],
            'samesite' => 'Strict',
        ]);
    }
}
